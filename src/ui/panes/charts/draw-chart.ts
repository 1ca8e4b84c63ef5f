import { oneLine } from "../../labels.ts";
import { clip, clipLine, type Line, lineWidth, type Span, span, widthOf } from "../../text.ts";
import { DOTS_ACROSS, DOTS_DOWN } from "./braille.ts";
import { valueText } from "./chart-values.ts";
import type { Chart, ChartKind, Curve } from "./charts.ts";
import {
  across,
  addTo,
  down,
  LIMIT_STYLE,
  type Plot,
  plotChart,
  plotRow,
  styleOf,
} from "./plot.ts";

/** Title, two rows of dots, and the axis. */
const LEAST_ROWS = 4;
const LABELS_AT_MOST = 20;
const SCALE_WIDTH = 6;
const MARK = "✗";

const NAMES: Readonly<Record<ChartKind, string>> = {
  memory: "memory",
  cpu: "cpu, % of a core",
  throttled: "throttled periods/s",
  pids: "pids",
};

/** A chart in exactly `height` lines of at most `width` columns. */
export function drawChart(chart: Chart, width: number, height: number): Line[] {
  const labels = labelsOf(chart, Math.min(LABELS_AT_MOST, Math.floor(width / 3)));
  if (height < LEAST_ROWS) return inWords(chart, labels, width).slice(0, height);
  const labelWidth = Math.max(0, ...labels.map(({ text }) => widthOf(text) + 1));
  const columns = Math.max(4, width - SCALE_WIDTH - 1 - labelWidth);
  const plot = plotChart(chart, columns, height - 2, (curve) => nameOf(curve.group, chart.curves));
  const beside = placed(labels, plot);
  const body = Array.from({ length: plot.rows }, (_, row) => [
    scaleSpan(chart, row),
    ...plotRow(plot, row),
    ...(beside[row] ?? []),
  ]);
  const lines = [titleLine(chart, width), ...body, axisLine(plot)];
  return lines.map((line) => clipLine(line, width));
}

/** Where there is no room to draw. */
function inWords(chart: Chart, labels: readonly Label[], width: number): Line[] {
  const values = labels.flatMap(({ text, style }) => [span("  "), span(text, style)]);
  return [clipLine([...titleLine(chart, width), ...values], width), [], []];
}

function titleLine({ kind, files, marks, others, peak }: Chart, width: number): Line {
  const kills = marks.length === 1 ? "OOM kill" : `${marks.length} OOM kills`;
  const start = [
    span(NAMES[kind], "strong"),
    ...(peak !== null && peak > 0 ? [span(`  peak ${valueText(kind, peak)}`)] : []),
    ...(marks.length > 0 ? [span(`  ${MARK} ${kills}`, "bad")] : []),
    ...(others > 0 ? [span(`  and ${others} more`, "dim")] : []),
  ];
  const file = span(`  ${files.join(", ")}`, "dim");
  return lineWidth([...start, file]) <= width ? [...start, file] : start;
}

function scaleSpan({ kind, top }: Chart, row: number): Span {
  const text = row === 0 ? valueText(kind, top) : "";
  return span(`${text.padStart(SCALE_WIDTH)}${row === 0 ? "┤" : "│"}`, "dim");
}

interface Label extends Span {
  /** Where its line ends. */
  readonly value: number;
}

/** What stands at the right end of each line: `demo 33M`, `limit 64M`. */
function labelsOf({ kind, curves, limits }: Chart, room: number): Label[] {
  const named = curves.flatMap(({ group, last }, index): Label[] => {
    if (last === null) return [];
    const value = ` ${valueText(kind, last)}`;
    const name = clip(nameOf(group, curves), Math.max(3, room - widthOf(value)));
    return [{ ...span(`${name}${value}`, styleOf(index).style), value: last }];
  });
  const different = [...new Set(limits.flatMap(({ last }) => last ?? []))];
  const limited = different.map((value): Label => {
    const text = clip(`limit ${valueText(kind, value)}`, room);
    return { ...span(text, LIMIT_STYLE.style), value };
  });
  return [...named, ...limited];
}

/** A group's own name, or its whole path where two have the same. */
function nameOf(path: string, curves: readonly Curve[]): string {
  const own = (each: string): string => each.slice(each.lastIndexOf("/") + 1);
  const alike = curves.filter(({ group }) => own(group) === own(path)).length > 1;
  return oneLine(alike ? path.slice(1) : own(path));
}

/** Each label in the row of its line's end, or in the nearest free one. */
function placed(labels: readonly Label[], plot: Plot): Line[] {
  const rows: Line[] = Array.from({ length: plot.rows }, () => []);
  for (const { text, style, value } of labels) {
    const wanted = Math.floor(down(plot, value) / DOTS_DOWN);
    const free = rows
      .map((line, row) => ({ line, row }))
      .filter(({ line }) => line.length === 0)
      .sort((a, b) => Math.abs(a.row - wanted) - Math.abs(b.row - wanted))[0];
    if (free !== undefined) rows[free.row] = [span(" "), { text, style }];
  }
  return rows;
}

/** Seconds since the step began, with a mark where somebody was killed. */
function axisLine(plot: Plot): Line {
  const { chart, columns } = plot;
  const marks = new Set(chart.marks.map(({ t }) => Math.floor(across(plot, t) / DOTS_ACROSS)));
  const line: Span[] = [span(`${"0".padStart(SCALE_WIDTH)}└`, "dim")];
  for (let column = 0; column < columns; column++)
    addTo(line, marks.has(column) ? span(MARK, "bad") : span("─", "dim"));
  return [...line, span(` ${((chart.to - chart.from) / 1e9).toFixed(1)} s`, "dim")];
}
