import type { Event, StepStart } from "../timeline/event.ts";

/** Where a step began or ended on the timeline: `at` is the index of its event. */
export interface StepMark {
  readonly kind: "start" | "end";
  readonly step: string;
  readonly at: number;
  /** The event's own time, nanoseconds. */
  readonly t: number;
  /** It was solved for the learner, or the learner did it in a shell. */
  readonly solved?: boolean;
  readonly byHand?: boolean;
}

/** One attempt at a step, as far as it is in the past at a cursor. */
export interface StepAttempt {
  readonly step: string;
  /** Index of its `step.start`. */
  readonly start: number;
  readonly t: number;
  /** Index of its `step.end`; null while it runs. */
  readonly end: number | null;
  readonly solved: boolean;
  readonly byHand: boolean;
}

/** The marks among `events`, the first of which has index `from` on the timeline. */
export function marksOf(events: readonly Event[], from: number): StepMark[] {
  const marks: StepMark[] = [];
  events.forEach((event, offset) => {
    if (event.kind !== "step.start" && event.kind !== "step.end") return;
    const kind = event.kind === "step.start" ? "start" : "end";
    const { solved, byHand } = event as Partial<StepStart>;
    const how = { ...(solved && { solved }), ...(byHand && { byHand }) };
    marks.push({ kind, step: event.step, at: from + offset, t: event.t, ...how });
  });
  return marks;
}

/** The last attempt at a step that began before the cursor; null when there is none. */
export function attemptAt(
  marks: readonly StepMark[],
  step: string,
  cursor: number,
): StepAttempt | null {
  const start = marks.findLastIndex(
    (mark) => mark.at < cursor && mark.kind === "start" && mark.step === step,
  );
  return start < 0 ? null : attemptFrom(marks, start, cursor);
}

/** The last attempt at whatever step: what the panes call the current step. */
export function latestAttempt(marks: readonly StepMark[], cursor: number): StepAttempt | null {
  const start = marks.findLastIndex((mark) => mark.at < cursor && mark.kind === "start");
  return start < 0 ? null : attemptFrom(marks, start, cursor);
}

function attemptFrom(marks: readonly StepMark[], index: number, cursor: number): StepAttempt {
  const start = marks[index] as StepMark;
  const end = marks
    .slice(index)
    .find((mark) => mark.kind === "end" && mark.step === start.step && mark.at < cursor);
  const { solved = false, byHand = false } = start;
  return { step: start.step, start: start.at, t: start.t, end: end?.at ?? null, solved, byHand };
}
