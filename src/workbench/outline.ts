import { type PanePlan, panePlan } from "../lesson/pane-plan.ts";
import type { SelectedLesson } from "../lesson/select.ts";

/** What the workbench has to know of a lesson. */
export interface LessonOutline {
  /** The lesson's step ids, in order. */
  readonly steps: readonly string[];
  /** The lesson has an introduction to begin with. */
  readonly introduced: boolean;
  readonly plan: PanePlan;
  /** For each step, how many answers its question has; 0: it asks nothing. */
  readonly asks: readonly number[];
  /** Nothing is run in it: it is there to look at what others do. */
  readonly watching: boolean;
}

export function outlineOf(lesson: SelectedLesson): LessonOutline {
  return {
    steps: lesson.steps.map(({ id }) => id),
    introduced: lesson.intro.trim() !== "",
    plan: panePlan(lesson),
    asks: lesson.steps.map(({ ask }) => ask?.answers.length ?? 0),
    watching: lesson.steps.every(({ runs }) => runs.length === 0),
  };
}
