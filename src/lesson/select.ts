import type { Check, Lesson, Part, Run, Step, Variant } from "./lesson.ts";
import type { Need } from "./needs.ts";

/** A lesson for one kind of host: what runs here, and what to tell about the other kind. */
export interface SelectedLesson extends Omit<Lesson, "steps"> {
  readonly variant: Variant;
  readonly steps: readonly SelectedStep[];
}

export interface SelectedStep {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Need[];
  /** Shown from the beginning: prose and the blocks that will run, in order. */
  readonly before: readonly ShownPart[];
  /** Shown once the step has run: the prose that follows its last run block. */
  readonly after: readonly ShownPart[];
  /** What the other kind of host would show; its blocks are text here. */
  readonly other: readonly ShownPart[];
  readonly runs: readonly Run[];
  readonly checks: readonly Check[];
}

export type ShownPart = Exclude<Part, { kind: "check" }>;

export function selectVariant(lesson: Lesson, variant: Variant): SelectedLesson {
  return { ...lesson, variant, steps: lesson.steps.map((step) => selectStep(step, variant)) };
}

function selectStep(step: Step, variant: Variant): SelectedStep {
  const here = step.parts.filter((part) => part.variant === null || part.variant === variant);
  const other = step.parts.filter((part) => part.variant !== null && part.variant !== variant);
  const lastRun = here.findLastIndex((part) => part.kind === "run");
  return {
    id: step.id,
    title: step.title,
    needs: step.needs,
    before: shown(here.slice(0, lastRun + 1)),
    after: shown(here.slice(lastRun + 1)),
    other: shown(other),
    runs: here.filter((part) => part.kind === "run"),
    checks: here.flatMap((part) => (part.kind === "check" ? [part.check] : [])),
  };
}

function shown(parts: readonly Part[]): ShownPart[] {
  return parts.filter((part) => part.kind !== "check");
}
