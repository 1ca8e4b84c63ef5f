import { clipLine, fillLine, type Line, lineWidth, type Span, span } from "./text.ts";
import { wrapSpans } from "./wrap.ts";

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

/** As wide as the content asks; when that is too much, the widest columns give way first. */
function columnWidths(rows: readonly (readonly Span[][])[], width: number): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...rows.map((row) => lineWidth(row[column] ?? []))),
  );
  let excess = widths.reduce((sum, column) => sum + column, 0) + GAP * (count - 1) - width;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const wide = widths[widest] ?? 0;
    if (wide <= NARROWEST) break;
    widths[widest] = wide - 1;
    excess--;
  }
  return widths;
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
