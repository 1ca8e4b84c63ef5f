/** Ends of the tokens that may hide brackets and commas. All work on bytes, `to` is exclusive. */

const QUOTE = 34;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const SPACE = 32;

/** strace bounds what it prints in brackets behind a descriptor: sun_path, addresses, signals. */
const LINK_BRACKETS = 4096;

/** Behind the closing quote of the string at `at`, -1 when it has none. */
export function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    const code = bytes[i];
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** Behind `'x'`, `'\n'`, `'\xff'`, `'\''`; -1 when the apostrophe opens none. */
export function charEnd(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at + 1] !== BACKSLASH) return bytes[at + 2] === APOSTROPHE && at + 2 < to ? at + 3 : -1;
  for (let i = at + 3; i <= at + 5 && i < to; i++) {
    if (bytes[i] === APOSTROPHE) return i + 1;
  }
  return -1;
}

/** Behind the comment at `at`, with the comments and strings inside it; -1 when it stays open. */
export function commentEnd(bytes: Uint8Array, at: number, to: number): number {
  let depth = 0;
  for (let i = at; i < to; i++) {
    const code = bytes[i];
    if (code === QUOTE) i = commentedStringEnd(bytes, i, to) - 1;
    else if (code === SLASH && bytes[i + 1] === STAR) {
      depth++;
      i++;
    } else if (code === STAR && bytes[i + 1] === SLASH) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}

/** As `stringEnd`, but a quote that `*\/` follows first is only a quote: some comments hold prose. */
function commentedStringEnd(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    const code = bytes[i];
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
    else if (code === STAR && bytes[i + 1] === SLASH) return at + 1;
  }
  return at + 1;
}

/** Whether `<` belongs to the descriptor or pid before it: no shift, comparison or mark. */
export function opensLink(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1] ?? 0;
  const word = (before >= 48 && before <= 57) || (before >= 65 && before <= 90);
  // -X verbose puts the number's comment before it: `-100 /* AT_FDCWD */</tmp>`.
  if (!word && (before !== SLASH || bytes[at - 2] !== STAR)) return false;
  const next = bytes[at + 1];
  return next !== LESS && next !== EQUALS && next !== SPACE;
}

/**
 * Behind the `>` that closes the `<` at `at`, with `(deleted)`; -1 when none does. In a path `<`
 * and `>` are escaped (4.22+), so only `<char 1:3>` nests; an arrow stands only in `TCP:[…->…]`.
 */
export function linkEnd(bytes: Uint8Array, at: number, to: number): number {
  const first = bytes[at + 1];
  const plain = first === SLASH || first === BACKSLASH;
  const inner = plain ? at + 1 : bracketsEnd(bytes, at + 1, to);
  const end = angleEnd(bytes, inner, to);
  return end >= 0 && bytes[end] === 40 && isDeleted(bytes, end, to) ? end + 9 : end;
}

function angleEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 1;
  for (let i = from; i < to; i++) {
    const code = bytes[i];
    if (code === GREATER) {
      if (--depth === 0) return i + 1;
    } else if (code === LESS && ++depth > 2) return -1;
  }
  return -1;
}

const deleted = [..."(deleted)"].map((char) => char.charCodeAt(0));

function isDeleted(bytes: Uint8Array, at: number, to: number): boolean {
  return at + 9 <= to && deleted.every((code, i) => bytes[at + i] === code);
}

/** Behind the brackets of `TCP:[…]`, `pipe:[…]`, `{eventfd-count=…}`; `from` when there are none. */
function bracketsEnd(bytes: Uint8Array, from: number, to: number): number {
  const stop = Math.min(to, from + LINK_BRACKETS);
  let at = from;
  if (bytes[at] !== OPEN_BRACE) {
    while (at < stop && isPlain(bytes[at] as number)) at++;
    if (bytes[at] !== OPEN_BRACKET) return from;
  }
  let depth = 0;
  for (; at < stop; at++) {
    const code = bytes[at];
    if (code === QUOTE) {
      const end = stringEnd(bytes, at, stop);
      if (end < 0) return from;
      at = end - 1;
    } else if (code === LESS) return from;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) depth++;
    else if ((code === CLOSE_BRACKET || code === CLOSE_BRACE) && --depth === 0) {
      return bytes[at + 1] === GREATER || bytes[at + 1] === LESS ? at + 1 : from;
    }
  }
  return from;
}

function isPlain(code: number): boolean {
  return code !== OPEN_BRACKET && code !== GREATER && code !== LESS && code !== SPACE;
}
