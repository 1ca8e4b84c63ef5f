/** Character codes the scanner turns on. */
const QUOTE = 34;
const APOSTROPHE = 39;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const COMMA = 44;
const SLASH = 47;
const STAR = 42;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const SPACE = 32;

/**
 * The one scanner over a line: from just behind an opening bracket to its closing one. Strings,
 * characters, comments (they nest under -X verbose) and `<…>` are opaque to it; brackets nest.
 *
 * Appends start and end of each top-level argument to `spans`. Returns where the closing bracket
 * is, or -1 when the text ends first; `spans` then holds what there was. Linear in the text.
 */
export function scanArgs(text: string, open: number, spans: number[]): number {
  let depth = 0;
  let start = open;
  let at = open;
  for (; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(text, at) - 1;
        break;
      case APOSTROPHE:
        at = charEnd(text, at) - 1;
        break;
      case SLASH:
        if (text.charCodeAt(at + 1) === STAR) at = commentEnd(text, at) - 1;
        break;
      case LESS:
        if (opensAssociation(text, at)) at = associationEnd(text, at) - 1;
        break;
      case OPEN_PAREN:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth++;
        break;
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        if (depth === 0) {
          if (at > open) spans.push(start, at);
          return at;
        }
        depth--;
        break;
      case COMMA:
        if (depth > 0) break;
        spans.push(start, at);
        start = text.charCodeAt(at + 1) === SPACE ? at + 2 : at + 1;
        at = start - 1;
        break;
    }
  }
  if (text.length > open) spans.push(Math.min(start, text.length), text.length);
  return -1;
}

/** Behind the closing quote of the string at `at`; the text's end when it has none. */
export function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i + 1;
  }
  return text.length;
}

/** Behind `'x'`, `'\n'`, `'\xff'`, `'\''`; just behind the apostrophe when it is only that. */
function charEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== BACKSLASH) {
    return text.charCodeAt(at + 2) === APOSTROPHE ? at + 3 : at + 1;
  }
  for (let i = at + 3; i <= at + 5; i++) {
    if (text.charCodeAt(i) === APOSTROPHE) return i + 1;
  }
  return at + 1;
}

/** Behind the comment at `at`, with the comments and strings inside it. */
export function commentEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if (code === SLASH && text.charCodeAt(i + 1) === STAR) {
      depth++;
      i++;
    } else if (code === STAR && text.charCodeAt(i + 1) === SLASH) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return text.length;
}

/** Whether `<` belongs to the descriptor or pid before it: no shift, comparison, `<unfinished`. */
export function opensAssociation(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const word = (before >= 48 && before <= 57) || (before >= 65 && before <= 90);
  const next = text.charCodeAt(at + 1);
  return word && next !== LESS && next !== EQUALS;
}

/**
 * Behind the `>` that closes the `<` at `at`. In a path `<` and `>` are escaped (4.22+), so only
 * `<char 1:3>` nests; in `TCP:[1.2.3.4:80->…]` an arrow may stand between the brackets.
 */
export function associationEnd(text: string, at: number): number {
  const bracket = protocolBracket(text, at + 1);
  const from = bracket < 0 ? at + 1 : protocolEnd(text, bracket);
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LESS) depth++;
    else if (code === GREATER && --depth === 0) return i + 1;
  }
  return text.length;
}

/** Where the bracket of `TCP:[`, `UNIX-STREAM:[` … is, or -1. */
function protocolBracket(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first < 65 || first > 90) return -1;
  for (let i = from; i < from + 24; i++) {
    const code = text.charCodeAt(i);
    if (code === 58) return text.charCodeAt(i + 1) === OPEN_BRACKET ? i + 1 : -1;
    if (code === SPACE || code === GREATER) return -1;
  }
  return -1;
}

/** Behind the bracket that closes the one at `open`; the text's end when none does. */
function protocolEnd(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if (code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACKET && --depth === 0) return i + 1;
  }
  return text.length;
}
