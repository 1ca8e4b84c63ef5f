import type { Event } from "../timeline/event.ts";
import { checkResults, lastAttempt } from "./check.ts";
import type { SelectedStep } from "./select.ts";

/** What a person has got through, over all sessions; as it is in the file (host/progress-file.ts). */
export interface Progress {
  readonly format: 1;
  /** By lesson id. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
}

export interface LessonProgress {
  /** The step that ended last, and when (ISO 8601, UTC). */
  readonly last: string;
  readonly at: string;
  /** In how many sessions a step of it has ended; absent in files from before it was counted. */
  readonly taken?: number;
  /** By step id; a step is in here from the first time on that all its checks held. */
  readonly passed: Readonly<Record<string, PassedStep>>;
}

export interface PassedStep {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly mode: "live" | "replay";
  /** Its commands were run, it was solved for the learner, or done in a shell of their own. */
  readonly by: "run" | "solve" | "hand";
}

export const NO_PROGRESS: Progress = { format: 1, lessons: {} };

/** How the last attempt at a step came to pass; null: it has not ended, or not all checks hold. */
export function passedBy(step: SelectedStep, events: readonly Event[]): PassedStep["by"] | null {
  const results = checkResults(step.checks, events, step.id);
  if (results.length === 0 || results.some(({ outcome }) => outcome !== "passed")) return null;
  const start = lastAttempt(events, step.id)?.events[0];
  if (start?.kind !== "step.start") return null;
  if (start.byHand === true) return "hand";
  return start.solved === true ? "solve" : "run";
}

/**
 * A step has ended. What was passed stays passed; only better replaces it: live instead of a replay,
 * and done by oneself instead of solved. `first`: of this session, which is one more.
 */
export function stepEnded(
  progress: Progress,
  lesson: string,
  step: string,
  at: string,
  passed: PassedStep | null,
  first = false,
): Progress {
  const lessonBefore = progress.lessons[lesson] ?? null;
  const known = lessonBefore?.passed ?? {};
  const before = known[step];
  const better = passed !== null && (before === undefined || worth(passed) > worth(before));
  const taken = timesTaken(lessonBefore) + (first || lessonBefore === null ? 1 : 0);
  const all = better ? { ...known, [step]: passed } : known;
  return {
    ...progress,
    lessons: { ...progress.lessons, [lesson]: { last: step, at, taken, passed: all } },
  };
}

/** In how many sessions; at least one where anything is known. */
export function timesTaken(known: LessonProgress | null): number {
  return known === null ? 0 : (known.taken ?? 1);
}

function worth({ mode, by }: PassedStep): number {
  return (mode === "live" ? 2 : 0) + (by === "solve" ? 0 : 1);
}

/** Without a lesson: everything; without a step: the whole lesson. */
export function forgotten(
  progress: Progress,
  lesson: string | null,
  step: string | null,
): Progress {
  if (lesson === null) return NO_PROGRESS;
  const { [lesson]: known, ...others } = progress.lessons;
  if (known === undefined || step === null) return { ...progress, lessons: others };
  const { [step]: _, ...passed } = known.passed;
  return { ...progress, lessons: { ...others, [lesson]: { ...known, passed } } };
}
