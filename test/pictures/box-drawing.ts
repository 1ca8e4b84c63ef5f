/** Where a line goes from the middle of a cell: up, right, down, left. */
type Arms = "u" | "r" | "d" | "l";

/** Unicode's box drawing, U+2500 on, as far as the screen uses it: which arms each has. */
const ARMS: Readonly<Record<string, string>> = {
  "─": "lr",
  "│": "ud",
  "┌": "rd",
  "┐": "ld",
  "└": "ur",
  "┘": "ul",
  "├": "urd",
  "┤": "uld",
  "┬": "lrd",
  "┴": "lru",
  "┼": "lrud",
  "╴": "l",
  "╵": "u",
  "╶": "r",
  "╷": "d",
};
/** Rounded corners: the arms that the curve joins. */
const ROUND: Readonly<Record<string, string>> = { "╭": "rd", "╮": "ld", "╯": "ul", "╰": "ur" };
/** Dashed lines, with how many dashes a cell has. */
const DASHED: Readonly<Record<string, readonly [string, number]>> = {
  "╌": ["lr", 2],
  "┄": ["lr", 3],
  "┈": ["lr", 4],
  "╎": ["ud", 2],
  "┆": ["ud", 3],
  "┊": ["ud", 4],
};
/** Lines of two strokes. */
const DOUBLE: Readonly<Record<string, string>> = {
  "═": "lr",
  "║": "ud",
  "╔": "rd",
  "╗": "ld",
  "╚": "ru",
  "╝": "lu",
  "╠": "udr",
  "╣": "udl",
  "╦": "lrd",
  "╩": "lru",
};
/** Parts of a cell that are filled: left, top, width, height, in eighths. */
const BLOCKS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  "█": [0, 0, 8, 8],
  "▀": [0, 0, 8, 4],
  "▄": [0, 4, 8, 4],
  "▌": [0, 0, 4, 8],
  "▐": [4, 0, 4, 8],
};

export interface Cell {
  readonly width: number;
  readonly height: number;
}

/** What is drawn for a character instead of writing it, so that lines join in any font. */
export interface Drawing {
  /** SVG path data. */
  readonly path: string;
  readonly kind: "stroke" | "dots" | "fill";
}

/** Null: it is a letter like others. `x` and `y`: the cell's corner. */
export function drawingOf(character: string, x: number, y: number, cell: Cell): Drawing | null {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x2800 && code <= 0x28ff) return { kind: "dots", path: braille(code, x, y, cell) };
  const block = BLOCKS[character];
  if (block !== undefined) return { kind: "fill", path: blockPath(block, x, y, cell) };
  const path = linePath(character, x, y, cell);
  return path === null ? null : { kind: "stroke", path };
}

function linePath(character: string, x: number, y: number, cell: Cell): string | null {
  const [cx, cy] = [x + cell.width / 2, y + cell.height / 2];
  const ends: Readonly<Record<Arms, readonly [number, number]>> = {
    ...{ u: [cx, y], r: [x + cell.width, cy], d: [cx, y + cell.height], l: [x, cy] },
  };
  const arms = ARMS[character];
  const at = ([px, py]: readonly [number, number]): string => `${round(px)} ${round(py)}`;
  // Two opposite arms are one line.
  if (arms === "lr") return `M${at(ends.l)}H${round(ends.r[0])}`;
  if (arms === "ud") return `M${at(ends.u)}V${round(ends.d[1])}`;
  if (arms !== undefined)
    return [...arms].map((arm) => `M${at([cx, cy])}L${at(ends[arm as Arms])}`).join("");
  const double = DOUBLE[character];
  if (double !== undefined) return doubleLine(double, x, y, cell);
  const [first, second] = [...(ROUND[character] ?? "")] as Arms[];
  if (first !== undefined && second !== undefined)
    return `M${at(ends[first])}Q${at([cx, cy])} ${at(ends[second])}`;
  const [way, count] = DASHED[character] ?? ["", 0];
  return count === 0 ? null : dashes(way, count, x, y, cell);
}

/** Half of what is between the two strokes of a double line. */
const HALF = 1.5;
/** The quarters of a cell: where its two arms go, and on which side of the middle they are. */
const QUARTERS = [
  { down: "u", across: "r", dx: 1, dy: -1 },
  { down: "d", across: "r", dx: 1, dy: 1 },
  { down: "d", across: "l", dx: -1, dy: 1 },
  { down: "u", across: "l", dx: -1, dy: -1 },
] as const;

/** In each quarter the strokes of its arms meet; where an arm is missing, two quarters do. */
function doubleLine(arms: string, x: number, y: number, cell: Cell): string {
  const [cx, cy] = [x + cell.width / 2, y + cell.height / 2];
  const strokes = QUARTERS.map(({ down, across, dx, dy }) => {
    const [px, py] = [round(cx + dx * HALF), round(cy + dy * HALF)];
    const toSide = arms.includes(across) ? `M${px} ${py}H${round(cx + (dx * cell.width) / 2)}` : "";
    const toEnd = arms.includes(down) ? `M${px} ${py}V${round(cy + (dy * cell.height) / 2)}` : "";
    return toSide + toEnd;
  });
  const [left, right] = [round(cx - HALF), round(cx + HALF)];
  const [top, bottom] = [round(cy - HALF), round(cy + HALF)];
  const missing = {
    u: `M${left} ${top}H${right}`,
    d: `M${left} ${bottom}H${right}`,
    l: `M${left} ${top}V${bottom}`,
    r: `M${right} ${top}V${bottom}`,
  };
  const joined = Object.entries(missing).map(([arm, path]) => (arms.includes(arm) ? "" : path));
  return [...strokes, ...joined].join("");
}

function dashes(way: string, count: number, x: number, y: number, cell: Cell): string {
  const across = way === "lr";
  const length = (across ? cell.width : cell.height) / count;
  return Array.from({ length: count }, (_, index) => {
    const from = (index + 0.2) * length;
    return across
      ? `M${round(x + from)} ${round(y + cell.height / 2)}h${round(length * 0.6)}`
      : `M${round(x + cell.width / 2)} ${round(y + from)}v${round(length * 0.6)}`;
  }).join("");
}

/** Bit → column and row of its dot (Unicode, "Braille Patterns"). */
const DOTS = [
  ...([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
    [0, 3],
    [1, 3],
  ] as const),
] as const;

function braille(code: number, x: number, y: number, cell: Cell): string {
  return DOTS.flatMap(([column, row], bit) => {
    if (((code - 0x2800) & (1 << bit)) === 0) return [];
    const [dx, dy] = [((column + 0.5) * cell.width) / 2, ((row + 0.5) * cell.height) / 4];
    return [`M${round(x + dx)} ${round(y + dy)}h0`];
  }).join("");
}

function blockPath(
  [left, top, width, height]: readonly [number, number, number, number],
  x: number,
  y: number,
  cell: Cell,
): string {
  const [w, h] = [cell.width / 8, cell.height / 8];
  return `M${round(x + left * w)} ${round(y + top * h)}h${round(width * w)}v${round(height * h)}h${round(-width * w)}z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
