import type { Event } from "../../../timeline/event.ts";

/** A process and all that came from it, as far as a timeline was looked at. */
export interface Descendants {
  /** Takes an event in, in the order of the timeline. */
  take(event: Event): void;
  /** One of them did this, or it happened to one of them. */
  has(event: Event): boolean;
}

interface Whose {
  readonly pid?: number;
  readonly ppid?: number;
  readonly labPid?: number;
}

const FORKS = /^(fork|vfork|clone3?)$/;

/**
 * By forks, so an orphan stays whose child it was. The kernel gives numbers again: whoever is forked
 * by somebody else is none of them from then on. A thread has a number in the lab alone, which
 * clone(2) returned.
 */
export function createDescendants(root: number, labPid: number | null): Descendants {
  const pids = new Set([root]);
  const labPids = new Set(labPid === null ? [] : [labPid]);
  const has = (event: Event): boolean => {
    const { pid, ppid, labPid: own } = event as Whose;
    if (ppid !== undefined && pids.has(ppid)) return true;
    return pid === undefined ? own !== undefined && labPids.has(own) : pids.has(pid);
  };
  return {
    has,
    take(event) {
      if (event.kind === "syscall" && FORKS.test(event.name) && has(event)) {
        const child = Number(event.result);
        if (child > 0) labPids.add(child);
      }
      if (event.kind !== "process.fork" && event.kind !== "process.exec") return;
      const { pid, labPid: own } = event;
      if (event.kind === "process.fork") {
        if (pid === root || pids.has(event.ppid)) pids.add(pid);
        else pids.delete(pid);
      }
      if (own === undefined) return;
      if (pids.has(pid)) labPids.add(own);
      else labPids.delete(own);
    },
  };
}
