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
    processes.expect("strace");
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
    processes.expect("strace");
    expect(shown(processes, [fork(5, 9), exec(5), fork(6, INIT), exec(6), exec(6)])).toHaveLength(
      4,
    );
  });

  test("a hidden run stays hidden to its end, and its number is free again", () => {
    const processes = createHiddenProcesses(INIT);
    processes.expect("hidden");
    expect(shown(processes, [fork(1, INIT), exec(1), fork(2, 1)])).toEqual([]);
    expect(shown(processes, [exec(2), fork(3, 2), exit(3), exit(2), exit(1)])).toEqual([]);
    const next = [fork(1, INIT), exec(1)];
    expect(shown(processes, next)).toEqual(next);
  });

  test("a mount for an instant, by nobody the kernel names, may be a hidden run's while there is one", () => {
    const processes = createHiddenProcesses(INIT);
    const brief: Event = { kind: "mount.brief", t: 0, mount: 7 };
    processes.expect("strace");
    // strace's own processes are hidden as well, and mount nothing.
    shown(processes, [fork(1, INIT), exec(1), fork(2, 1), fork(3, 2)]);
    expect(shown(processes, [brief])).toEqual([brief]);
    processes.expect("hidden")(5);
    expect(shown(processes, [brief, fork(5, INIT), brief])).toEqual([]);
    const named: Event[] = [
      { ...brief, pid: 1 },
      { ...brief, mntns: 8 },
    ];
    expect(shown(processes, named)).toEqual(named);
    expect(shown(processes, [exit(5), brief])).toEqual([brief]);
  });

  test("what was taken for the learner's and shown ends to be seen, too", () => {
    const processes = createHiddenProcesses(INIT);
    const isProcess = processes.expect("hidden");
    processes.expect("plain");
    // The kernel told of another child of PID 1's first, and of the second late.
    const begun = [fork(5, INIT), fork(6, INIT), exec(6)];
    expect(shown(processes, begun)).toEqual(begun.slice(1));
    isProcess(6);
    expect(shown(processes, [fork(7, 6), exec(7), exit(7), exit(6)])).toEqual([exit(6)]);
  });

  test("what else runs meanwhile is seen: a background process, and a run asked for before", () => {
    const processes = createHiddenProcesses(INIT);
    processes.expect("plain");
    processes.expect("hidden");
    const seen = [fork(1, INIT), exec(1), fork(4, 9), exec(4)];
    expect(shown(processes, [...seen, fork(2, INIT), exec(2), exit(2)])).toEqual(seen);
  });

  test("the helper's answer says which process it was", () => {
    const processes = createHiddenProcesses(INIT);
    const isProcess = processes.expect("hidden");
    // An orphan that PID 1 has taken over, where processes are found by looking.
    expect(shown(processes, [fork(7, INIT)])).toEqual([]);
    isProcess(8);
    expect(shown(processes, [exec(7), fork(8, INIT), exec(8), fork(9, 8)])).toEqual([exec(7)]);
    // One that was over before anybody looked is not mistaken for the next.
    processes.expect("hidden")(20);
    processes.expect("hidden")(null);
    expect(shown(processes, [fork(21, INIT), fork(20, 21), exec(20)])).toHaveLength(3);
  });

  test("what a hidden process mounts in a namespace of its own is hidden too", () => {
    const processes = createHiddenProcesses(INIT);
    const mount = {
      mount: 5,
      parent: 1,
      target: "/sys",
      fstype: "sysfs",
      source: "x",
      options: "",
    };
    const add = (mntns: number): Event => ({ kind: "mount.add", t: 0, mntns, ...mount });
    processes.expect("hidden");
    const events: Event[] = [
      fork(1, INIT),
      { kind: "process.namespaces", t: 0, pid: 1, namespaces: { mnt: 77 } },
      { kind: "mount.namespace", t: 0, mntns: 77, pid: 1, mounts: [] },
      add(77),
      exit(1),
      add(77),
      { kind: "mount.gone", t: 0, mntns: 77 },
    ];
    expect(shown(processes, events)).toEqual([]);
    expect(shown(processes, [add(78), add(77)])).toHaveLength(2);
  });
});
