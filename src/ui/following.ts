import type { Event } from "../timeline/event.ts";
import type { Followed } from "../workbench/filtering.ts";
import { pickedHere } from "../workbench/picking.ts";
import type { View } from "./view.ts";

/** The process of the entry that is picked; null: none is, or it is no process's. */
export function followTarget(view: View): Followed | null {
  const entry = pickedHere(view.state);
  if (entry === null) return null;
  const pid = entry.pane === "processes" ? Number(entry.key) : pidOfEvent(view, entry);
  const process = pid === null ? undefined : view.world.processes.get(pid);
  return process === undefined ? null : { pid: process.pid, labPid: process.labPid };
}

function pidOfEvent(view: View, { pane, key }: { pane: string; key: string }): number | null {
  if (pane !== "events") return null;
  const event = view.events[Number(key)] as Event | undefined;
  return event === undefined ? null : actorOf(view, event);
}

/** The host's pid of whoever did it; threads and the already gone are known by the lab's alone. */
export function actorOf(view: View, event: Event): number | null {
  const { pid, labPid } = event as { readonly pid?: number; readonly labPid?: number };
  if (pid !== undefined) return pid;
  if (labPid === undefined) return null;
  const all = [...view.world.processes.values()];
  return all.findLast((process) => process.labPid === labPid)?.pid ?? null;
}
