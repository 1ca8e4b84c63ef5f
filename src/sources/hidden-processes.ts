import type { Event, ProcessFork } from "../timeline/event.ts";

/**
 * What only serves the watching stays out of the stream: runs that were started to measure or to
 * look, and strace's own processes, which fork off a run's process before it becomes the command.
 */
export interface HiddenProcesses {
  /**
   * A run has been asked for: the next child of the lab's PID 1 is it. What it gives back is to be
   * called with the pid the helper answers, or null when it refused.
   */
  expect(run: ExpectedRun): (pid: number | null) => void;
  /** To be asked once for every event, in order. */
  hides(event: Event): boolean;
}

/** `hidden`: it and its descendants are kept out. */
export type ExpectedRun = "plain" | "strace" | "hidden";

interface Expectation {
  readonly run: ExpectedRun;
  /** The process taken for it so far. */
  taken: number | null;
}

/** @param init the lab's PID 1, which forks for runs alone */
export function createHiddenProcesses(init: number): HiddenProcesses {
  const hidden = new Set<number>();
  /** The living whose beginning was let through: their end is, too, or they would seem to live on. */
  const shown = new Set<number>();
  /** The first processes of the runs that look, until they have ended. */
  const looking = new Set<number>();
  /** Mount namespaces that only hidden processes have been seen in. */
  const hiddenMounts = new Set<number>();
  /** Host pids of runs that are not the command yet, and what they execute next. */
  const launching = new Map<number, "strace" | "command">();
  const expected: Expectation[] = [];

  const take = (expectation: Expectation, pid: number): void => {
    expectation.taken = pid;
    if (expectation.run === "hidden") {
      hidden.add(pid);
      looking.add(pid);
    }
    if (expectation.run === "strace") launching.set(pid, "strace");
  };
  const noteFork = ({ pid, ppid }: ProcessFork): void => {
    if (hidden.has(ppid) || launching.has(ppid)) hidden.add(pid);
    // The kernel uses a number again some day.
    else if (ppid !== init) hidden.delete(pid);
    const next = ppid === init && !hidden.has(pid) ? expected.shift() : undefined;
    if (next !== undefined && !launching.has(pid)) take(next, pid);
  };
  /** A traced run's process executes strace first; the next program is the command's. */
  const isLaunch = (pid: number): boolean => {
    const next = launching.get(pid);
    if (next === "command") launching.delete(pid);
    if (next === "strace") launching.set(pid, "command");
    return next === "strace";
  };
  const noteExit = (pid: number): boolean => {
    launching.delete(pid);
    looking.delete(pid);
    return hidden.delete(pid);
  };
  return {
    expect(run) {
      const expectation: Expectation = { run, taken: null };
      expected.push(expectation);
      return (pid) => {
        const at = expected.indexOf(expectation);
        if (at >= 0) expected.splice(at, 1);
        if (pid === null || expectation.taken === pid) return;
        // Another child of PID 1's was taken for it, or it has not been seen yet.
        if (expectation.taken !== null && run === "hidden") {
          hidden.delete(expectation.taken);
          looking.delete(expectation.taken);
        }
        if (expectation.taken !== null) launching.delete(expectation.taken);
        take(expectation, pid);
      };
    },
    hides(event) {
      if (event.kind === "process.fork") noteFork(event);
      if (event.kind === "process.exit") {
        const begun = shown.delete(event.pid);
        return noteExit(event.pid) && !begun;
      }
      if (event.kind === "process.exec" && isLaunch(event.pid)) return true;
      if (looking.size > 0 && isNobodys(event)) return true;
      const byHidden = "pid" in event && event.pid !== undefined && hidden.has(event.pid);
      if (event.kind === "process.fork" || event.kind === "process.exec") {
        if (!byHidden) shown.add(event.pid);
      }
      return hidesMount(event, byHidden, hiddenMounts) || byHidden;
    },
  };
}

/**
 * A mount that was gone before it could be looked at, and without root the kernel says nobody's pid
 * (fanotify(7)): a run that looks may have made it, in a mount namespace of its own.
 */
function isNobodys(event: Event): boolean {
  return event.kind === "mount.brief" && event.pid === undefined && event.mntns === undefined;
}

/** `ip netns exec` mounts in a mount namespace of its own: what goes on there is hidden with it. */
function hidesMount(event: Event, byHidden: boolean, namespaces: Set<number>): boolean {
  if (event.kind === "mount.namespace" && byHidden) namespaces.add(event.mntns);
  if (event.kind === "mount.gone") return namespaces.delete(event.mntns);
  return "mntns" in event && event.mntns !== undefined && namespaces.has(event.mntns);
}
