import {
  clipLine,
  fillLine,
  type Line,
  lineWidth,
  type Span,
  span,
  textOf,
  widthOf,
} from "../../text.ts";
import { wrapSpans } from "../../wrap.ts";

const GAP = 2;
const NARROWEST = 4;

/** A table in at most `width` columns: cells wrap, columns share what there is. */
export function renderTable(
  table: { readonly header: readonly Span[][]; readonly rows: readonly Span[][][] },
  width: number,
): Line[] {
  const widths = columnWidths([table.header, ...table.rows], width);
  const rule = widths.map((column) => "─".repeat(column)).join(" ".repeat(GAP));
  const lines = [
    ...renderRow(table.header, widths),
    [span(rule, "dim")],
    ...table.rows.flatMap((row) => renderRow(row, widths)),
  ];
  // More columns than there is room for even at their narrowest.
  return lines.map((line) => clipLine(line, width));
}

/** As wide as the content asks; when that is too much, columns give way down to their words. */
function columnWidths(rows: readonly (readonly Span[][])[], width: number): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  const room = width - GAP * (count - 1);
  const columns = Array.from({ length: count }, (_, column) =>
    rows.map((row) => row[column] ?? []),
  );
  const wanted = columns.map((cells) => Math.max(1, ...cells.map(lineWidth)));
  const words = columns.map((cells) => Math.max(1, ...cells.map(longestWord)));
  const unbroken = shrink(wanted, words, room);
  // Not even the words fit: then they are cut.
  return shrink(
    unbroken,
    words.map(() => NARROWEST),
    room,
  );
}

/** Takes from the widest column again and again, from none beyond its floor. */
function shrink(widths: readonly number[], floors: readonly number[], room: number): number[] {
  const shrunk = [...widths];
  let excess = shrunk.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const spare = shrunk.map((width, column) => (width > (floors[column] ?? 0) ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if ((spare[widest] ?? 0) === 0) break;
    shrunk[widest] = (shrunk[widest] ?? 0) - 1;
    excess--;
  }
  return shrunk;
}

function longestWord(cell: readonly Span[]): number {
  return Math.max(0, ...textOf(cell).split(" ").map(widthOf));
}

function renderRow(cells: readonly Span[][], widths: readonly number[]): Line[] {
  const wrapped = widths.map((width, column) => wrapSpans(cells[column] ?? [], width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    widths.flatMap((width, column) => {
      const line = wrapped[column]?.[row] ?? [];
      if (column === widths.length - 1) return [...line];
      return [...fillLine(line, width), span(" ".repeat(GAP))];
    }),
  );
}
