import { afterEach, expect, test, vi } from "vitest";
import type { ProcessEvent } from "../../../src/sources/host-docker/followed.ts";
import { pollProcesses } from "../../../src/sources/host-docker/poll-processes.ts";
import type { SeenProcess } from "../../../src/sources/host-docker/proc.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Numbers that no process of this machine has. */
const BASE = 2 ** 30;
const seen = (pid: number, comm: string, ppid = 1, inner = pid): SeenProcess => ({
  ...{ pid: BASE + pid, ppid: BASE + ppid, comm, uid: 0 },
  pids: [BASE + pid, inner],
});

test("who is there, who comes, what it executes and that it is gone, as looks show it", () => {
  vi.useFakeTimers();
  const looks = [
    [seen(10, "dockerd")],
    [seen(10, "dockerd"), seen(20, "runc", 10, 7)],
    [seen(10, "dockerd"), seen(20, "sleep", 10, 7)],
    [seen(10, "dockerd"), seen(20, "sleep", 10, 7)],
    [seen(10, "dockerd")],
  ];
  const told: ProcessEvent[] = [];
  const stop = pollProcesses({
    ...{ level: 1, now: () => 5 },
    take: (event) => told.push(event),
    look: () => looks.shift() ?? [],
  });
  vi.advanceTimersByTime(850);
  stop();
  vi.advanceTimersByTime(1000);
  const inner = { pid: BASE + 20, labPid: 7 };
  expect(told).toEqual([
    { kind: "process.found", t: 5, pid: BASE + 10, ppid: BASE + 1, labPid: 10, comm: "dockerd" },
    { kind: "process.fork", t: 5, ppid: BASE + 10, ...inner },
    { kind: "process.exec", t: 5, comm: "runc", ...inner },
    { kind: "process.exec", t: 5, comm: "sleep", ...inner },
    { kind: "process.exit", t: 5, comm: "sleep", ...inner },
  ]);
});
