import { describe, expect, test } from "vitest";
import { createTracedProcesses } from "../../src/commands/traced-processes.ts";
import type { SelectedLesson } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";

const step = (id: string, trace: readonly string[] | null) => ({ id, trace });
const lesson = {
  trace: ["execve"],
  steps: [step("traced", null), step("daemon", [])],
} as unknown as SelectedLesson;

const works: Event = { kind: "observer.cost", t: 0, observer: "strace", ratio: 2 };
const start = (id: string, pid: number): Event => ({
  ...{ kind: "run.start", t: 0, run: 1, step: id, labPid: 2, script: "true" },
  pid,
});
const fork = (ppid: number, pid: number): Event => ({ kind: "process.fork", t: 0, pid, ppid });
const exec = (pid: number): Event => ({ kind: "process.exec", t: 0, pid });
const exit = (pid: number): Event => ({ kind: "process.exit", t: 0, pid });

const told = (events: readonly Event[]): boolean => {
  const traced = createTracedProcesses(lesson);
  return events.map((event) => traced.tells(event)).at(-1) === true;
};

describe("which processes strace tells of", () => {
  test("a traced run's, with all that it forks, to their end", () => {
    const run = [works, start("traced", 10), fork(10, 11), fork(11, 12)];
    expect(told([...run, exec(12)])).toBe(true);
    expect(told([...run, exit(12)])).toBe(true);
    expect(told([...run, exit(12), exec(12)])).toBe(false);
  });

  test("not a daemon's of a step without strace, nor anybody's where it does not work", () => {
    const daemon = [works, start("daemon", 10), fork(10, 11), start("traced", 20), fork(11, 12)];
    expect(told([...daemon, exec(12)])).toBe(false);
    expect(told([start("traced", 10), exec(10)])).toBe(false);
  });
});
