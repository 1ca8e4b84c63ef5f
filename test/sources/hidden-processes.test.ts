import { describe, expect, test } from "vitest";
import { createHiddenProcesses } from "../../src/sources/hidden-processes.ts";
import type { Event } from "../../src/timeline/event.ts";

const INIT = 100;
const fork = (pid: number, ppid: number): Event => ({ kind: "process.fork", t: 0, pid, ppid });
const exec = (pid: number): Event => ({ kind: "process.exec", t: 0, pid });
const exit = (pid: number): Event => ({ kind: "process.exit", t: 0, pid, code: 0 });
const shown = (processes: ReturnType<typeof createHiddenProcesses>, events: readonly Event[]) =>
  events.filter((event) => !processes.hides(event));

describe("processes behind the watching", () => {
  test("of a traced run the command is seen, and nothing of strace", () => {
    const processes = createHiddenProcesses(INIT);
    processes.expectStrace();
    const run = [fork(1, INIT), exec(1)];
    const tracer = [fork(2, 1), fork(3, 2), exit(2)];
    const command = [exec(1), fork(4, 1), exec(4), exit(4), exit(1)];
    expect(shown(processes, [...run, ...tracer, ...command, exit(3)])).toEqual([
      run[0],
      ...command,
    ]);
  });

  test("an untraced run is seen whole, also beside a traced one", () => {
    const processes = createHiddenProcesses(INIT);
    const run = [fork(1, INIT), exec(1), fork(2, 1), exit(2), exit(1)];
    expect(shown(processes, run)).toEqual(run);
    processes.expectStrace();
    expect(shown(processes, [fork(5, 9), exec(5), fork(6, INIT), exec(6), exec(6)])).toHaveLength(
      4,
    );
  });

  test("what was started to measure stays hidden to its end, and its number is free again", () => {
    const processes = createHiddenProcesses(INIT);
    processes.hideAll(true);
    expect(shown(processes, [fork(1, INIT), exec(1), fork(2, 1)])).toEqual([]);
    processes.hideAll(false);
    expect(shown(processes, [exec(2), fork(3, 2), exit(3), exit(2), exit(1)])).toEqual([]);
    const next = [fork(1, INIT), exec(1)];
    expect(shown(processes, next)).toEqual(next);
  });
});
