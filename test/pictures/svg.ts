import { widthOf } from "../../src/ui/text.ts";
import { type Drawing, drawingOf } from "./box-drawing.ts";
import type { Frame, Run, Style } from "./frame.ts";

const CELL = { width: 9, height: 19 };
const FONT_SIZE = 15;
/** Where letters stand in their cell. */
const BASELINE = 14;
const PADDING = 14;
const BAR = 30;

const BACKGROUND = "#11161d";
const BAR_COLOUR = "#1b222c";
const PLAIN = "#d7dde6";
const DIM = "#7f8b9a";
/** The 16 colours of a dark terminal that is easy to read: each has 4.5:1 and more. */
const ANSI = [
  ...["#3a4452", "#ff7b72", "#6fdd8b", "#e3b341", "#79b8ff", "#d8a6ff", "#5fd4e0", "#d7dde6"],
  ...["#7f8b9a", "#ffa198", "#8ff0a4", "#f2cc60", "#a5d0ff", "#e5c7ff", "#8ae6ee", "#ffffff"],
];

/** A terminal's frame as an SVG that looks the same wherever it is shown. */
export function svgOf(frame: Frame, title: string): string {
  const width = frame.columns * CELL.width + 2 * PADDING;
  const height = heightOf(frame.rows.length);
  const pieces = frame.rows.flatMap((runs, row) => runs.flatMap((run) => piecesOf(run, row)));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="9" fill="${BACKGROUND}"/>`,
    `<path d="M0 ${BAR}V9a9 9 0 0 1 9-9H${width - 9}a9 9 0 0 1 9 9V${BAR}z" fill="${BAR_COLOUR}"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, index) => `<circle cx="${18 + index * 19}" cy="15" r="5.5" fill="${fill}"/>`,
    ),
    `<text x="${width / 2}" y="20" fill="${DIM}" font-size="13" text-anchor="middle">${escaped(title)}</text>`,
    ...backgrounds(pieces),
    ...drawings(pieces),
    ...texts(frame, pieces),
    "</svg>",
  ].join("\n")}\n`;
}

export function heightOf(rows: number): number {
  return rows * CELL.height + BAR + 2 * PADDING;
}

interface Piece {
  readonly row: number;
  readonly column: number;
  readonly text: string;
  readonly style: Style;
  readonly drawing: Drawing | null;
}

/** Letters of a run together, what is drawn one by one; gaps are left out. */
function piecesOf(run: Run, row: number): Piece[] {
  const pieces: Piece[] = [];
  let column = run.column;
  for (const text of run.text) {
    const drawing = drawingOf(text, leftOf(column), topOf(row), CELL);
    const last = pieces.at(-1);
    const joins =
      last !== undefined && last.drawing === null && drawing === null && isPlain(text, last.text);
    if (joins) pieces[pieces.length - 1] = { ...last, text: last.text + text };
    else pieces.push({ row, column, text, style: run.style, drawing });
    column += widthOf(text);
  }
  return pieces;
}

/** What may be of another width in some font stands alone, in its own cell. */
function isPlain(text: string, before: string): boolean {
  return (
    /^[\x20-\x7e]$/.test(text) && /^[\x20-\x7e]+$/.test(before) && !/ {2}$/.test(before + text)
  );
}

function leftOf(column: number): number {
  return PADDING + column * CELL.width;
}

function topOf(row: number): number {
  return BAR + PADDING + row * CELL.height;
}

function colourOf({ colour, dim, inverse }: Style): string {
  if (inverse) return BACKGROUND;
  if (colour !== null) return ANSI[colour] ?? PLAIN;
  return dim ? DIM : PLAIN;
}

function backgrounds(pieces: readonly Piece[]): string[] {
  return pieces
    .filter(({ style }) => style.inverse)
    .map(({ row, column, text, style }) => {
      const fill = colourOf({ ...style, inverse: false });
      const place = `x="${leftOf(column)}" y="${topOf(row)}"`;
      return `<rect ${place} width="${widthOf(text) * CELL.width}" height="${CELL.height}" fill="${fill}"/>`;
    });
}

const HOW: Readonly<Record<Drawing["kind"], (colour: string) => string>> = {
  stroke: (colour) => `fill="none" stroke="${colour}" stroke-width="1.3"`,
  dots: (colour) => `fill="none" stroke="${colour}" stroke-width="2.5" stroke-linecap="round"`,
  fill: (colour) => `fill="${colour}"`,
};

/** All that is drawn in one colour is one path. */
function drawings(pieces: readonly Piece[]): string[] {
  const paths = new Map<string, string>();
  for (const { drawing, style } of pieces) {
    if (drawing === null) continue;
    const how = HOW[drawing.kind](colourOf(style));
    paths.set(how, joined(paths.get(how) ?? "", drawing.path));
  }
  return [...paths].map(([how, path]) => `<path d="${path}" ${how}/>`);
}

/** A line that goes on where the last one ended is the same line. */
function joined(before: string, path: string): string {
  const [, x, y, to] = /^M([\d.]+) ([\d.]+)H([\d.]+)$/.exec(path) ?? [];
  const last = /M[\d.]+ ([\d.]+)H([\d.]+)$/.exec(before);
  if (to === undefined || last === null || last[1] !== y || last[2] !== x) return before + path;
  return `${before.slice(0, before.lastIndexOf("H"))}H${to}`;
}

function texts({ rows }: Frame, pieces: readonly Piece[]): string[] {
  return rows.flatMap((_, row) => {
    const here = pieces.filter((each) => each.row === row && each.drawing === null);
    const spans = here.filter(({ text }) => text.trim() !== "").map(spanOf);
    if (spans.length === 0) return [];
    return [`<text y="${topOf(row) + BASELINE}" fill="${PLAIN}">${spans.join("")}</text>`];
  });
}

/** Its width is said, so that no font can move what stands behind it. */
function spanOf({ column, text: whole, style }: Piece): string {
  const text = whole.trimEnd();
  const start = text.length - text.trimStart().length;
  const colour = colourOf(style);
  const attributes = [
    `x="${leftOf(column + start)}"`,
    `textLength="${widthOf(text.trimStart()) * CELL.width}"`,
    ...(colour === PLAIN ? [] : [`fill="${colour}"`]),
    ...(style.bold ? ['font-weight="700"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
  ];
  return `<tspan ${attributes.join(" ")}>${escaped(text.trimStart())}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
