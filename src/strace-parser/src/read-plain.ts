import { DIGIT, isDots, isNumber, LETTER, nameChars, starts, symbolOrNull } from "./read-scalar.ts";
import { STRING } from "./record.ts";
import { LinkedValue, NamedValue, NumberValue, StringValue } from "./scalar-value.ts";
import { linkEnd, opensLink, stringEnd } from "./scan-tokens.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";
import { cursor, grammar } from "./value-cursor.ts";

const QUOTE = 34;
const MINUS = 45;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const BAR = 124;

/**
 * The values most of a trace consists of, read without the grammar, which would read the same: a
 * number, a name, flags, a string, a descriptor with its path, `name=` and any value. Null when it is
 * none of these up to a comma, a closing bracket or the end; the cursor stays, or stands behind what
 * the grammar then begins with, so that nothing is read twice.
 */
export function readPlain(): Value | null {
  const { source, bytes, at, to } = cursor;
  if (at >= to) return null;
  const first = bytes[at] as number;
  if (first === QUOTE) return readPlainString(source, bytes, at, to);
  const kind = starts[first];
  if (kind === DIGIT) {
    let end = at + 1;
    while (end < to && starts[bytes[end] as number] === DIGIT) end++;
    if (endsAt(bytes, end, to)) {
      cursor.at = end;
      return new NumberValue(source, at, end);
    }
  }
  if (kind === 0 && (first !== MINUS || at + 1 >= to || starts[bytes[at + 1] as number] !== DIGIT))
    return null;
  const end = wordEnd(bytes, at, to);
  const next = end < to ? (bytes[end] as number) : 0;
  if (next === EQUALS && kind === LETTER) return readNamed(source, bytes, at, end);
  if (next !== LESS && next !== BAR && !ends(next)) return null;
  const word = wordAt(source, bytes, at, end);
  if (word === null) return null;
  if (next === BAR) return readFlags(word, source, bytes, end, to);
  if (next === LESS) return readLinked(word, source, bytes, end, to);
  cursor.at = end;
  return word;
}

/**
 * One string or one descriptor with its `<…>`, whose inside needs no looking at: the scanner has seen
 * that nothing else is there. Null when something stands before or behind it after all.
 */
export function readSeen(source: Source, from: number, to: number, form: number): Value | null {
  const { bytes } = source;
  if (form === STRING) {
    if (bytes[from] !== QUOTE) return null;
    if (bytes[to - 1] === QUOTE && to > from + 1)
      return new StringValue(source, from + 1, to - 1, false, false);
    const close = to - 4;
    if (close <= from || bytes[close] !== QUOTE || !isDots(bytes, close + 1)) return null;
    return new StringValue(source, from + 1, close, true, false);
  }
  const end = wordEnd(bytes, from, to);
  if (bytes[end] !== LESS || bytes[to - 1] !== GREATER || starts[bytes[from] as number] === 0)
    return null;
  const word = wordAt(source, bytes, from, end);
  return word === null ? null : new LinkedValue(word, source, end + 1, to - 1, false, null);
}

/** A comma, a closing bracket, or 0 where the text ends. */
function ends(code: number): boolean {
  return code === 44 || code === 41 || code === 125 || code === 93 || code === 0;
}

function endsAt(bytes: Uint8Array, at: number, to: number): boolean {
  return at >= to || ends(bytes[at] as number);
}

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from + 1;
  while (end < to && nameChars[bytes[end] as number] === 1) end++;
  return end;
}

function wordAt(source: Source, bytes: Uint8Array, from: number, to: number): Value | null {
  if (starts[bytes[from] as number] === LETTER) return symbolOrNull(source, bytes, from, to);
  return isNumber(bytes, from, to) ? new NumberValue(source, from, to) : null;
}

function readPlainString(source: Source, bytes: Uint8Array, at: number, to: number): Value | null {
  const close = stringEnd(bytes, at, to);
  if (close < 0) return null;
  const truncated = close + 3 <= to && isDots(bytes, close);
  const end = truncated ? close + 3 : close;
  if (!endsAt(bytes, end, to)) return null;
  cursor.at = end;
  return new StringValue(source, at + 1, close - 1, truncated, false);
}

function readNamed(source: Source, bytes: Uint8Array, at: number, end: number): Value | null {
  if (bytes[end + 1] === GREATER) return null;
  cursor.at = end + 1;
  const value = grammar.readNested();
  const named = new NamedValue(source, at, end, value);
  if (endsAt(bytes, cursor.at, cursor.to)) return named;
  cursor.begun = named;
  return null;
}

function readFlags(
  first: Value,
  source: Source,
  bytes: Uint8Array,
  bar: number,
  to: number,
): Value | null {
  let items: Value[] | null = null;
  for (let at = bar; ; ) {
    const from = at + 1;
    if (from >= to || starts[bytes[from] as number] === 0) return null;
    at = wordEnd(bytes, from, to);
    const next = at < to ? (bytes[at] as number) : 0;
    if (next !== BAR && !ends(next)) return null;
    const word = wordAt(source, bytes, from, at);
    if (word === null) return null;
    // An array that begins with two has room for two: most flags are.
    if (items === null) items = [first, word];
    else items.push(word);
    if (next === BAR) continue;
    cursor.at = at;
    return { kind: "flags", items };
  }
}

function readLinked(
  word: Value,
  source: Source,
  bytes: Uint8Array,
  at: number,
  to: number,
): Value | null {
  if (!opensLink(bytes, at)) return null;
  const end = linkEnd(bytes, at, to);
  if (end < 0 || !endsAt(bytes, end, to)) return null;
  const deleted = bytes[end - 1] === 41;
  cursor.at = end;
  return new LinkedValue(word, source, at + 1, deleted ? end - 10 : end - 1, deleted, null);
}
