import type { Event } from "../../../timeline/event.ts";
import type { Followed } from "../../../workbench/filtering.ts";
import { countBefore } from "../../chosen-events.ts";
import { parseFilter, type Term } from "../../filter.ts";
import type { View } from "../../view.ts";
import { createDescendants, type Descendants } from "./descendants.ts";
import { passesEvent } from "./event-filter.ts";
import type { EventIndex } from "./event-index.ts";

/** Which of the shown events pass the filter and belong to whom is followed. */
export interface EventMatches {
  /** Indexes of events on the timeline, in order, with the beginnings of their steps. */
  readonly places: readonly number[];
  /** So many of them are in the past. */
  readonly count: number;
  /** The same without the beginnings of steps. */
  readonly passing: number;
  /** Not all of the past was looked at: the next call goes on. */
  readonly unfinished: boolean;
}

/** So many events are looked at in one call; a key typed meanwhile need not wait for a million. */
const AT_ONCE = 20_000;

interface Looking {
  readonly filter: string;
  readonly followed: Followed | null;
  readonly terms: readonly Term[];
  readonly family: Descendants | null;
  /** How many events of the timeline, and of the shown ones, were looked at. */
  seen: number;
  shown: number;
  readonly places: number[];
  /** Those of the places that are beginnings of steps. */
  readonly steps: number[];
  /** The step's beginning is shown when something of the step is. */
  step: number | null;
}

/** Looks at each event once for each filter, while time goes on. Null: nothing is filtered. */
export function createEventMatches(): (view: View, index: EventIndex) => EventMatches | null {
  let looking: Looking | null = null;
  return (view, index) => {
    const { filters, followed } = view.state;
    const filter = filters.events ?? "";
    if (filter.trim() === "" && followed === null) return null;
    if (looking === null || looking.filter !== filter || looking.followed !== followed)
      looking = begin(filter, followed);
    look(looking, view, index);
    const { places, steps, seen } = looking;
    const count = countBefore(places, view.cursor);
    const passing = count - countBefore(steps, view.cursor);
    return { places, count, passing, unfinished: seen < view.cursor };
  };
}

function begin(filter: string, followed: Followed | null): Looking {
  const family = followed === null ? null : createDescendants(followed.pid, followed.labPid);
  const terms = parseFilter(filter);
  return { filter, followed, terms, family, seen: 0, shown: 0, places: [], steps: [], step: null };
}

function look(looking: Looking, { events, cursor }: View, index: EventIndex): void {
  const { family, terms } = looking;
  const end = Math.min(cursor, looking.seen + AT_ONCE);
  for (; looking.seen < end; looking.seen++) {
    const event = events[looking.seen] as Event;
    // A fork is its child's as well, so the child has to be known first.
    family?.take(event);
    if (index.places[looking.shown] !== looking.seen) continue;
    looking.shown++;
    const { pid } = event as { readonly pid?: number };
    const labPid = pid === undefined ? undefined : index.labPids.get(pid);
    if (event.kind === "step.start") looking.step = looking.seen;
    else if ((family?.has(event) ?? true) && passesEvent(terms, event, labPid)) pass(looking);
  }
}

function pass(looking: Looking): void {
  const { step, places, steps, seen } = looking;
  if (step !== null) {
    places.push(step);
    steps.push(step);
    looking.step = null;
  }
  places.push(seen);
}
