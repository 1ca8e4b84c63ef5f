import { titleLine } from "./chrome.ts";
import type { Layout, PlacedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import { clipLine, type Line, span } from "./text.ts";
import type { View } from "./view.ts";

/** Columns left empty at each side of a pane, for the eye. */
const MARGIN = 1;

/** The room a placed pane has for its content: the title line and the margins are taken off. */
export function contentSize(placed: PlacedPane): { width: number; height: number } {
  return {
    width: Math.max(1, placed.width - 2 * MARGIN),
    height: Math.max(0, placed.height - 1),
  };
}

/** A pane as exactly `placed.height` lines of at most `placed.width` columns. */
export function drawPane(pane: Pane, placed: PlacedPane, layout: Layout, view: View): Line[] {
  const { width, height } = contentSize(placed);
  const title = titleLine(pane, placed, layout, view, { width, height });
  const from = firstLine(pane, view, width, height);
  const lines = pane.lines(view, width, from, height).slice(0, height);
  const content = lines.map((line): Line => [span(" ".repeat(MARGIN)), ...clipLine(line, width)]);
  const empty: Line[] = Array.from({ length: height - content.length }, () => []);
  return [title, ...content, ...empty];
}
