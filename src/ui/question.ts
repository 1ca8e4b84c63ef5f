import { openAnswers } from "../workbench/answers.ts";
import { contentSize, layoutOf, placedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import type { View } from "./view.ts";

/**
 * Where the explanation must stand for the step's question to be read to its last answer; null:
 * nothing is asked, or all of it is in sight. A question longer than the pane goes by in pages.
 */
export function questionTarget(view: View, lesson: Pane): number | null {
  const { state } = view;
  if (openAnswers(state) === 0) return null;
  const covered = state.zoomed && state.focus !== "lesson";
  const shown = { ...view, state: { ...state, zoomed: state.zoomed && !covered } };
  const placed = placedPane(layoutOf(shown), "lesson");
  const question = placed && lesson.question?.(shown, contentSize(placed).width);
  if (!placed || !question) return null;
  const { width, height } = contentSize(placed);
  const from = firstLine(lesson, shown, width, height);
  const { first, end } = question;
  const last = Math.max(0, end - height);
  const fits = end - first <= height;
  if (from >= last && (from <= first || !fits)) return covered ? from : null;
  // As much of the text as there is room for stays above it.
  if (fits) return last;
  return from < first ? first : Math.min(last, from + Math.max(1, height - 1));
}
