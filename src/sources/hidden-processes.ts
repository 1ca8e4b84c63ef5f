import type { Event, ProcessFork } from "../timeline/event.ts";

/**
 * What only serves the watching stays out of the stream: processes that were started to measure,
 * and strace's own, which fork off a run's process before it becomes the command.
 */
export interface HiddenProcesses {
  /** A run under strace has been asked for. */
  expectStrace(): void;
  /** All processes that come up from now on are hidden with their descendants, or none more. */
  hideAll(on: boolean): void;
  /** To be asked once for every event, in order. */
  hides(event: Event): boolean;
}

/** @param init the lab's PID 1, which forks for runs alone */
export function createHiddenProcesses(init: number): HiddenProcesses {
  const hidden = new Set<number>();
  /** Host pids of runs that are not the command yet, and what they execute next. */
  const launching = new Map<number, "strace" | "command">();
  let expected = 0;
  let all = false;

  const noteFork = ({ pid, ppid }: ProcessFork): void => {
    if (all || hidden.has(ppid) || launching.has(ppid)) hidden.add(pid);
    if (ppid !== init || expected === 0) return;
    expected--;
    launching.set(pid, "strace");
  };
  /** A traced run's process executes strace first; the next program is the command's. */
  const isLaunch = (pid: number): boolean => {
    const next = launching.get(pid);
    if (next === "command") launching.delete(pid);
    if (next === "strace") launching.set(pid, "command");
    return next === "strace";
  };
  const noteExit = (pid: number): boolean => {
    // The kernel uses the number again some day.
    launching.delete(pid);
    return hidden.delete(pid);
  };
  return {
    expectStrace() {
      expected++;
    },
    hideAll(on) {
      all = on;
    },
    hides(event) {
      if (event.kind === "process.fork") noteFork(event);
      if (event.kind === "process.exit") return noteExit(event.pid);
      if (event.kind === "process.exec") return hidden.has(event.pid) || isLaunch(event.pid);
      return event.kind === "process.fork" && hidden.has(event.pid);
    },
  };
}
