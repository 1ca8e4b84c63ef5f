import type { Way } from "../drivers/driver.ts";
import { type CheckResult, checkResults } from "../lesson/check.ts";
import type { SelectedStep } from "../lesson/select.ts";
import { type Summary, summarize } from "../lesson/summary.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { unknownStep } from "./load-lesson.ts";
import type { Session } from "./session.ts";

/** What a walk through a lesson without a screen shows, and when it may go on. */
export interface Walker {
  begin(step: SelectedStep): void;
  /** Resolves to false when the learner wants to stop. */
  ready(step: SelectedStep): Promise<boolean>;
  ended(step: SelectedStep, results: readonly CheckResult[]): void;
  /** After a failed check: how to run the step again; null: not at all. */
  again(step: SelectedStep): Promise<Way | null>;
}

/** One way to take a lesson. */
export interface View {
  /** Takes the learner through it. */
  run(): Promise<Ending>;
  /** It ends in order by itself when a signal says so: it has a terminal to restore first. */
  readonly handlesSignals: boolean;
  /** After `run`: the step that a session of its own was asked for, in place of this one. */
  afresh?(): string | null;
  /** After the session has ended. */
  finish(summary: Summary): void;
}

export type Ending = "finished" | "left" | "failed" | "interrupted";

/** Runs the steps in order, stopping at a failed check that nobody wants to try again. */
export async function walk(session: Session, from: string | null, walker: Walker): Promise<Ending> {
  const { earlier, steps } = stepsFrom(session.lesson, from);
  for (const step of earlier) {
    await session.driver.run(step.id);
    if (session.timeline.ended) return endingOf(session.timeline);
  }
  for (const step of steps) {
    walker.begin(step);
    const ending = await walkStep(session, step, walker);
    if (ending !== "passed") return ending;
  }
  return "finished";
}

async function walkStep(
  { driver, timeline }: Session,
  step: SelectedStep,
  walker: Walker,
): Promise<Ending | "passed"> {
  if (!(await walker.ready(step))) return "left";
  for (let way: Way | null = "run"; way !== null; way = await walker.again(step)) {
    await driver.run(step.id, way);
    // Somebody ended the session meanwhile: what was cut off is no result.
    if (timeline.ended) return endingOf(timeline);
    const results = checkResults(step.checks, timeline.events, step.id);
    walker.ended(step, results);
    // A recording that breaks off has nothing more to show, and its lesson was not taken.
    if (results.some(({ outcome }) => outcome === "pending")) return "failed";
    if (results.every(({ outcome }) => outcome !== "failed")) return "passed";
  }
  return "failed";
}

function endingOf(timeline: Timeline): Ending {
  const end = timeline.events.at(-1);
  return end?.kind === "session.end" ? end.reason : "interrupted";
}

/** The steps a learner asked for, and those before, which must have run for them to make sense. */
export function stepsFrom<S extends { readonly id: string }>(
  lesson: { readonly id: string; readonly steps: readonly S[] },
  from: string | null,
): { earlier: readonly S[]; steps: readonly S[] } {
  if (from === null) return { earlier: [], steps: lesson.steps };
  const index = lesson.steps.findIndex(({ id }) => id === from);
  if (index < 0)
    throw unknownStep(
      lesson.id,
      from,
      lesson.steps.map(({ id }) => id),
    );
  return { earlier: lesson.steps.slice(0, index), steps: lesson.steps.slice(index) };
}

export function sessionSummary(session: Session, from: string | null): Summary {
  const { lesson, driver, timeline } = session;
  const { steps } = stepsFrom(lesson, from);
  return summarize(lesson, steps, timeline.events, driver.mode.kind);
}
