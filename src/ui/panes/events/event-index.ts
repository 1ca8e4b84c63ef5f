import type { Event } from "../../../timeline/event.ts";
import type { NetnsAdd, NetnsRemove } from "../../../timeline/event-network.ts";
import { countBefore } from "../../chosen-events.ts";
import type { View } from "../../view.ts";
import { isOfInterest } from "./event-line.ts";

/** An event that is shown, and when the step it belongs to began. */
export interface ShownEvent {
  readonly at: number;
  readonly since: number;
  /** Names of network namespaces, by inode; the kernel uses an inode's number again. */
  readonly netnsNames: ReadonlyMap<number, string>;
}

/** Which events are shown, and which pid in the lab a process of the host has. */
export interface EventIndex {
  /** Of all events ever looked at, in order. */
  readonly shown: readonly ShownEvent[];
  /** Their indexes on the timeline. */
  readonly places: readonly number[];
  /** So many of them are in the past. */
  readonly count: number;
  readonly labPids: ReadonlyMap<number, number>;
  /** How many of those before a cursor are beginnings of steps, which are rules and no entries. */
  steps(cursor: number): number;
}

interface Growing {
  seen: number;
  readonly shown: ShownEvent[];
  readonly places: number[];
  readonly labPids: Map<number, number>;
  readonly steps: number[];
  netnsNames: ReadonlyMap<number, string>;
  told: Told;
  since: number;
  inStep: boolean;
}

/** Looks at each event once: whether it is shown depends on those before it alone. */
export function createEventIndex(): (view: View) => EventIndex {
  const index = emptyIndex();
  return ({ cursor, events }) => {
    for (; index.seen < cursor; index.seen++) take(index, events[index.seen] as Event);
    const { shown, places, labPids, steps } = index;
    const count = countBefore(places, cursor);
    return { shown, places, labPids, count, steps: (before) => countBefore(steps, before) };
  };
}

function emptyIndex(): Growing {
  return {
    seen: 0,
    shown: [],
    places: [],
    labPids: new Map(),
    steps: [],
    netnsNames: new Map(),
    told: emptyTold(),
    since: 0,
    inStep: false,
  };
}

function take(index: Growing, event: Event): void {
  if (event.kind === "step.start") {
    index.since = event.t;
    index.steps.push(index.seen);
    index.inStep = true;
    index.told = emptyTold();
  }
  if (event.kind === "lab.ready") index.labPids.set(event.pid, 1);
  if (event.kind === "netns.add" || event.kind === "netns.remove")
    index.netnsNames = withName(index.netnsNames, event);
  const { pid, labPid } = event as { pid?: number; labPid?: number };
  if (pid !== undefined && labPid !== undefined) index.labPids.set(pid, labPid);
  if (!isOfInterest(event, index.inStep) || wasTold(index.told, event)) return;
  index.places.push(index.seen);
  index.shown.push({ at: index.seen, since: index.since, netnsNames: index.netnsNames });
}

function withName(
  names: ReadonlyMap<number, string>,
  { kind, netns, name }: NetnsAdd | NetnsRemove,
): ReadonlyMap<number, string> {
  const changed = new Map(names);
  if (kind === "netns.remove") changed.delete(netns);
  // One that has lost its name is still known by it.
  else if (name !== undefined) changed.set(netns, name);
  return changed;
}

/**
 * What strace has shown as a system call, so that the process event does not say it a second time.
 * A short-lived process may be gone before anybody could ask for its pid in the lab, so both are
 * told by the pids on the host.
 */
interface Told {
  /** Forks by each parent whose process event has not come. */
  readonly forks: Map<number, number>;
  readonly execs: Set<number>;
}

function emptyTold(): Told {
  return { forks: new Map(), execs: new Set() };
}

const FORKS: readonly string[] = ["fork", "vfork", "clone", "clone3"];

function wasTold({ forks, execs }: Told, event: Event): boolean {
  if (event.kind === "syscall" && event.errno === undefined && event.pid !== undefined) {
    if (FORKS.includes(event.name)) forks.set(event.pid, (forks.get(event.pid) ?? 0) + 1);
    if (event.name === "execve") execs.add(event.pid);
  }
  if (event.kind === "process.exec") return execs.delete(event.pid);
  if (event.kind !== "process.fork") return false;
  const told = forks.get(event.ppid) ?? 0;
  if (told > 0) forks.set(event.ppid, told - 1);
  return told > 0;
}
