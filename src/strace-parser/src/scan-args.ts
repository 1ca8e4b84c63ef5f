import type { Block } from "./block.ts";
import { charEnd, commentEnd, linkEnd, opensLink, stringEnd } from "./scan-tokens.ts";

const QUOTE = 1;
const APOSTROPHE = 2;
const OPEN = 3;
const CLOSE = 4;
const COMMA = 5;
const SLASH = 6;
const LESS = 7;
const LINE_FEED = 8;

const classes = new Uint8Array(256);
const kinds: readonly (readonly [string, number])[] = [
  ['"', QUOTE],
  ["'", APOSTROPHE],
  ["([{", OPEN],
  [")]}", CLOSE],
  [",", COMMA],
  ["/", SLASH],
  ["<", LESS],
  // So that the scan for the next byte of a kind stops at the end of its line without looking.
  ["\n", LINE_FEED],
];
for (const [chars, kind] of kinds) {
  for (const char of chars) classes[char.charCodeAt(0)] = kind;
}

/** What ends a run inside a string, and inside the path of a link. */
const strings = tableOf('"\\\n');
const links = tableOf("<>\n");

function tableOf(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

/** How deep the last scan was in brackets when its text ended before the closing bracket. */
export let openDepth = 0;

/**
 * The one scanner of arguments: from behind an opening bracket (or, in a call's second half, from
 * `depth` brackets further in) to its closing one. Strings, characters, comments (they nest under
 * -X verbose) and `<…>` are opaque to it; brackets nest. Linear.
 *
 * Marks the end of each top-level argument but the last, less `base`. Returns where the closing
 * bracket is, or -1 when the text ends first; `openDepth` then says how deep.
 */
export function scanArgs(
  block: Block,
  from: number,
  to: number,
  base: number,
  depth: number,
): number {
  const bytes = block.bytes;
  let open = depth;
  let at = from;
  for (;;) {
    while (classes[bytes[at] as number] === 0) at++;
    if (at >= to) break;
    const kind = classes[bytes[at] as number] as number;
    if (kind === COMMA) {
      at++;
      if (open === 0 && bytes[at] === 32 && at < to) block.mark(at - 1 - base);
    } else if (kind === QUOTE) {
      at++;
      while (strings[bytes[at] as number] === 0) at++;
      at = bytes[at] === 34 ? at + 1 : skipString(bytes, at, to);
    } else if (kind === OPEN) {
      open++;
      at++;
    } else if (kind === CLOSE) {
      if (open === 0 && at < to) return at;
      open--;
      at++;
    } else if (kind === LESS && bytes[at + 1] === 47 && opensLink(bytes, at)) {
      let end = at + 2;
      while (links[bytes[end] as number] === 0) end++;
      at = bytes[end] === 62 ? end + 1 : skipToken(bytes, at, to, kind);
    } else at = skipToken(bytes, at, to, kind);
  }
  openDepth = open;
  return -1;
}

/** The rest of a string from its first backslash, or from where its line ends. */
function skipString(bytes: Uint8Array, at: number, to: number): number {
  if (at >= to) return to;
  const end = stringEnd(bytes, at - 1, to);
  return end < 0 ? to : end;
}

/** Behind the bracket that closes the one before `from`, -1 when none does. */
export function closingBracket(bytes: Uint8Array, from: number, to: number): number {
  let open = 0;
  for (let at = from; at < to; at++) {
    const kind = classes[bytes[at] as number];
    if (kind === 0 || kind === COMMA) continue;
    if (kind === OPEN) open++;
    else if (kind === CLOSE) {
      if (open-- === 0) return at;
    } else at = skipToken(bytes, at, to, kind as number) - 1;
  }
  return -1;
}

/** Behind the token at `at`; behind its first byte when it is not that token after all. */
function skipToken(bytes: Uint8Array, at: number, to: number, kind: number): number {
  let end = -1;
  if (kind === QUOTE) {
    end = stringEnd(bytes, at, to);
    if (end < 0) return to;
  } else if (kind === LESS) {
    if (opensLink(bytes, at)) end = linkEnd(bytes, at, to);
    if (end < 0) return isShift(bytes, at) ? at + 2 : at + 1;
  } else if (kind === SLASH) {
    if (bytes[at + 1] !== 42) return at + 1;
    end = commentEnd(bytes, at, to);
    if (end < 0) return to;
  } else end = charEnd(bytes, at, to);
  return end < 0 ? at + 1 : end;
}

function isShift(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 60;
}

/** Where the item of a list that begins at `from` ends: before `, ` or a closing bracket. */
export function itemEnd(bytes: Uint8Array, from: number, to: number): number {
  let open = 0;
  for (let at = from; at < to; at++) {
    const kind = classes[bytes[at] as number];
    if (kind === 0) continue;
    if (kind === COMMA) {
      if (open === 0 && bytes[at + 1] === 32) return at;
    } else if (kind === OPEN) open++;
    else if (kind === CLOSE) {
      if (open-- === 0) return at;
    } else at = skipToken(bytes, at, to, kind as number) - 1;
  }
  return to;
}
