import type { ScrollStep } from "./keys.ts";
import { contentSize, layoutOf, placedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import type { View } from "./view.ts";

/** Where a pane stands after scrolling; null: at its end, and it follows what is new. */
export function scrollTarget(view: View, pane: Pane, by: ScrollStep): number | null {
  const placed = placedPane(layoutOf(view), pane.id);
  if (placed === null) return null;
  const { width, height } = contentSize(placed);
  const last = Math.max(0, pane.count(view, width) - height);
  const from = firstLine(pane, view, width, height);
  // A line of the page before stays in sight.
  const page = Math.max(1, height - 1);
  const targets: Readonly<Record<ScrollStep, number>> = {
    "line-up": from - 1,
    "line-down": from + 1,
    "page-up": from - page,
    "page-down": from + page,
    top: 0,
    bottom: last,
  };
  const target = Math.max(0, Math.min(last, targets[by]));
  return target === last && pane.anchor === undefined ? null : target;
}
