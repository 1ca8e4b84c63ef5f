import type { PaneName } from "../lesson/panes.ts";
import type { Event } from "../timeline/event.ts";
import { cgroupKey } from "../timeline/world.ts";
import type { Followed } from "../workbench/filtering.ts";
import { parseFilter, type Term } from "./filter.ts";
import { createDescendants, type Descendants } from "./panes/events/descendants.ts";
import { passesEvent } from "./panes/events/event-filter.ts";
import { isOfInterest } from "./panes/events/event-line.ts";
import { isLabsOwn, type View } from "./view.ts";

/**
 * The kinds of events at which a pane shows something new, by how their names begin. Panes that are
 * not here go by what the list of events shows.
 */
const KINDS: Readonly<Partial<Record<PaneName, RegExp>>> = {
  processes: /^process\.(fork|exec|exit|namespaces)$/,
  output: /^(output|run\.(start|exit))$/,
  namespaces: /^(process\.(fork|exec|exit|namespaces)|netns\.|mount\.(namespace|gone))/,
  shell: /^(output|shell\.)/,
  mounts: /^mount\./,
  layers: /^(layer|mount)\./,
  network: /^(netns|link|address|route|chain|rule|conntrack)\./,
  exchanges: /^exchange/,
  flow: /^(exchange|process\.(exec|exit)$|containerd|docker)/,
  spec: /^bundle\./,
};

/** Something happened that the pane shows: a place to stop at on the way through time. */
export function isMoment(view: View, event: Event): boolean {
  const focus = paneInTime(view);
  if (focus === "cgroups" || focus === "charts") return isCgroupMoment(view, event);
  const kinds = KINDS[focus];
  if (kinds !== undefined) return kinds.test(event.kind);
  return isOfInterest(event, true) && (focus !== "events" || passes(view, event));
}

/** A filtered list of events moves by what it shows. */
function passes(view: View, event: Event): boolean {
  const { state, world } = view;
  if (state.followed !== null && !familyOf(view, state.followed).has(event)) return false;
  const text = state.filters.events ?? "";
  if (text === "") return true;
  if (filter.text !== text) filter = { text, terms: parseFilter(text) };
  const { pid } = event as { readonly pid?: number };
  const process = pid === undefined ? undefined : world.processes.get(pid);
  return passesEvent(filter.terms, event, process?.labPid ?? undefined);
}

/** Forks are looked at up to the present, whatever moment is shown. */
function familyOf({ events, state }: View, followed: Followed): Descendants {
  if (family?.of !== followed || family.events !== events)
    family = {
      of: followed,
      events,
      seen: 0,
      all: createDescendants(followed.pid, followed.labPid),
    };
  for (; family.seen < state.end; family.seen++) family.all.take(events[family.seen] as Event);
  return family.all;
}

interface Family {
  readonly of: Followed;
  readonly events: readonly Event[];
  seen: number;
  readonly all: Descendants;
}

/** Who was followed last. */
let family: Family | null = null;

/** The filter that was read last. */
let filter: { readonly text: string; readonly terms: readonly Term[] } = { text: "", terms: [] };

/** Whoever reads the explanation sees the pane beside it move. */
export function paneInTime({ state }: View): PaneName {
  return state.focus === "lesson" ? state.tab : state.focus;
}

/** A first reading is no change; the counters of the lab's own groups are not the lesson. */
function isCgroupMoment(view: View, event: Event): boolean {
  if (event.kind !== "cgroup.change") return /^cgroup\.(create|remove|oom)$/.test(event.kind);
  if (event.before === null) return false;
  const group = view.world.cgroups.get(cgroupKey(event.hierarchy, event.path));
  return group === undefined || !isLabsOwn(view, group);
}
