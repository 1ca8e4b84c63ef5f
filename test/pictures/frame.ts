import type { IBufferCell, Terminal } from "@xterm/headless";

/** What a person sees of a terminal: rows of runs of the same style. */
export interface Frame {
  readonly columns: number;
  readonly rows: readonly (readonly Run[])[];
}

export interface Run {
  /** Of the first character. */
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

export interface Style {
  /** One of the 16 ANSI colours by number; null: the terminal's own. */
  readonly colour: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export function frameOf({ rows, cols, buffer: { active } }: Terminal): Frame {
  return {
    columns: cols,
    rows: Array.from({ length: rows }, (_, row) => {
      const line = active.getLine(active.viewportY + row);
      const runs: Run[] = [];
      for (let column = 0; column < cols; column++) {
        const cell = line?.getCell(column);
        // The second half of a wide character.
        if (cell === undefined || cell.getWidth() === 0) continue;
        add(runs, column, cell.getChars() || " ", styleOf(cell));
      }
      return runs.filter(({ text, style }) => text.trim() !== "" || style.inverse);
    }),
  };
}

function styleOf(cell: IBufferCell): Style {
  return {
    colour: cell.isFgPalette() ? cell.getFgColor() : null,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

function add(runs: Run[], column: number, text: string, style: Style): void {
  const last = runs.at(-1);
  if (last !== undefined && JSON.stringify(last.style) === JSON.stringify(style))
    runs[runs.length - 1] = { ...last, text: last.text + text };
  else runs.push({ column, text, style });
}
