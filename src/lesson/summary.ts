import type { Event } from "../timeline/event.ts";
import { type CheckResult, checkResults, lastAttempt, unableBecause } from "./check.ts";
import type { SelectedLesson, SelectedStep } from "./select.ts";

/** The last line of `--json`. `steps` were run and `unable` could not be; the rest counts checks. */
export interface Summary {
  readonly kind: "summary";
  readonly lesson: string;
  readonly mode: "live" | "replay";
  readonly steps: number;
  readonly unable: number;
  /** Of the steps that were run, those that the learner had solved for them. */
  readonly solved: number;
  readonly checks: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function summarize(
  lesson: Pick<SelectedLesson, "id">,
  steps: readonly SelectedStep[],
  events: readonly Event[],
  mode: "live" | "replay",
): Summary {
  const ended = new Set(events.flatMap((event) => (event.kind === "step.end" ? [event.step] : [])));
  const tried = steps.filter((step) => ended.has(step.id));
  const ran = tried.filter((step) => !isUnable(step, events));
  const results = ran.flatMap((step) => checkResults(step.checks, events, step.id));
  const count = (outcome: CheckResult["outcome"]): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    kind: "summary",
    lesson: lesson.id,
    mode,
    steps: ran.length,
    unable: tried.length - ran.length,
    solved: ran.filter((step) => isSolved(step, events)).length,
    checks: results.length,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
  };
}

function isSolved(step: SelectedStep, events: readonly Event[]): boolean {
  const start = lastAttempt(events, step.id)?.events[0];
  return start?.kind === "step.start" && start.solved === true;
}

/** The step cannot run in this lab: neither passed nor failed. */
function isUnable(step: SelectedStep, events: readonly Event[]): boolean {
  return unableBecause(lastAttempt(events, step.id)?.events ?? []) !== null;
}
