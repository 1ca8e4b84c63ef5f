import { describe, expect, test } from "vitest";
import { createFollowed, type ProcessEvent } from "../../../src/sources/host-docker/followed.ts";
import type { SeenProcess } from "../../../src/sources/host-docker/proc.ts";

const DAEMON = { pid: 10, level: 0, uid: 0, pidns: "pid:[1]", argv: ["dockerd"] };

function process(pid: number, comm: string, more: Partial<SeenProcess> = {}): SeenProcess {
  return { pid, ppid: 1, comm, pids: [pid], uid: 0, ...more };
}

const machine = [
  process(10, "dockerd"),
  process(11, "containerd"),
  process(12, "containerd-shim"),
  // Another daemon, in a lab.
  process(20, "dockerd", { pids: [20, 3] }),
  // And a user's own.
  process(30, "dockerd", { uid: 1000 }),
  process(40, "docker", { uid: 1000 }),
  process(41, "docker", { pids: [41, 9] }),
];

function follow(pidns: (pid: number) => string | null, daemon: typeof DAEMON | null = DAEMON) {
  return createFollowed({
    daemon,
    look: (pid) => machine.find((each) => each.pid === pid) ?? null,
    pidnsOf: pidns,
  });
}

const found = (pid: number, ppid = 1): ProcessEvent => {
  const { comm = "sh" } = machine.find((each) => each.pid === pid) ?? {};
  return { kind: "process.found", t: 1, pid, ppid, labPid: pid, comm };
};
const taken = (followed: ReturnType<typeof follow>, ...events: ProcessEvent[]): number[] =>
  events.flatMap((event) => followed.take(event)?.pid ?? []);

describe("whose processes are followed", () => {
  const root = (pid: number): string =>
    machine.find((each) => each.pid === pid)?.pids.length === 1 ? "pid:[1]" : "pid:[2]";

  test("the daemon's own, and not those of others on this machine", () => {
    expect(taken(follow(root), ...machine.map(({ pid }) => found(pid)))).toEqual([10, 11, 12, 40]);
  });

  test("without root, who can tell pid namespaces only by their depth, the same", () => {
    const events = machine.map(({ pid }) => found(pid));
    expect(
      taken(
        follow(() => null),
        ...events,
      ),
    ).toEqual([10, 11, 12, 40]);
  });

  test("descendants are followed to their ends, however their programs are called", () => {
    const followed = follow(root);
    taken(followed, found(12));
    const events: ProcessEvent[] = [
      { kind: "process.fork", t: 2, pid: 100, ppid: 12, labPid: 100 },
      { kind: "process.fork", t: 2, pid: 200, ppid: 199, labPid: 200 },
      { kind: "process.exec", t: 3, pid: 100, labPid: 100, comm: "runc" },
      { kind: "process.exec", t: 3, pid: 200, labPid: 200, comm: "sh" },
      { kind: "process.exit", t: 4, pid: 200, labPid: 200, code: 0 },
      { kind: "process.exit", t: 4, pid: 100, labPid: 100, code: 0 },
      { kind: "process.exit", t: 5, pid: 100, labPid: 100, code: 0 },
    ];
    expect(taken(followed, ...events)).toEqual([100, 100, 100]);
  });

  test("of a daemon that is not to be seen there are only clients", () => {
    const events = machine.map(({ pid }) => found(pid));
    expect(
      taken(
        follow(() => null, null),
        ...events,
      ),
    ).toEqual([40]);
  });

  test("secrets among arguments are not told on", () => {
    const followed = follow(() => null);
    const argv = ["docker", "run", "-e", "DB_PASSWORD=x y", "--env=MY_TOKEN=z", "-e", "A=b"];
    const told = followed.take({ kind: "process.exec", t: 1, pid: 40, comm: "docker", argv });
    expect(told).toMatchObject({
      argv: ["docker", "run", "-e", "DB_PASSWORD=(hidden)", "--env=MY_TOKEN=(hidden)", "-e", "A=b"],
    });
  });
});

test("the daemon's pids are the host's, unless it has a pid namespace of its own", () => {
  const nested = follow(() => null, { ...DAEMON, level: 1, pid: 20 });
  nested.take({ kind: "process.found", t: 1, pid: 20, ppid: 1, labPid: 3, comm: "dockerd" });
  expect(nested.hostPid(3)).toBe(20);
  expect(nested.hostPid(4)).toBeUndefined();
  expect(follow(() => null).hostPid(4711)).toBe(4711);
});
