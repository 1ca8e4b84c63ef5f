import type { Event, Syscall } from "../timeline/event.ts";
import type { CgroupFileChange } from "../timeline/world.ts";
import type { Jump } from "../workbench/jumping.ts";
import { type Picked, pickedHere } from "../workbench/picking.ts";
import { actorOf } from "./following.ts";
import { diffKey } from "./panes/cgroups/cgroups-pane.ts";
import { isOfInterest } from "./panes/events/event-line.ts";
import type { View } from "./view.ts";

/** Where Enter leads from the entry that is picked, and in which words. */
export interface Link extends Jump {
  readonly says: string;
}

/** Null: nothing is picked, or there is nothing behind it but the entry itself. */
export function linkOf(view: View): Link | null {
  const entry = pickedHere(view.state);
  if (entry === null || entry.opened !== "no") return null;
  if (entry.pane === "processes") return eventsOf(view, Number(entry.key));
  if (entry.pane === "cgroups") return writeOf(view, entry);
  return entry.pane === "events" ? behindEvent(view, Number(entry.key)) : null;
}

const HERE = { followed: null, cursor: null } as const;

function eventsOf({ world }: View, pid: number): Link | null {
  const process = world.processes.get(pid);
  if (process === undefined) return null;
  const followed = { pid, labPid: process.labPid };
  return { pane: "events", key: null, followed, cursor: null, says: "shows its events" };
}

function behindEvent(view: View, at: number): Link | null {
  const event = view.events[at] as Event | undefined;
  if (event?.kind === "syscall") return changeBy(view, at, event);
  return event?.kind === "process.exit" ? execOf(view, event.pid, at, "shows its exec") : null;
}

/** What a write to a cgroup file has changed. Of an earlier step it is in sight at that moment. */
function changeBy(view: View, at: number, { name }: Syscall): Link | null {
  if (name !== "write") return null;
  const number = changeNumber(view, at);
  const change = view.world.changes[number];
  if (change === undefined) return null;
  const cursor = change.t < (view.latest?.t ?? 0) ? change.at + 1 : null;
  return {
    ...HERE,
    pane: "cgroups",
    key: diffKey({ number }),
    cursor,
    says: "shows what it changed",
  };
}

/** Which of the world's changes a write caused; -1: none. */
export function changeNumber({ world }: View, at: number): number {
  return world.changes.findIndex(({ cause }) => cause.kind === "write" && cause.at === at);
}

/** The change that an entry of the cgroups pane shows; undefined: it is a group. */
export function changeOf(
  { world }: View,
  { key }: Pick<Picked, "key">,
): CgroupFileChange | undefined {
  const [, number] = /^change (\d+)$/.exec(key) ?? [];
  return number === undefined ? undefined : world.changes[Number(number)];
}

function writeOf(view: View, entry: Picked): Link | null {
  const change = changeOf(view, entry);
  if (change === undefined || change.cause.kind === "kernel") return null;
  const { at } = change.cause;
  const event = view.events[at] as Event;
  if (isOfInterest(event, true))
    return { ...HERE, pane: "events", key: `${at}`, says: "shows the write that did it" };
  // Nobody's calls were traced: whose program it was is known all the same.
  const pid = actorOf(view, event);
  return pid === null ? null : execOf(view, pid, at, "shows who wrote it");
}

/** The execve(2), or the kernel's word for it, that made a process what it was at a moment. */
function execOf(view: View, pid: number, before: number, says: string): Link | null {
  const at = execIndex(view, pid, before);
  return at < 0 ? null : { ...HERE, pane: "events", key: `${at}`, says };
}

function execIndex({ events }: View, pid: number, before: number): number {
  for (let at = before - 1; at >= 0; at--) {
    const event = events[at] as Event;
    if (event.kind === "process.fork" && event.pid === pid) return -1;
    if (!("pid" in event) || event.pid !== pid) continue;
    // Where strace showed the call, the kernel's event is not shown beside it.
    if (event.kind === "syscall" && event.name === "execve" && event.result === "0") return at;
    if (event.kind === "process.exec") return tracedExec(events, pid, at) ?? at;
  }
  return -1;
}

/** So many events lie at most between a call that strace tells and the kernel's word for it. */
const NEAR = 64;

function tracedExec(events: readonly Event[], pid: number, exec: number): number | null {
  for (let at = exec - 1; at >= Math.max(0, exec - NEAR); at--) {
    const event = events[at] as Event;
    if (event.kind === "syscall" && event.pid === pid && event.name === "execve")
      return event.result === "0" ? at : null;
  }
  return null;
}
