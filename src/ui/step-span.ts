import type { View } from "./view.ts";

/** The part of the timeline that belongs to the step on screen. */
export interface StepSpan {
  /** Indexes on the timeline: the first event, and behind the last one. */
  readonly from: number;
  readonly to: number;
  /** Nanoseconds. */
  readonly start: number;
  readonly end: number;
}

/** From its last beginning until it ended; while it runs, until now. */
export function stepSpan(view: View): StepSpan {
  const { state, attempt, events } = view;
  const from = attempt?.start ?? 0;
  const ended = state.marks.find(({ kind, at }) => kind === "end" && at > from);
  const to = ended === undefined ? state.end : ended.at + 1;
  const start = events[from]?.t ?? 0;
  return { from, to, start, end: Math.max(start, timeAt(view, to)) };
}

/** The time of the last event in the past (nanoseconds). */
export function timeAt({ events }: View, cursor: number): number {
  return events[cursor - 1]?.t ?? 0;
}
