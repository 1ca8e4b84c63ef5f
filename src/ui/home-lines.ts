import type { HomeLesson, HomeState } from "../workbench/home.ts";
import { isTooSmall } from "../workbench/state.ts";
import { homeKeys } from "./home-keys.ts";
import { oneLine } from "./labels.ts";
import { clip, clipLine, type Line, lineWidth, type Span, span, spread, widthOf } from "./text.ts";
import { tooSmallLines } from "./too-small.ts";
import { wrapSpans } from "./wrap.ts";

/** The home screen: as many lines as it has rows. */
export function homeLines(state: HomeState): Line[] {
  const { columns, rows } = state;
  if (isTooSmall(state)) return fill(tooSmallLines(state), state);
  const room = rows - AROUND;
  const body = state.query === null ? lessonsAndDetails(state) : hitLines(state);
  const top = [headerLine(state), rule("", columns)];
  const bottom = [promptLine(state), keysLine(state)];
  return fill([...top, ...padded(body, room), ...bottom], state);
}

/** Rows above the list, and those with the rows below it. */
const ABOVE = 2;
const AROUND = 4;

/** The lessons, or while searching the hits, that are in sight. */
export interface HomeWindow {
  readonly top: number;
  readonly end: number;
}

/** Which entries are in sight: what was clicked stays where it is. */
export function homeWindow(state: HomeState): HomeWindow {
  const { rows, lessons, hits, picked, clicked, query } = state;
  const room = rows - AROUND;
  const [count, fit] =
    query === null
      ? [lessons.length, Math.max(3, room - MOST_DETAILS)]
      : [hits.length, Math.max(2, Math.floor(room / HIT_ROWS))];
  const stays = clicked !== null && picked >= clicked.top && picked < clicked.top + fit;
  const wanted = stays ? clicked.top : picked - fit + 2;
  const top = Math.max(0, Math.min(wanted, count - fit));
  return { top, end: Math.min(count, top + fit) };
}

/** The entry that stands in a row of the screen; null: none does. */
export function homeEntryAt(state: HomeState, row: number): number | null {
  const { top, end } = homeWindow(state);
  const entry = top + Math.floor((row - ABOVE) / (state.query === null ? 1 : HIT_ROWS));
  return isTooSmall(state) || row < ABOVE || entry >= end ? null : entry;
}

function headerLine({ lessons, columns }: HomeState): Line {
  const passed = lessons.reduce((sum, lesson) => sum + lesson.passed, 0);
  const steps = lessons.reduce((sum, lesson) => sum + lesson.steps.length, 0);
  const done = [span(`${passed} of ${steps} steps passed `, "dim")];
  const name = [span(" tsinternals", "heading")];
  const whole = [...name, span("  what the kernel does for containers  ", "dim")];
  const fits = lineWidth(whole) + lineWidth(done) <= columns;
  return spread(fits ? whole : name, done, columns);
}

function lessonsAndDetails(state: HomeState): Line[] {
  const { lessons, picked, columns } = state;
  const { top, end } = homeWindow(state);
  const list = lessons.map((lesson, index) => lessonLine(state, lesson, index)).slice(top, end);
  const lesson = lessons[picked];
  if (lesson === undefined) return list;
  const details = detailLines(lesson, columns - 2).map((line) => [span(" "), ...line]);
  return [...list, [], rule(oneLine(lesson.title), columns), ...details];
}

/** Rows that the list leaves to what is below it, where there are too many lessons for both. */
const MOST_DETAILS = 9;

function lessonLine(
  { lessons, picked, columns }: HomeState,
  lesson: HomeLesson,
  index: number,
): Line {
  const { id, title, minutes, steps, passed, missing } = lesson;
  const here = index === picked;
  const names = Math.max(...lessons.map((one) => widthOf(one.id)));
  const all = passed === steps.length;
  const left = [
    span(here ? " ▸ " : "   ", "selected"),
    span(id.padEnd(names), here ? "selected" : "name"),
    span(`  ${oneLine(title)}`, here ? "strong" : undefined),
  ];
  const right = [
    span(`  ${all ? "✓ " : ""}${passed}/${steps.length}`.padStart(9), all ? "good" : undefined),
    span(`${minutes} min  `.padStart(10), "dim"),
    missing === null ? span("live  ", "live") : span("replay", "replay"),
    span(" "),
  ];
  return spread(left, right, columns);
}

