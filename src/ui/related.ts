import type { PaneName } from "../lesson/panes.ts";
import type { Event } from "../timeline/event.ts";
import { pickedHere } from "../workbench/picking.ts";
import { actorOf } from "./following.ts";
import { changeNumber, changeOf, linkOf } from "./jumps.ts";
import { diffKey } from "./panes/cgroups/cgroups-pane.ts";
import type { View } from "./view.ts";

type Related = (pane: PaneName, key: string) => boolean;

const NONE: Related = () => false;

/** Which entries of all panes have to do with the one that is picked; these are marked. */
export function relatedTo(view: View): Related {
  if (known?.view !== view) known = { view, related: relatedNow(view) };
  return known.related;
}

/** It is asked for each line of a frame. */
let known: { readonly view: View; readonly related: Related } | null = null;

function relatedNow(view: View): Related {
  const entry = pickedHere(view.state);
  if (entry === null || entry.opened !== "no") return NONE;
  const link = linkOf(view);
  const behind: Related = (pane, key) => link !== null && link.pane === pane && link.key === key;
  if (entry.pane === "processes") return ofProcess(view, Number(entry.key));
  if (entry.pane === "events") return either(behind, ofEvent(view, Number(entry.key)));
  const change = entry.pane === "cgroups" ? changeOf(view, entry) : undefined;
  if (change?.cause.kind !== "write") return behind;
  const pid = actorOf(view, view.events[change.cause.at] as Event);
  return either(behind, (pane, key) => pane === "processes" && key === `${pid}`);
}

function either(one: Related, other: Related): Related {
  return (pane, key) => one(pane, key) || other(pane, key);
}

/** All that it did: its calls, and the changes it caused. */
function ofProcess(view: View, pid: number): Related {
  const { events, world } = view;
  const labPid = world.processes.get(pid)?.labPid ?? null;
  return (pane, key) => {
    if (pane === "events") return isBy(events[Number(key)] as Event, pid, labPid);
    const change = pane === "cgroups" ? changeOf(view, { key }) : undefined;
    const cause = change?.cause;
    return cause?.kind === "write" && isBy(events[cause.at] as Event, pid, labPid);
  };
}

function isBy(event: Event, pid: number, labPid: number | null): boolean {
  const own = event as { readonly pid?: number; readonly labPid?: number };
  return own.pid === undefined
    ? own.labPid !== undefined && own.labPid === labPid
    : own.pid === pid;
}

/** Whose it was, and what it changed. */
function ofEvent(view: View, at: number): Related {
  const event = view.events[at] as Event | undefined;
  if (event === undefined) return NONE;
  const pid = actorOf(view, event);
  const change = event.kind === "syscall" ? changeNumber(view, at) : -1;
  return (pane, key) =>
    (pane === "processes" && pid !== null && key === `${pid}`) ||
    (pane === "cgroups" && change >= 0 && key === diffKey({ number: change }));
}
