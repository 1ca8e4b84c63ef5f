import type { Event } from "./event.ts";

/**
 * Puts the events of several sources into one order of time.
 *
 * Each source is in order, but they are late by different amounts: the proc connector by
 * microseconds, strace by one pipe, a cgroup counter by one polling interval. An event is held
 * until it is `hold` nanoseconds old, so that a slower source can still get in front of it; one
 * that comes later than that is released at once, out of order, with its own `t`. What was
 * released is never changed.
 */
export interface Merge {
  push(event: Event): void;
  /** Events at least `hold` older than `now`, in order of time. */
  release(now: number): Event[];
  /** Everything that is held, in order of time. */
  flush(): Event[];
}

export function createMerge(hold: number): Merge {
  let held: Event[] = [];
  let sorted = true;
  const sort = (): void => {
    // A stable sort: events of one instant stay in the order in which they arrived.
    if (!sorted) held.sort((a, b) => a.t - b.t);
    sorted = true;
  };
  return {
    push(event) {
      const last = held.at(-1);
      if (last !== undefined && event.t < last.t) sorted = false;
      held.push(event);
    },
    release(now) {
      sort();
      let count = 0;
      while (count < held.length && (held[count] as Event).t <= now - hold) count++;
      return held.splice(0, count);
    },
    flush() {
      sort();
      const all = held;
      held = [];
      return all;
    },
  };
}
