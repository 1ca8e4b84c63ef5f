import { digitOf, LESSON_DIGIT } from "../workbench/pane-choice.ts";
import { KEYS } from "./keys.ts";
import { recordedLabel } from "./labels.ts";
import { PANE_KINDS } from "./panes.ts";
import { type Line, span } from "./text.ts";
import type { View } from "./view.ts";
import { wrapSpans } from "./wrap.ts";

/** The help in at most so many rows: every key, and what the marks mean. */
export function helpLines(view: View, width: number, rows: number): Line[] {
  const short = linesWith(view, width, paneSummary(view, width));
  const more = [linesWith(view, width, paneLines(view)), short].map((lines) => [
    ...lines,
    ...wrapSpans([span(MOUSE, "dim")], width),
  ]);
  return more.find(({ length }) => length <= rows) ?? short;
}

/** The panes stand where the table has their digits. */
function linesWith(view: View, width: number, panes: readonly Line[]): Line[] {
  const at = KEYS.findIndex(({ request }) => request.kind === "digit");
  const recorded = recordedLabel(view.mode);
  return [
    ...keyLines(KEYS.slice(0, at)),
    ...panes,
    ...keyLines(KEYS.slice(at)),
    [],
    ...wrapSpans([span(MARKS, "dim")], width),
    ...(recorded === "" ? [] : wrapSpans([span(`This is a replay ${recorded}.`, "dim")], width)),
  ];
}

function keyLines(entries: typeof KEYS): Line[] {
  return entries
    .filter(({ help }) => help !== "")
    .map(({ label, group, help }) => keyLine(group ?? label, help));
}

const LABEL_WIDTH = 14;

function keyLine(label: string, help: string): Line {
  return [span(label.padStart(LABEL_WIDTH), "key"), span(`  ${help}`)];
}

function paneLines({ state }: View): Line[] {
  const panes = state.plan.panes.map((pane) =>
    keyLine(digitOf(state, pane), `${pane}: ${PANE_KINDS[pane].help}`),
  );
  return [...panes, keyLine(LESSON_DIGIT, "lesson: the explanation")];
}

/** On a small screen the panes share a line or two. */
function paneSummary({ state }: View, width: number): Line[] {
  const names = [...state.plan.panes, "lesson" as const].flatMap((pane, index) => [
    span(index === 0 ? "" : ", "),
    span(digitOf(state, pane), "key"),
    span(`\u00a0${pane}`),
  ]);
  const indent = " ".repeat(LABEL_WIDTH + 2);
  return wrapSpans(names, width, {
    first: [span(indent)],
    rest: [span(indent)],
    width: indent.length,
  });
}

const MARKS = "Marks: ✓ holds, ✗ does not or was killed, ! look here, … cut off.";
const MOUSE = "The mouse: its wheel scrolls, a click chooses, with Shift it selects text.";
