import { titleLine } from "./chrome.ts";
import { contentSize, type Layout, MARGIN, type PlacedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import { clipLine, type Line, span } from "./text.ts";
import type { View } from "./view.ts";

/** A pane as exactly `placed.height` lines of at most `placed.width` columns. */
export function drawPane(pane: Pane, placed: PlacedPane, layout: Layout, view: View): Line[] {
  const { width, height } = contentSize(placed);
  const from = firstLine(pane, view, width, height);
  const lines = pane.lines(view, width, from, height).slice(0, height);
  const content = lines.map((line): Line => [span(" ".repeat(MARGIN)), ...clipLine(line, width)]);
  const empty: Line[] = Array.from({ length: height - content.length }, () => []);
  return [titleLine(pane, placed, layout, view), ...content, ...empty];
}
