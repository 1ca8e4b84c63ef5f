import { isTooSmall, looksBack } from "../workbench/state.ts";
import { headerLines, keysLine } from "./chrome.ts";
import { drawPane } from "./draw-pane.ts";
import { helpLines } from "./help.ts";
import { footerRows, headerRows, layoutOf, type PlacedPane } from "./layout.ts";
import { outcomeLines } from "./panes/lesson/outcomes.ts";
import type { Panes } from "./panes.ts";
import { promptLine } from "./prompt.ts";
import { questionTarget } from "./question.ts";
import { scrubLine } from "./scrub-line.ts";
import { clipLine, fillLine, type Line, span } from "./text.ts";
import { tooSmallLines } from "./too-small.ts";
import type { View } from "./view.ts";

/** The whole screen: a line for each of its rows, none wider than it is. */
export function frameLines(view: View, panes: Panes): Line[] {
  const { columns, rows, overlay } = view.state;
  if (isTooSmall(view.state)) return fillRows(tooSmallLines(view.state), rows);
  const prompt = promptLine(view, questionTarget(view, panes.lesson) === null);
  const header = headerLines(view, columns);
  const footer: Line[] = [
    ...(looksBack(view.state) ? [clipLine(scrubLine(view, columns), columns)] : []),
    [span(" "), ...clipLine(prompt, columns - 2)],
    clipLine(keysLine(view, columns), columns),
  ];
  const body = overlay === null ? bodyLines(view, panes) : overlayLines(view);
  return [...header, ...fillRows(body, rows - header.length - footer.length), ...footer];
}

/** A pane in sight has not looked at everything yet: another frame has to follow. */
export function isUnfinished(view: View, panes: Panes): boolean {
  return layoutOf(view).kernel.some(({ pane }) => panes[pane].unfinished?.(view) === true);
}

function bodyLines(view: View, panes: Panes): Line[] {
  const layout = layoutOf(view);
  const draw = (placed: PlacedPane): Line[] => drawPane(panes[placed.pane], placed, layout, view);
  const lesson = layout.lesson === null ? [] : draw(layout.lesson);
  const kernel = layout.kernel.flatMap(draw);
  if (layout.kind !== "side-by-side" || layout.lesson === null) return [...lesson, ...kernel];
  const { width } = layout.lesson;
  return lesson.map((line, row) => [...fillLine(line, width), RULE, ...(kernel[row] ?? [])]);
}

/** What parts the two columns. */
const RULE = span("│", "dim");

function overlayLines(view: View): Line[] {
  const { columns, rows, overlay } = view.state;
  const room = rows - footerRows(view.state) - headerRows(view.mode);
  const linesOf = overlay === "help" ? helpLines : outcomeLines;
  return [[], ...linesOf(view, columns - 2, room - 1).map((line) => clipLine(line, columns))];
}

function fillRows(lines: readonly Line[], rows: number): Line[] {
  return Array.from({ length: rows }, (_, row) => lines[row] ?? []);
}
