import type { Line, Span, StyleName } from "../../text.ts";
import { span } from "../../text.ts";
import { type Canvas, createCanvas, DOTS_ACROSS, DOTS_DOWN, drawLine } from "./braille.ts";
import type { Corner } from "./chart-lines.ts";
import type { Chart, Curve } from "./charts.ts";

/** A chart on a grid of characters. */
export interface Plot {
  readonly chart: Chart;
  readonly columns: number;
  readonly rows: number;
  readonly canvas: Canvas;
  /** What is written over the dots, by row and column. */
  readonly written: ReadonlyMap<string, Span>;
}

/** Each curve's colour, and how many of how many dots are drawn: never colour alone. */
const CURVE_STYLES: readonly { style: StyleName; on: number; of: number }[] = [
  { style: "name", on: 1, of: 1 },
  { style: "good", on: 3, of: 4 },
  { style: "kernel", on: 2, of: 4 },
];
export const LIMIT_STYLE = { style: "bad", on: 2, of: 6 } as const;

export function styleOf(index: number): (typeof CURVE_STYLES)[number] {
  return CURVE_STYLES[index % CURVE_STYLES.length] as (typeof CURVE_STYLES)[number];
}

/** `nameOf`: what is written on a curve where there are several. */
export function plotChart(
  chart: Chart,
  columns: number,
  rows: number,
  nameOf: (curve: Curve) => string,
): Plot {
  const written = new Map<string, Span>();
  const plot: Plot = { chart, columns, rows, canvas: createCanvas(columns, rows), written };
  for (const limit of chart.limits) drawCurve(plot, limit.corners, 0, LIMIT_STYLE);
  chart.curves.forEach(({ corners }, index) => {
    drawCurve(plot, corners, index + 1, styleOf(index));
  });
  if (chart.curves.length > 1)
    chart.curves.forEach((curve, index) => {
      writeName(plot, written, curve, span(nameOf(curve), styleOf(index).style));
    });
  return plot;
}

/** Dots from the left. */
export function across({ chart, columns }: Plot, t: number): number {
  const part = (t - chart.from) / Math.max(1, chart.to - chart.from);
  return Math.round(Math.max(0, Math.min(1, part)) * (columns * DOTS_ACROSS - 1));
}

/** Dots from the top. */
export function down({ chart, rows }: Pick<Plot, "chart" | "rows">, value: number): number {
  const part = Math.max(0, Math.min(1, value / chart.top));
  return Math.round((1 - part) * (rows * DOTS_DOWN - 1));
}

function drawCurve(
  plot: Plot,
  corners: readonly Corner[],
  owner: number,
  { on, of }: { readonly on: number; readonly of: number },
): void {
  corners.forEach(({ t, value }, index) => {
    if (value === null) return;
    const next = corners[index + 1];
    const to = { t: next?.value == null ? t : next.t, value: next?.value ?? value };
    const from = [across(plot, t), down(plot, value)] as const;
    const until = [across(plot, to.t), down(plot, to.value)] as const;
    drawLine(plot.canvas, from, until, owner, (x) => x % of < on);
  });
}

/** On, or else under, the curve's highest part, where nothing else is drawn. */
function writeName(plot: Plot, written: Map<string, Span>, curve: Curve, name: Span): void {
  const letters = [...name.text];
  // A wide character would move the dots behind it.
  if (!/^[\x21-\x7e]+$/.test(name.text)) return;
  const isFree = (column: number, row: number): boolean =>
    plot.canvas.cell(column, row) === null && !written.has(placeOf(column, row));
  for (const { column, row } of placesFor(plot, curve)) {
    const fits =
      row >= 0 && row < plot.rows && column >= 0 && column + letters.length <= plot.columns;
    if (!fits || !letters.every((_, index) => isFree(column + index, row))) continue;
    letters.forEach((letter, index) => {
      written.set(placeOf(column + index, row), { ...name, text: letter });
    });
    return;
  }
}

/** The curve's corners from the highest down, and beside each of them what is near. */
function placesFor(plot: Plot, { corners }: Curve): { column: number; row: number }[] {
  const known = corners.flatMap(({ t, value }) => (value === null ? [] : [{ t, value }]));
  return known
    .sort((a, b) => b.value - a.value)
    .flatMap(({ t, value }) => {
      const column = Math.floor(across(plot, t) / DOTS_ACROSS);
      const row = Math.floor(down(plot, value) / DOTS_DOWN);
      return [1, 0, 2, -1].map((beside) => ({ column: column + beside, row: row - 1 }));
    });
}

function placeOf(column: number, row: number): string {
  return `${column},${row}`;
}

/** One row of the plot. */
export function plotRow(plot: Plot, row: number): Line {
  const spans: Span[] = [];
  for (let column = 0; column < plot.columns; column++) addTo(spans, cellAt(plot, column, row));
  return spans;
}

function cellAt({ canvas, chart, written }: Plot, column: number, row: number): Span {
  const letter = written.get(placeOf(column, row));
  if (letter !== undefined) return letter;
  const cell = canvas.cell(column, row);
  return cell === null ? span(" ") : span(cell.text, ownerStyle(cell.owner, chart));
}

function ownerStyle(owner: number, { curves }: Chart): StyleName {
  return owner === 0 || owner > curves.length ? LIMIT_STYLE.style : styleOf(owner - 1).style;
}

/** Pieces of one style become one. */
export function addTo(spans: Span[], piece: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && last.style === piece.style)
    spans[spans.length - 1] = { ...last, text: last.text + piece.text };
  else spans.push(piece);
}
