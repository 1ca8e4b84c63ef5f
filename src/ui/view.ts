import type { Mode } from "../drivers/driver.ts";
import { type CheckResult, checkResults } from "../lesson/check.ts";
import { type FailedCall, failedCalls } from "../lesson/failed-calls.ts";
import type { SelectedLesson, SelectedStep } from "../lesson/select.ts";
import type { Event } from "../timeline/event.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { World } from "../timeline/world.ts";
import { createWorldView } from "../timeline/world-view.ts";
import { answerAt } from "../workbench/answers.ts";
import { attemptAt, latestAttempt, type StepAttempt } from "../workbench/marks.ts";
import { cursorOf, type WorkbenchState } from "../workbench/state.ts";

/** Everything a pane may look at: one moment of the session. */
export interface View {
  readonly state: WorkbenchState;
  readonly lesson: SelectedLesson;
  readonly mode: Mode;
  readonly events: readonly Event[];
  /** This many events are in the past. */
  readonly cursor: number;
  readonly world: World;
  /** The step on screen. */
  readonly step: SelectedStep;
  /** Its last attempt up to the cursor. */
  readonly attempt: StepAttempt | null;
  /** Its checks' outcomes up to the cursor. */
  readonly results: readonly CheckResult[];
  /** What was predicted before it ran; null: nothing. */
  readonly answer: number | null;
  /** Where a check does not hold, the calls that failed before, the likeliest cause first. */
  readonly failedCalls: readonly FailedCall[];
  /** The attempt begun last, at whatever step: what the kernel panes call the current step. */
  readonly latest: StepAttempt | null;
}

export interface Scene {
  readonly timeline: Timeline;
  readonly lesson: SelectedLesson;
  readonly mode: Mode;
}

/** The view for a state. Going on in time is incremental; the view is valid until the next call. */
export function createView(scene: Scene): (state: WorkbenchState) => View {
  const { timeline, lesson, mode } = scene;
  const worldAt = createWorldView(timeline);
  const resultsOf = createResults(timeline);
  const failedCallsOf = createFailedCalls(timeline);
  return (state) => {
    const cursor = cursorOf(state);
    const step = lesson.steps[state.step];
    if (step === undefined) throw new Error(`the lesson has no step ${state.step}`);
    const attempt = attemptAt(state.marks, step.id, cursor);
    const results = resultsOf(step, attempt);
    const failed = results.some(({ outcome }) => outcome === "failed");
    return {
      state,
      lesson,
      mode,
      events: timeline.events,
      cursor,
      world: worldAt(cursor),
      step,
      attempt,
      results,
      answer: answerAt(state.answers, step.id, cursor),
      failedCalls: failed ? failedCallsOf(attempt) : [],
      latest: latestAttempt(state.marks, cursor),
    };
  };
}

/** Outcomes cannot change once an attempt has ended, so each attempt is looked at once. */
function createResults(
  timeline: Timeline,
): (step: SelectedStep, attempt: StepAttempt | null) => readonly CheckResult[] {
  const known = new Map<string, readonly CheckResult[]>();
  return (step, attempt) => {
    const end = attempt?.end ?? null;
    const key = `${step.id} ${end}`;
    const results =
      known.get(key) ??
      (end === null
        ? step.checks.map((check) => ({ check, outcome: "pending" as const, detail: "" }))
        : checkResults(step.checks, timeline.events, step.id, end + 1));
    known.set(key, results);
    return results;
  };
}

/** They are looked for once, when the attempt has ended. */
function createFailedCalls(
  timeline: Timeline,
): (attempt: StepAttempt | null) => readonly FailedCall[] {
  const known = new Map<number, readonly FailedCall[]>();
  return (attempt) => {
    if (attempt === null || attempt.end === null) return [];
    const { start, end } = attempt;
    const found = known.get(start) ?? failedCalls(timeline.events.slice(start, end + 1));
    known.set(start, found);
    return found;
  };
}

/** The groups there were before the first step: the lab's own, not the lesson's. */
export function isLabsOwn(view: View, group: { readonly createdAt: number }): boolean {
  const first = view.state.marks[0];
  return first === undefined || group.createdAt < first.t;
}
