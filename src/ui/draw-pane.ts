import { titleLine } from "./chrome.ts";
import { filterLine } from "./filter-line.ts";
import { contentSize, type Layout, MARGIN, type PlacedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import { relatedTo } from "./related.ts";
import { clipLine, type Line, type Span, span } from "./text.ts";
import type { View } from "./view.ts";

/** A pane as exactly `placed.height` lines of at most `placed.width` columns. */
export function drawPane(pane: Pane, placed: PlacedPane, layout: Layout, view: View): Line[] {
  const { width, height } = contentSize(placed);
  const from = firstLine(pane, view, width, height);
  const lines = pane.lines(view, width, from, height).slice(0, height);
  const content = lines.map(
    (line, row): Line => [marginOf(pane, view, width, from, row), ...clipLine(line, width)],
  );
  const empty: Line[] = Array.from({ length: height - content.length }, () => []);
  const foot = filterLine(view, pane.id, placed.width);
  const title = titleLine(pane, placed, layout, view);
  return [title, ...content, ...empty, ...(foot === null ? [] : [foot])];
}

/**
 * The entry that is picked has its mark in the margin, so that nothing moves when one is; so have
 * those that have to do with it.
 */
function marginOf(pane: Pane, view: View, width: number, from: number, row: number): Span {
  const { picked } = view.state;
  const { id, picks } = pane;
  const empty = span(" ".repeat(MARGIN));
  if (picks === undefined || picked === null || picked.opened !== "no") return empty;
  const head = picks.head(view, width);
  const key = row < head ? null : picks.key(view, width, from + row - head);
  if (key === null) return empty;
  if (picked.pane === id && key === picked.key) return span("▸".padEnd(MARGIN), "selected");
  return relatedTo(view)(id, key) ? span("▹".padEnd(MARGIN), "selected") : empty;
}
