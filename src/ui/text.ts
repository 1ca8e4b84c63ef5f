import stringWidth from "string-width";

/** What a piece of text means; the theme decides how that looks. */
export type StyleName =
  | "heading"
  | "strong"
  | "emphasis"
  | "code"
  | "link"
  | "dim"
  | "good"
  | "bad"
  | "caution"
  | "kernel"
  | "command"
  | "string"
  | "keyword"
  | "name"
  | "key"
  | "live"
  | "replay"
  | "selected"
  | "cursor";

/** What a program in the lab has chosen for its text: SGR parameters as console_codes(4) has them. */
export interface Look {
  /** Bold, inverse and the like: `1;7`; may be empty. */
  readonly attributes: string;
  /** `31;48;5;200`; may be empty. */
  readonly colours: string;
}

/** A piece of one line, without newlines or escape sequences. */
export interface Span {
  readonly text: string;
  readonly style?: StyleName | undefined;
  /** Without a style: as a program in the lab wants it. */
  readonly look?: Look | undefined;
}

/** One row of the screen, or of a pane. */
export type Line = readonly Span[];

export function span(text: string, style?: StyleName): Span {
  return style === undefined ? { text } : { text, style };
}

/**
 * Characters of one column and one UTF-16 unit each, whatever stands beside them: Latin, and the
 * arrows, lines, dots and marks that our own lines are made of. Whoever has others is asked
 * through the tables of Unicode, which take 20 ms to be there and a hundred times as long.
 */
const NARROW =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2030-\u2048\u2190-\u21ff\u2500-\u25fc\u2713\u2717\u2800-\u28ff]*$/;

let segmenter: Intl.Segmenter | undefined;

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** Columns a text takes on a terminal. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("");
}

/** The longest beginning of a text that fits into `width` columns, never half a character. */
function takeWidth(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let taken = "";
  for (const { segment } of graphemesOf(text)) {
    used += widthOf(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** A text in at most `width` columns; what is cut off shows as `…`. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width <= 0 ? "" : `${takeWidth(text, width - 1)}…`;
}

/** A line in at most `width` columns; what is cut off shows as `…`. */
export function clipLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width - 1;
  for (const piece of line) {
    const text = takeWidth(piece.text, left);
    if (text !== "") kept.push({ ...piece, text });
    left -= widthOf(text);
    if (text !== piece.text) break;
  }
  return width <= 0 ? [] : [...kept, { text: "…", style: "dim" }];
}

/** A line in exactly `width` columns. */
export function fillLine(line: Line, width: number): Line {
  const clipped = clipLine(line, width);
  const missing = width - lineWidth(clipped);
  return missing > 0 ? [...clipped, { text: " ".repeat(missing) }] : clipped;
}

/** `left` and `right` at the two ends of `width` columns, `fill` between; `left` gives way. */
export function spread(left: Line, right: Line, width: number, fill: Span = { text: " " }): Line {
  const room = width - lineWidth(right);
  const start = clipLine(left, Math.max(0, room));
  const gap = Math.max(0, room - lineWidth(start));
  return clipLine([...start, { ...fill, text: fill.text.repeat(gap) }, ...right], width);
}

/** A text cut into pieces of at most `width` columns, wherever that falls; looks at it once. */
export function hardWrap(text: string, width: number): string[] {
  if (NARROW.test(text)) return piecesOf(text, Math.max(1, width));
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    const columns = widthOf(segment);
    // A character wider than the whole line still has to go somewhere.
    if (piece !== "" && used + columns > width) {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += segment;
    used += columns;
  }
  return [...pieces, piece];
}

function piecesOf(text: string, length: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / length));
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}
