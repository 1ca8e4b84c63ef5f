import type { Ask, Check, Lesson, Part, Prose, Run, Step, Variant, Watch } from "./lesson.ts";
import type { Need } from "./needs.ts";
import type { PaneName } from "./panes.ts";

/** A lesson for one kind of host: what runs here, and what to tell about the other kind. */
export interface SelectedLesson extends Omit<Lesson, "steps"> {
  readonly variant: Variant;
  readonly steps: readonly SelectedStep[];
}

export interface SelectedStep {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Need[];
  /** The panes that come first in this step; null: the lesson's. */
  readonly panes: readonly PaneName[] | null;
  /** The system calls strace is asked for here; null: the lesson's; none: it runs without strace. */
  readonly trace: readonly string[] | null;
  /** Shown from the beginning: prose and the blocks that will run, in order. */
  readonly before: readonly ShownPart[];
  /** Shown once the step has run: the prose that follows its last run block. */
  readonly after: readonly ShownPart[];
  /** What the other kind of host would show; its blocks are text here. */
  readonly other: readonly ShownPart[];
  readonly runs: readonly Run[];
  /** Started before the runs, and not again while they go on. */
  readonly watches: readonly Watch[];
  readonly checks: readonly Check[];
  /** What to predict before it runs; null: nothing is asked. */
  readonly ask: Ask | null;
  /** Markdown, in the order in which they are given. */
  readonly hints: readonly string[];
  /** Markdown, for trainers. */
  readonly notes: readonly string[];
  /** What solves the step instead of `runs`; empty: the runs do. */
  readonly solves: readonly Run[];
}

export type ShownPart = Prose | Run | Watch;

export function selectVariant(lesson: Lesson, variant: Variant): SelectedLesson {
  return { ...lesson, variant, steps: lesson.steps.map((step) => selectStep(step, variant)) };
}

function selectStep(step: Step, variant: Variant): SelectedStep {
  const here = step.parts.filter((part) => part.variant === null || part.variant === variant);
  const other = step.parts.filter((part) => part.variant !== null && part.variant !== variant);
  const lastRun = here.findLastIndex((part) => part.kind === "run");
  // Where nothing runs, nothing is kept for afterwards.
  const until = lastRun < 0 ? here.length : lastRun + 1;
  return {
    id: step.id,
    title: step.title,
    needs: step.needs,
    panes: step.panes,
    trace: step.trace,
    before: shown(here.slice(0, until)),
    after: shown(here.slice(until)),
    other: shown(other),
    runs: here.filter((part) => part.kind === "run"),
    watches: here.filter((part) => part.kind === "watch"),
    checks: here.flatMap((part) => (part.kind === "check" ? [part.check] : [])),
    ask: here.find((part) => part.kind === "ask")?.ask ?? null,
    hints: here.flatMap((part) => (part.kind === "hint" ? [part.markdown] : [])),
    notes: here.flatMap((part) => (part.kind === "note" ? [part.markdown] : [])),
    solves: here.flatMap((part) => (part.kind === "solve" ? [{ ...part, kind: "run" }] : [])),
  };
}

const SHOWN: readonly string[] = ["prose", "run", "watch"];

function shown(parts: readonly Part[]): ShownPart[] {
  return parts.filter((part) => SHOWN.includes(part.kind)) as ShownPart[];
}
