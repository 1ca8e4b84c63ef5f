/** Puts frames on a terminal; only rows that differ from the frame before are written. */
export interface Painter {
  paint(rows: readonly string[]): void;
  /** What is on the terminal is no longer known: the next frame is written whole. */
  forget(): void;
}

/**
 * A frame is one write, marked as one update for terminals that know how to wait for its end
 * (mode 2026). A row is erased before it is written, not behind: at the last column the cursor
 * still stands on the last character. In the end the cursor is at home, so that no newline that
 * somebody else writes can scroll the screen.
 */
export function createPainter(write: (text: string) => void): Painter {
  let shown: readonly string[] | null = null;
  return {
    paint(rows) {
      const erase = shown === null ? "\x1b[2J" : "";
      const before = shown ?? [];
      const changed = rows.flatMap((row, index) =>
        row === (before[index] ?? "") ? [] : [`\x1b[${index + 1}H\x1b[2K${row}`],
      );
      shown = rows;
      if (erase === "" && changed.length === 0) return;
      write(`\x1b[?2026h${erase}${changed.join("")}\x1b[H\x1b[?2026l`);
    },
    forget() {
      shown = null;
    },
  };
}