function detailLines(lesson: HomeLesson, width: number): Line[] {
  const { summary, missing } = lesson;
  const here =
    missing === null
      ? [span("It runs live here, in a lab that is gone afterwards.")]
      : [
          span(`It plays its recording here: ${oneLine(missing.what)}. To have it live: `),
          span(oneLine(missing.fix), "command"),
        ];
  return [
    ...wrapSpans([span(oneLine(summary))], width),
    ...wrapSpans([span(standing(lesson))], width),
    ...wrapSpans(here, width),
  ];
}

function standing({ steps, passed, solved, at, taken }: HomeLesson): string {
  if (at === null) return `${steps.length} steps, not begun.`;
  const helped = solved > 0 ? `, ${solved} of them solved for you` : "";
  const often = taken === 1 ? "taken once" : `taken ${taken} times, last`;
  return `${passed} of ${steps.length} steps passed${helped}; ${often} on ${oneLine(at.slice(0, 10))}.`;
}

/** A hit's lines: where, and what stands there. */
const HIT_ROWS = 2;

function hitLines(state: HomeState): Line[] {
  const { hits, picked, columns, query } = state;
  if (hits.length === 0) {
    const why =
      query?.trim() === ""
        ? "Type words; all lessons are searched."
        : "Nothing has all these words.";
    return [[span(` ${why}`, "dim")]];
  }
  const { top, end } = homeWindow(state);
  return hits.slice(top, end).flatMap(({ lesson, step, excerpt }, index): Line[] => {
    const here = top + index === picked;
    const where = step === null ? lesson.title : `${number(lesson, step.id)} ${step.title}`;
    return [
      clipLine(
        [
          span(here ? " ▸ " : "   ", "selected"),
          span(lesson.id, here ? "selected" : "name"),
          span(`  ${oneLine(where)}`, here ? "strong" : undefined),
        ],
        columns,
      ),
      [span(`     ${clip(oneLine(excerpt), columns - 6)}`, "dim")],
    ];
  });
}

function number({ steps }: HomeLesson, id: string): number {
  return steps.findIndex((step) => step.id === id) + 1;
}

function promptLine(state: HomeState): Line {
  const { query, hits, columns, lessons, picked } = state;
  if (query !== null) {
    const count = hits.length === 1 ? "1 place" : `${hits.length} places`;
    return spread(
      [span(" / ", "key"), span(query), span(" ", "cursor")],
      [span(`${count} `, "dim")],
      columns,
    );
  }
  const lesson = lessons[picked];
  return lesson === undefined ? [] : clipLine([span(" "), ...invitation(lesson)], columns - 1);
}

function invitation(lesson: HomeLesson): Span[] {
  const { resume, steps } = lesson;
  if (resume === null) return [span("Enter", "key"), span(" begins")];
  const at = `${number(lesson, resume.id)}/${steps.length}`;
  return [span("Enter", "key"), span(` goes on with step ${at}, ${oneLine(resume.title)}`)];
}

/** As many keys as there is room for; the last one, which leads out, is never left out. */
function keysLine({ query, columns }: HomeState): Line {
  const keys = homeKeys(query !== null).filter(({ short }) => short !== "");
  const spansOf = (shown: typeof keys): Span[] =>
    shown.flatMap(({ label, short }, index) => [
      span(index === 0 ? " " : "   "),
      span(label, "key"),
      span(` ${short}`, "dim"),
    ]);
  let shown = keys;
  while (shown.length > 1 && lineWidth(spansOf(shown)) > columns)
    shown = [...shown.slice(0, -2), ...shown.slice(-1)];
  return clipLine(spansOf(shown), columns);
}

function rule(title: string, columns: number): Line {
  const words = title === "" ? "" : ` ${title} `;
  return spread([span("──", "dim"), span(words, "heading")], [], columns, span("─", "dim"));
}

function padded(lines: readonly Line[], rows: number): Line[] {
  return Array.from({ length: rows }, (_, row) => lines[row] ?? []);
}

function fill(lines: readonly Line[], { columns, rows }: HomeState): Line[] {
  return padded(lines, rows).map((line) => clipLine(line, columns));
}
