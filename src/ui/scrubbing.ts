import type { Event } from "../timeline/event.ts";
import type { ScrubStep } from "./keys.ts";
import { isMoment } from "./moments.ts";
import { stepSpan, timeAt } from "./step-span.ts";
import type { View } from "./view.ts";

/**
 * How many events are in the past after a step through time; null: that is the present. A place to
 * stop at is right after an event that the pane in focus shows, so each key changes what is seen.
 */
export function scrubTarget(view: View, by: ScrubStep): number | null {
  const picked = by === "event-back" ? pickedMoment(view) : null;
  if (picked !== null) return picked;
  if (by === "event-back") return before(view, lastStop(view, view.cursor));
  if (by === "event-on") return nextStop(view, view.cursor);
  return by === "tenth-back" ? tenthBack(view) : tenthOn(view);
}

/** Whoever has chosen an event wants to see the moment it happened. */
function pickedMoment({ state, cursor }: View): number | null {
  const { picked, focus } = state;
  if (picked?.pane !== "events" || focus !== "events") return null;
  const at = Number(picked.key) + 1;
  return Number.isInteger(at) && at < cursor ? at : null;
}

/** The first moment: with less in the past there is nothing of the lesson. */
function begin({ state }: View): number {
  return (state.marks[0]?.at ?? 0) + 1;
}

/** The last stop at or before a cursor. */
function lastStop(view: View, cursor: number): number {
  const first = begin(view);
  let stop = cursor;
  while (stop > first && !isMoment(view, view.events[stop - 1] as Event)) stop--;
  return Math.max(first, stop);
}

function before(view: View, stop: number): number {
  return lastStop(view, Math.max(begin(view), stop - 1));
}

/** Behind the last one comes the present. */
function nextStop(view: View, cursor: number): number | null {
  const { events, state } = view;
  for (let stop = cursor + 1; stop <= state.end; stop++)
    if (isMoment(view, events[stop - 1] as Event)) return stop;
  return null;
}

/** A tenth of the step's time back; its beginning is a stop, and nowhere nothing is different. */
function tenthBack(view: View): number {
  const { events, cursor, state } = view;
  const wanted = timeAt(view, cursor) - tenthOf(view);
  let stop = cursor;
  while (stop > begin(view) && (events[stop - 1] as Event).t > wanted) stop--;
  const started = state.marks.findLast(({ kind, at }) => kind === "start" && at + 1 < cursor);
  const bound = Math.max(stop, (started?.at ?? 0) + 1);
  return Math.min(bound, before(view, lastStop(view, cursor)));
}

/** Likewise on. */
function tenthOn(view: View): number | null {
  const { events, cursor, state } = view;
  const wanted = timeAt(view, cursor) + tenthOf(view);
  let stop = cursor;
  while (stop < state.end && (events[stop] as Event).t <= wanted) stop++;
  const next = nextStop(view, cursor);
  if (next === null) return null;
  const starts = state.marks.find(({ kind, at }) => kind === "start" && at + 1 > cursor);
  return Math.max(next, Math.min(stop, starts === undefined ? stop : starts.at + 1));
}

function tenthOf(view: View): number {
  const { start, end } = stepSpan(view);
  return (end - start) / 10;
}
