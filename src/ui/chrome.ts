import { attemptAt } from "../workbench/marks.ts";
import { KERNEL_PANES, type PaneId } from "../workbench/state.ts";
import { KEYS } from "./keys.ts";
import { modeLabel, momentLabel, oneLine, recordedLabel } from "./labels.ts";
import type { Layout, PlacedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import { type Line, lineWidth, type Span, span, spread } from "./text.ts";
import type { View } from "./view.ts";

/** The screen's first line: where in the lesson, and what is shown. */
export function headerLine(view: View, width: number): Line {
  const { lesson, state, step, mode } = view;
  const place = [
    span(" tsinternals", "strong"),
    span(` · ${oneLine(lesson.title)} · `),
    span(`step ${state.step + 1}/${lesson.steps.length}`, "strong"),
    span(` ${oneLine(step.title)}`),
  ];
  const right: Span[] = [span(" ")];
  if (width >= 100) right.push(...progressSpans(view), span("  "));
  if (state.auto) right.push(span("AUTO ", "caution"));
  right.push(modeLabel(mode));
  const recorded = recordedLabel(mode);
  if (recorded !== "") right.push(span(` ${recorded}`, "dim"));
  right.push(span(" "));
  return spread(place, right, width);
}

/** One mark a step, from the events up to the cursor: look back, and a tick is gone. */
function progressSpans(view: View): Span[] {
  return view.lesson.steps.map(({ id }, index) => {
    const ended = (attemptAt(view.state.marks, id, view.cursor)?.end ?? null) !== null;
    if (index === view.state.step) return span(ended ? "◉" : "○", "selected");
    return ended ? span("●", "good") : span("·", "dim");
  });
}

/** A pane's title: which it is, what there is to say about it, where in it one is, LIVE or REPLAY. */
export function titleLine(
  pane: Pane,
  placed: PlacedPane,
  layout: Layout,
  view: View,
  rows: { readonly width: number; readonly height: number },
): Line {
  const { state } = view;
  const focused = state.focus === pane.id;
  const names =
    layout.kind === "tabs" && pane.id !== "lesson" ? tabs(view) : [name(pane.id, focused)];
  const about = pane.about(view);
  const left: Line = [
    span(focused ? "▸ " : "─ ", focused ? "selected" : "dim"),
    ...names,
    ...(about === "" ? [] : [span(`  ${about}`, "dim")]),
    ...alsoThere(pane.id, layout),
    span(" "),
  ];
  const moment = momentLabel(view);
  const right: Line = [
    ...position(pane, view, rows),
    span(" "),
    modeLabel(view.mode),
    ...(moment === "" ? [] : [span(` ${moment}`, "caution")]),
    span(" "),
  ];
  return spread(left, right, placed.width, span("─", "dim"));
}

function name(pane: PaneId, focused: boolean): Span {
  return span(numbered(pane), focused ? "selected" : "strong");
}

function numbered(pane: PaneId): string {
  const entry = KEYS.find(({ request }) => request.kind === "pane" && request.pane === pane);
  return pane === "lesson" ? pane : `${entry?.label} ${pane}`;
}

function tabs(view: View): Span[] {
  const { tab, focus } = view.state;
  return KERNEL_PANES.flatMap((pane) => [
    pane === tab
      ? span(`[${numbered(pane)}]`, focus === pane ? "selected" : "strong")
      : span(` ${numbered(pane)} `, "dim"),
  ]);
}

/** The last pane of the stack names those there was no room for. */
function alsoThere(pane: PaneId, layout: Layout): Span[] {
  if (layout.kind !== "side-by-side" || layout.hidden.length === 0) return [];
  if (layout.kernel.at(-1)?.pane !== pane) return [];
  return [span(`  (no room for ${layout.hidden.map(numbered).join(", ")})`, "dim")];
}

/** `5–12 of 40 ↓` when not all of it is in sight. */
function position(
  pane: Pane,
  view: View,
  { width, height }: { readonly width: number; readonly height: number },
): Span[] {
  const count = pane.count(view, width);
  if (count <= height) return [];
  const from = firstLine(pane, view, width, height);
  const to = Math.min(count, from + height);
  const arrows = `${from > 0 ? "↑" : ""}${to < count ? "↓" : ""}`;
  return [span(` ${from + 1}–${to} of ${count} ${arrows}`, to < count ? "strong" : "dim")];
}

/** The keys, as many as there is room for; the last ones are never left out. */
export function keysLine(width: number): Line {
  const entries = KEYS.flatMap(({ label, short }) =>
    short === undefined ? [] : [{ label, short }],
  );
  const spansOf = (shown: typeof entries): Span[] =>
    shown.flatMap(({ label, short }) => [span(` ${label}`, "key"), span(` ${short} `, "dim")]);
  let shown = entries;
  while (shown.length > 2 && lineWidth(spansOf(shown)) > width)
    shown = [...shown.slice(0, -3), ...shown.slice(-2)];
  return spansOf(shown);
}
