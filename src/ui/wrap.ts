import { hardWrap, type Line, type Span, widthOf } from "./text.ts";

/** What stands before the first line and before each following one; both equally wide. */
export interface Indent {
  readonly first: Line;
  readonly rest: Line;
  readonly width: number;
}

const NO_INDENT: Indent = { first: [], rest: [], width: 0 };

/** Pieces with no space between them; they stay on one line if they can. */
interface Word {
  readonly spans: readonly Span[];
  readonly width: number;
  /** The space before it, if there is one. */
  readonly space: Span | null;
}

/** Wraps at spaces; a word longer than a line is cut. `\n` in a span ends a line. */
export function wrapSpans(spans: readonly Span[], width: number, indent = NO_INDENT): Line[] {
  const room = Math.max(1, width - indent.width);
  const lines = splitAtNewlines(spans).flatMap((part) => wrapLine(part, room));
  return lines.map((line, index) => [...(index === 0 ? indent.first : indent.rest), ...line]);
}

function splitAtNewlines(spans: readonly Span[]): Span[][] {
  const parts: Span[][] = [[]];
  for (const piece of spans) {
    piece.text.split("\n").forEach((text, index) => {
      if (index > 0) parts.push([]);
      if (text !== "") parts.at(-1)?.push({ ...piece, text });
    });
  }
  return parts;
}

function wrapLine(spans: readonly Span[], room: number): Line[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const { spans: pieces, width, space } of wordsOf(spans, room)) {
    const gap = used > 0 && space !== null ? 1 : 0;
    if (used > 0 && used + gap + width > room) {
      lines.push([...pieces]);
      used = width;
      continue;
    }
    lines.at(-1)?.push(...(gap === 1 && space !== null ? [space] : []), ...pieces);
    used += gap + width;
  }
  return lines.map(mergeSpans);
}

function wordsOf(spans: readonly Span[], room: number): Word[] {
  const words: Word[] = [];
  let pieces: Span[] = [];
  let space: Span | null = null;
  const finish = (): void => {
    if (pieces.length > 0) words.push(...cutWord(pieces, space, room));
    pieces = [];
    space = null;
  };
  for (const piece of spans) {
    for (const text of piece.text.split(/( +)/)) {
      if (text === "") continue;
      if (!text.startsWith(" ")) {
        pieces.push({ ...piece, text });
        continue;
      }
      finish();
      space = { ...piece, text: " " };
    }
  }
  finish();
  return words;
}

function cutWord(spans: readonly Span[], space: Span | null, room: number): Word[] {
  const width = spans.reduce((sum, { text }) => sum + widthOf(text), 0);
  if (width <= room) return [{ spans, width, space }];
  const pieces = spans.flatMap(({ text, style }) =>
    hardWrap(text, room).map((cut) => ({ text: cut, style })),
  );
  return pieces.map((piece, index) => ({
    spans: [piece],
    width: widthOf(piece.text),
    space: index === 0 ? space : null,
  }));
}

function mergeSpans(spans: readonly Span[]): Line {
  const merged: Span[] = [];
  for (const piece of spans) {
    const last = merged.at(-1);
    if (last !== undefined && last.style === piece.style)
      merged[merged.length - 1] = { ...last, text: last.text + piece.text };
    else merged.push(piece);
  }
  return merged;
}
