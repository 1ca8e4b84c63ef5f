import type { StepMark } from "../../../workbench/marks.ts";
import { oneLine } from "../../labels.ts";
import { type Line, span, spread } from "../../text.ts";
import type { View } from "../../view.ts";

/** The line above what happened in a step. */
export function stepRule(view: View, step: string, width: number): Line {
  const number = view.lesson.steps.findIndex(({ id }) => id === step) + 1;
  const title = oneLine(view.lesson.steps[number - 1]?.title ?? step);
  const words = [span("── ", "dim"), span(`step ${number} · ${title}`, "strong"), span(" ")];
  return spread(words, [], width, span("─", "dim"));
}

/** The beginning of the attempt that a moment belongs to; null: it was before the first. */
export function stepBegan(view: View, t: number): StepMark | null {
  return view.state.marks.findLast((mark) => mark.kind === "start" && mark.t <= t) ?? null;
}
