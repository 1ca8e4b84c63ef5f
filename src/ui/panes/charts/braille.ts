/** Dots in a character of Unicode's braille patterns, from U+2800: two columns of four. */
export const DOTS_ACROSS = 2;
export const DOTS_DOWN = 4;

/** The bit of each dot, by row and column (Unicode 1.1, "Braille Patterns"). */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Lines of dots on a grid of characters; each character remembers whose dot came last. */
export interface Canvas {
  /** `y` 0 is the top. Outside of it nothing is drawn. */
  dot(x: number, y: number, owner: number): void;
  /** The character in a cell, and who drew there; null: nobody. */
  cell(column: number, row: number): { readonly text: string; readonly owner: number } | null;
}

export function createCanvas(columns: number, rows: number): Canvas {
  const bits = new Uint8Array(columns * rows);
  const owners = new Uint8Array(columns * rows);
  return {
    dot(x, y, owner) {
      const [column, row] = [Math.floor(x / DOTS_ACROSS), Math.floor(y / DOTS_DOWN)];
      if (column < 0 || column >= columns || row < 0 || row >= rows) return;
      const bit = BITS[y % DOTS_DOWN]?.[x % DOTS_ACROSS] ?? 0;
      const at = row * columns + column;
      bits[at] = (bits[at] ?? 0) | bit;
      owners[at] = owner;
    },
    cell(column, row) {
      const at = row * columns + column;
      const pattern = bits[at] ?? 0;
      if (pattern === 0) return null;
      return { text: String.fromCharCode(0x2800 + pattern), owner: owners[at] ?? 0 };
    },
  };
}

/** The dots from one to another, both included; `on` says which of them to draw, by their number. */
export function drawLine(
  canvas: Canvas,
  from: readonly [number, number],
  to: readonly [number, number],
  owner: number,
  on: (x: number) => boolean = () => true,
): void {
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const steps = Math.max(Math.abs(across), Math.abs(down), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(from[0] + (across * step) / steps);
    const y = Math.round(from[1] + (down * step) / steps);
    // What goes up or down is drawn whole: of a dashed line it would leave one dot.
    if (Math.abs(down) > Math.abs(across) || on(x)) canvas.dot(x, y, owner);
  }
}
