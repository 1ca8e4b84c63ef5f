import { NumberValue, StringValue, SymbolValue } from "./scalar-value.ts";
import { charEnd, stringEnd } from "./scan-tokens.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";
import { cursor } from "./value-cursor.ts";

const _QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const COLON = 58;

/** Where no value begins: nothing is read. */
export const empty: Value = { kind: "placeholder", text: "" };
const dots: Value = { kind: "placeholder", text: "..." };
const nullPointer: Value = { kind: "placeholder", text: "NULL" };

/** What the first byte of a value says about it. */
export const DIGIT = 1;
export const LETTER = 2;
export const starts = new Uint8Array(256);
export const nameChars = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") {
  starts[char.charCodeAt(0)] = LETTER;
  nameChars[char.charCodeAt(0)] = 1;
}
for (const char of "0123456789") {
  starts[char.charCodeAt(0)] = DIGIT;
  nameChars[char.charCodeAt(0)] = 1;
}

export function readNumber(): Value {
  const { source, bytes, at, to } = cursor;
  let end = at + 1;
  while (end < to && nameChars[bytes[end] as number] === 1) end++;
  const next = end < to ? bytes[end] : 0;
  if (next === COLON || next === MINUS || next === DOT) {
    const word = readWord();
    if (word !== null) return word;
  }
  if (!isNumber(bytes, at, end)) return readWord() ?? empty;
  cursor.at = end;
  return new NumberValue(source, at, end);
}

/** A bare name; `NULL` is none. */
export function symbolOrNull(source: Source, bytes: Uint8Array, from: number, to: number): Value {
  const none = to - from === 4 && bytes[from] === 78 && bytes[from + 1] === 85;
  if (none && bytes[from + 2] === 76 && bytes[from + 3] === 76) return nullPointer;
  return new SymbolValue(source, from, to);
}

export function isNumber(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  if (bytes[at] === MINUS) at++;
  if (bytes[at] === 48 && bytes[at + 1] === 120 && at + 2 < end) {
    for (at += 2; at < end; at++) if (!isHex(bytes[at] as number)) return false;
    return true;
  }
  if (at === end) return false;
  for (; at < end; at++) if (starts[bytes[at] as number] !== DIGIT) return false;
  return true;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

const words = [
  ["uuid", /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y],
  ["date", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d{4}|Z)?/y],
  ["mac", /[0-9a-f]{2}(?::[0-9a-f]{2})+/y],
  ["address", /\d+\.\d+\.\d+\.\d+/y],
  ["decimal", /-?\d+\.\d+/y],
  ["namespace", /[a-z_]+:\[\d+\]/y],
] as const;

/** A word with `-`, `:` or `.` in it. */
export function readWord(): Value | null {
  for (const [form, regex] of words) {
    regex.lastIndex = cursor.at;
    if (!regex.test(cursor.source.text) || regex.lastIndex > cursor.to) continue;
    const text = cursor.source.text.slice(cursor.at, regex.lastIndex);
    if (nameChars[cursor.bytes[regex.lastIndex] ?? 0] === 1 && regex.lastIndex < cursor.to)
      continue;
    cursor.at = regex.lastIndex;
    return { kind: "word", form, text };
  }
  return null;
}

export function readString(abstract: boolean): Value {
  const { source, bytes, at, to } = cursor;
  const open = abstract ? at + 1 : at;
  const end = stringEnd(bytes, open, to);
  if (end < 0) return empty;
  const truncated = end + 3 <= to && isDots(bytes, end);
  cursor.at = truncated ? end + 3 : end;
  return new StringValue(source, open + 1, end - 1, truncated, abstract);
}

export function isDots(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === DOT && bytes[at + 1] === DOT && bytes[at + 2] === DOT;
}

export function readDots(): Value {
  if (cursor.at + 3 > cursor.to || !isDots(cursor.bytes, cursor.at)) return empty;
  cursor.at += 3;
  return dots;
}

export function readQuestion(): Value {
  const text = cursor.source.text.startsWith("???", cursor.at) ? "???" : "?";
  if (cursor.at + text.length > cursor.to) return empty;
  cursor.at += text.length;
  return { kind: "placeholder", text };
}

/** `'S'`, `'\\xb5'`. */
export function readChar(): Value {
  const { source, bytes, at, to } = cursor;
  const end = charEnd(bytes, at, to);
  if (end < 0) return empty;
  cursor.at = end;
  return { kind: "char", text: source.text.slice(at, end) };
}

const resuming = /<\.\.\. resuming interrupted \S* \.\.\.>/y;

export function readResuming(): Value {
  resuming.lastIndex = cursor.at;
  if (!resuming.test(cursor.source.text) || resuming.lastIndex > cursor.to) return empty;
  const text = cursor.source.text.slice(cursor.at, resuming.lastIndex);
  cursor.at = resuming.lastIndex;
  return { kind: "placeholder", text };
}
