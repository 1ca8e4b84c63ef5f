import type { PaneName } from "../lesson/panes.ts";
import { oneLine } from "./labels.ts";
import { clipLine, type Line, lineWidth, span, spread, widthOf } from "./text.ts";
import type { View } from "./view.ts";

/** The filter at a pane's foot; null: it has none. */
export function filterLine({ state }: View, pane: PaneName, width: number): Line | null {
  const text = state.filters[pane];
  const typing = state.filtering === pane;
  if (text === undefined && !typing) return null;
  const right = [span(typing ? "Enter keeps, Esc clears " : "Esc clears ", "dim")];
  const cursor = typing ? [span(" ", "cursor")] : [];
  const room = width - lineWidth(right) - 5;
  const left = [span(" / ", "key"), span(endOf(oneLine(text ?? ""), room)), ...cursor];
  return clipLine(spread(left, right, width), width);
}

/** What is typed last has to be seen. */
function endOf(text: string, width: number): string {
  const characters = [...text];
  while (widthOf(characters.join("")) > Math.max(1, width)) characters.shift();
  return characters.join("");
}
