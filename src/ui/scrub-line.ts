import type { Event } from "../timeline/event.ts";
import { isMoment, paneInTime } from "./moments.ts";
import { type StepSpan, stepSpan, timeAt } from "./step-span.ts";
import { type Line, lineWidth, type Span, span } from "./text.ts";
import type { View } from "./view.ts";

const BARS = "▁▂▃▄▅▆▇█";
const NOTHING = "·";
const HERE = "◆";

/** Where in time the screen is: the step's time, when things happened in it, what is yet to come. */
export function scrubLine(view: View, width: number): Line {
  const left = [span(` step ${view.state.step + 1} `, "strong")];
  const part = stepSpan(view);
  const right = whereSpans(view, part, width);
  const room = width - lineWidth(left) - lineWidth(right);
  return [...left, ...graph(view, part, Math.max(0, room)), ...right];
}

function whereSpans(view: View, { start, end }: StepSpan, width: number): Span[] {
  const here = (timeAt(view, view.cursor) - start) / 1e9;
  const all = (end - start) / 1e9;
  const later = view.state.end - view.cursor;
  const words = width < 100 ? "later" : later === 1 ? "event later" : "events later";
  return [
    span(` +${here.toFixed(3)} s`, "selected"),
    span(` of ${all.toFixed(all < 1 ? 3 : 1)} s`),
    span(`  ${later} ${words} `, "dim"),
  ];
}

/** How much happened in each part of the step's time, and a mark at the moment shown. */
function graph(view: View, part: StepSpan, width: number): Span[] {
  if (width === 0) return [];
  const { bars, drawn } = barsOf(view, part, width);
  const here = columnOf(timeAt(view, view.cursor), drawn, width);
  return [
    span(bars.slice(0, here), "name"),
    span(HERE, "cursor"),
    span(bars.slice(here + 1), "dim"),
  ];
}

interface Bars {
  readonly events: readonly Event[];
  readonly focus: string;
  readonly filter: string;
  readonly width: number;
  readonly drawn: StepSpan;
  readonly bars: string;
}

/** What was drawn last: a million events are not counted again for each key. */
let known: Bars | null = null;

function barsOf(view: View, part: StepSpan, width: number): Bars {
  const { events } = view;
  const focus = paneInTime(view);
  const { filters, followed } = view.state;
  const filter = `${followed?.pid ?? ""} ${filters.events ?? ""}`;
  const same =
    known?.events === events &&
    known.focus === focus &&
    known.width === width &&
    known.filter === filter;
  if (known !== null && same && isNear(known.drawn, part)) return known;
  const counts = countsOf(view, part, width);
  const most = Math.max(1, ...counts);
  const bars = counts.map((count) => barOf(count, most)).join("");
  known = { events, focus, filter, width, drawn: part, bars };
  return known;
}

/** A step that runs goes on growing: a fiftieth more of it changes nothing to speak of. */
function isNear(drawn: StepSpan, part: StepSpan): boolean {
  const more = part.to - drawn.to;
  return drawn.from === part.from && more >= 0 && more <= (drawn.to - drawn.from) / 50;
}

/** A burst of a thousand calls must not hide that somewhere one thing happened. */
function barOf(count: number, most: number): string {
  if (count === 0) return NOTHING;
  const height = Math.log(count + 1) / Math.log(most + 1);
  return BARS[Math.min(BARS.length - 1, Math.floor(height * BARS.length))] ?? NOTHING;
}

function countsOf(view: View, part: StepSpan, width: number): number[] {
  const counts = new Array<number>(width).fill(0);
  for (let at = part.from; at < part.to; at++) {
    const event = view.events[at] as Event;
    if (!isMoment(view, event)) continue;
    const column = columnOf(event.t, part, width);
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}

function columnOf(t: number, { start, end }: StepSpan, width: number): number {
  if (end === start) return 0;
  const column = Math.floor(((t - start) / (end - start)) * (width - 1));
  return Math.max(0, Math.min(width - 1, column));
}
