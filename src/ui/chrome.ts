import type { PaneName } from "../lesson/panes.ts";
import { attemptAt } from "../workbench/marks.ts";
import { digitOf, panesByWorth } from "../workbench/pane-choice.ts";
import { inSight } from "../workbench/pane-sizes.ts";
import { KEYS } from "./keys.ts";
import { modeLabel, momentLabel, oneLine, recordedLabel } from "./labels.ts";
import { contentSize, headerRows, type Layout, type PlacedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import { clipLine, type Line, lineWidth, type Span, span, spread, widthOf } from "./text.ts";
import type { View } from "./view.ts";

/** From this many columns on the header has room for a mark per step. */
const PROGRESS_FROM = 100;
/** With less room than this the header says no more than the step. */
const SHORT_PLACE_BELOW = 60;

/** The screen's first lines: where in the lesson, what is shown and, for a replay, why. */
export function headerLines(view: View, width: number): Line[] {
  const { mode } = view;
  const first = headerLine(view, width);
  if (headerRows(mode) === 1 || mode.kind === "live") return [first];
  const why = `not live, because ${oneLine(mode.why ?? "")}`;
  return [first, clipLine([span(" ! ", "caution"), span(why)], width)];
}

/** What a recording's label says beyond its day gives way to the step's title. */
function headerLine(view: View, width: number): Line {
  const whole = headerRight(view, width, recordedLabel(view.mode));
  const room = width - lineWidth(whole);
  const fits = lineWidth(placeLine(view, room)) <= room;
  const right = fits ? whole : headerRight(view, width, recordedLabel(view.mode, "short"));
  return spread(placeLine(view, width - lineWidth(right)), right, width);
}

function headerRight(view: View, width: number, recorded: string): Line {
  const { state, mode } = view;
  const right: Span[] = [span(" ")];
  if (width >= PROGRESS_FROM) right.push(...progressSpans(view), span("  "));
  // Where there is one step, nobody is led on.
  if (state.auto && state.steps.length > 1) right.push(span("AUTO ", "caution"));
  right.push(modeLabel(mode));
  if (recorded !== "") right.push(span(` ${recorded}`, "dim"));
  return [...right, span(" ")];
}

/** Tool, lesson, step; when there is no room for all of it the step is what stays. */
function placeLine(view: View, room: number): Line {
  const { lesson, state, step } = view;
  const tool: Line = [span(" tsinternals", "strong"), span(" ·")];
  const title: Line = [span(` ${oneLine(lesson.title)}`)];
  if (state.welcome) return [...tool, ...title];
  const number = span(` step ${state.step + 1}/${lesson.steps.length}`, "strong");
  const place: Line = [number, span(` ${oneLine(step.title)}`)];
  const whole: Line = [...tool, ...title, span(" ·"), ...place];
  if (room < SHORT_PLACE_BELOW) return lineWidth(whole) <= room ? whole : place;
  const untitled: Line = [...tool, ...place];
  return [whole, untitled, place].find((line) => lineWidth(line) <= room) ?? place;
}

/** One mark a step, from the events up to the cursor: look back, and a tick is gone. */
function progressSpans(view: View): Span[] {
  return view.lesson.steps.map(({ id }, index) => {
    const ended = (attemptAt(view.state.marks, id, view.cursor)?.end ?? null) !== null;
    if (index === view.state.step) return span(ended ? "◉" : "○", "selected");
    if (attemptAt(view.state.marks, id, view.cursor)?.solved === true) return span("◐", "caution");
    return ended ? span("●", "good") : span("·", "dim");
  });
}

/** A pane's title: which, what there is to say about it, what is out of sight, LIVE or REPLAY. */
export function titleLine(pane: Pane, placed: PlacedPane, layout: Layout, view: View): Line {
  const focused = view.state.focus === pane.id;
  const mark = span(focused ? "▸ " : "─ ", focused ? "selected" : "dim");
  const shared = layout.kind === "tabs" && pane.id !== "lesson";
  const moment = momentLabel(view);
  const right: Line = [
    ...outOfSight(pane, placed, view),
    span(" "),
    modeLabel(view.mode),
    ...(moment === "" ? [] : [span(` ${moment}`, "caution")]),
    span(" "),
  ];
  const space = placed.width - lineWidth(right) - 4;
  const abouts = pane.about(view);
  const names = shared
    ? tabs(view, space - roomForFilter(view, pane.id, abouts))
    : [span(numbered(view, pane.id), focused ? "selected" : "strong")];
  const left = [mark, ...names, ...alsoThere(pane.id, layout, view)];
  const room = space - lineWidth(left);
  const about = abouts.find((words) => words !== "" && widthOf(words) <= room);
  const words = about === undefined ? [] : [span(`  ${about}`, "dim")];
  return spread([...left, ...words, span(" ")], right, placed.width, span("─", "dim"));
}

/** That only some of the lines are shown has to be said, whatever tabs lose their names for it. */
function roomForFilter({ state }: View, pane: PaneName, abouts: readonly string[]): number {
  const followed = pane === "events" && state.followed !== null;
  if (!followed && state.filters[pane] === undefined) return 0;
  return 2 + Math.min(...abouts.map(widthOf), 40);
}

function numbered({ state }: View, pane: PaneName): string {
  return `${digitOf(state, pane)} ${pane}`.trim();
}

/** Every pane by its name; short of room those that matter least in this step by their digit. */
function tabs(view: View, room: number): Span[] {
  const byWorth = inSight(panesByWorth(view.state), view.state.away);
  for (let named = byWorth.length; named > 0; named--) {
    const spans = tabsNaming(view, byWorth.slice(0, named));
    if (lineWidth(spans) <= room) return spans;
  }
  return tabsNaming(view, []);
}

function tabsNaming(view: View, named: readonly PaneName[]): Span[] {
  const { tab, focus, plan } = view.state;
  return plan.panes.map((pane) => {
    if (pane === tab)
      return span(`[${numbered(view, pane)}]`, focus === pane ? "selected" : "strong");
    const name = named.includes(pane) ? numbered(view, pane) : digitOf(view.state, pane);
    return span(` ${name} `, "dim");
  });
}

/** The last pane of the stack names those there was no room for. */
function alsoThere(pane: PaneName, layout: Layout, view: View): Span[] {
  if (layout.kind !== "side-by-side" || layout.kernel.at(-1)?.pane !== pane) return [];
  const hidden = inSight(layout.hidden, view.state.away).map((each) => numbered(view, each));
  if (hidden.length === 0) return [];
  return [span(`  (no room for ${hidden.join(", ")})`, "dim")];
}

/** `↑4 ↓12`: so many lines are above and below. What is below wants to be read, so it stands out. */
function outOfSight(pane: Pane, placed: PlacedPane, view: View): Span[] {
  const { width, height } = contentSize(placed);
  const above = firstLine(pane, view, width, height);
  const below = Math.max(0, pane.count(view, width) - above - height);
  return [
    ...(above > 0 ? [span(` ↑${above}`, "dim")] : []),
    ...(below > 0 ? [span(` ↓${below}`, "selected")] : []),
  ];
}

/** All others are letters of the filter. */
const FILTER_KEYS = [
  ["Enter", "keeps it"],
  ["Esc", "clears it"],
  ["↑ ↓", "choose"],
] as const;

/** The keys, as many as there is room for; the last ones are never left out. */
export function keysLine(view: View, width: number): Line {
  if (view.state.typing) return [span(" Ctrl-]", "key"), span(" leave the shell", "dim")];
  if (view.state.filtering !== null)
    return FILTER_KEYS.flatMap(([key, does]) => [span(` ${key}`, "key"), span(` ${does} `, "dim")]);
  const entries = KEYS.flatMap(({ label, short }) => {
    const words = typeof short === "function" ? short(view) : short;
    return words === undefined || words === null ? [] : [{ label, short: words }];
  });
  const spansOf = (shown: typeof entries): Span[] =>
    shown.flatMap(({ label, short }) => [span(` ${label}`, "key"), span(` ${short} `, "dim")]);
  let shown = entries;
  while (shown.length > 2 && lineWidth(spansOf(shown)) > width)
    shown = [...shown.slice(0, -3), ...shown.slice(-2)];
  return spansOf(shown);
}
