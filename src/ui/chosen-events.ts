import type { Event } from "../timeline/event.ts";
import type { View } from "./view.ts";

/** Some of a timeline's events, in its order. */
export interface ChosenEvents {
  /** Indexes on the timeline of those that were ever looked at. */
  readonly places: readonly number[];
  /** So many of them are in the past. */
  readonly count: number;
}

/**
 * For panes that show few of the many events: each event is looked at once, and going back in time
 * costs as much as the pane shows, not as much as has happened.
 */
export function createChosenEvents(is: (event: Event) => boolean): (view: View) => ChosenEvents {
  const places: number[] = [];
  let seen = 0;
  return ({ events, cursor }) => {
    for (; seen < cursor; seen++) if (is(events[seen] as Event)) places.push(seen);
    return { places, count: countBefore(places, cursor) };
  };
}

/** How many of these indexes, which are in order, lie before a cursor. */
export function countBefore(places: readonly number[], cursor: number): number {
  let low = 0;
  let high = places.length;
  if ((places.at(-1) ?? -1) < cursor) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
