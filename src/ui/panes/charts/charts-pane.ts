import { createCgroupSeries } from "../../../timeline/cgroup-series.ts";
import type { Pane } from "../../pane.ts";
import { fillLine, type Line, lineWidth, span, spread } from "../../text.ts";
import type { View } from "../../view.ts";
import { type Chart, chartsOf } from "./charts.ts";
import { drawChart } from "./draw-chart.ts";

/** The numbers of the lesson's groups as curves, since the step began. Fills the room it has. */
export function createChartsPane(): Pane {
  const seriesOf = createCgroupSeries();
  let known: { readonly view: View; readonly charts: readonly Chart[] } | null = null;
  const chartsIn = (view: View): readonly Chart[] => {
    if (known?.view !== view) known = { view, charts: chartsNow(view, seriesOf) };
    return known.charts;
  };
  return {
    id: "charts",
    about: (view) => (view.latest === null ? [] : [sinceText(view), "the step's groups"]),
    // It never scrolls: it is drawn to fit.
    count: () => 1,
    lines: (view, width, from, count) =>
      from > 0 ? [] : drawCharts(chartsIn(view), view, width, count),
    anchor: () => 0,
  };
}

function sinceText({ latest, lesson }: View): string {
  const step = lesson.steps.findIndex(({ id }) => id === latest?.step) + 1;
  return `the groups since step ${step} began`;
}

/** So much time is shown at least (ns): a step of a moment is a dot, not a curve. */
const LEAST_SPAN = 0.5e9;

function chartsNow(view: View, seriesOf: ReturnType<typeof createCgroupSeries>): Chart[] {
  const { events, cursor, latest } = view;
  const groups = seriesOf(events, cursor);
  if (latest === null) return [];
  const last = events[latest.end ?? cursor - 1]?.t ?? latest.t;
  const to = Math.max(last, latest.t + LEAST_SPAN);
  return chartsOf(groups, { from: latest.t, to, cursor });
}

/** From so many columns on, two charts stand beside each other. */
const TWO_COLUMNS_FROM = 72;
/** Fewer rows than this are not worth a chart beside another one, which they would be taken from. */
const LEAST_ROWS = 6;
const GOOD_ROWS = 8;

function drawCharts(charts: readonly Chart[], view: View, width: number, height: number): Line[] {
  if (charts.length === 0) return [[span(nothing(view), "dim")]];
  const across = columnsFor(charts.length, width, height);
  const rows = Math.max(1, Math.floor(height / LEAST_ROWS));
  const shown = mostWorth(charts, across * rows);
  const lines = Math.ceil(shown.length / across);
  const left = charts.filter((chart) => !shown.includes(chart));
  const drawn = Array.from({ length: lines }, (_, row) => {
    const beside = shown.slice(row * across, (row + 1) * across);
    const tall = Math.floor(height / lines) + (row < height % lines ? 1 : 0);
    return sideBySide(beside, width, Math.max(1, tall));
  }).flat();
  return withOthers(drawn, left, width);
}

/** Below each other the times are too; beside each other small charts are taller. */
function columnsFor(count: number, width: number, height: number): number {
  if (width < TWO_COLUMNS_FROM || count === 1) return 1;
  return height >= count * GOOD_ROWS && count < 3 ? 1 : 2;
}

/** Those in which most happened, in their usual order. */
function mostWorth(charts: readonly Chart[], most: number): Chart[] {
  const chosen = [...charts].sort((a, b) => b.weight - a.weight).slice(0, most);
  return charts.filter((chart) => chosen.includes(chart));
}

const GAP = 2;

function sideBySide(charts: readonly Chart[], width: number, height: number): Line[] {
  const each = Math.floor((width - GAP * (charts.length - 1)) / charts.length);
  const drawn = charts.map((chart) => drawChart(chart, each, height));
  return Array.from({ length: height }, (_, row) =>
    drawn.flatMap((lines, index) => {
      const line = lines[row] ?? [];
      return index === drawn.length - 1 ? line : [...fillLine(line, each), span(" ".repeat(GAP))];
    }),
  );
}

/** Names the charts there is no room for. */
function withOthers(lines: Line[], left: readonly Chart[], width: number): Line[] {
  const [first = [], ...rest] = lines;
  const words = [span(`also ${left.map(({ kind }) => kind).join(", ")}`, "dim")];
  if (left.length === 0 || lineWidth(first) + lineWidth(words) + 2 > width) return lines;
  return [spread(first, words, width), ...rest];
}

function nothing({ latest }: View): string {
  if (latest === null) return "No step has run yet.";
  return "No group of the lesson's has used anything in this step.";
}
