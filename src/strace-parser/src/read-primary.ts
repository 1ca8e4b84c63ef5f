import { opaqueItem, readItem } from "./read-value.ts";
import { charEnd, commentEnd, stringEnd } from "./scan-tokens.ts";
import { type ArrayValue, type End, NumberValue, StringValue, type Value } from "./value.ts";
import { cursor } from "./value-cursor.ts";

const SPACE = 32;
const QUOTE = 34;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Brackets deeper than this stay opaque: strace nests a dozen at most. */
const MAX_DEPTH = 64;

/** Reads what one value begins with. Reads nothing (an empty placeholder) where none begins. */
export function readPrimary(): Value {
  const { bytes, at, to } = cursor;
  if (at >= to) return empty;
  const code = bytes[at] as number;
  const kind = starts[code] as number;
  if (kind === DIGIT) return readNumber();
  if (kind === LETTER) return readSymbol();
  switch (code) {
    case QUOTE:
      return readString(false);
    case OPEN_BRACE:
      return readStruct();
    case OPEN_BRACKET:
      return readArray(false);
    case MINUS:
      return readMinus(at + 1 < to ? (bytes[at + 1] as number) : 0);
    case DOT:
      return readDots();
    case SLASH:
      return readLeadingComment();
    default:
      return readRare(code);
  }
}

function readRare(code: number): Value {
  const { bytes, text, at, to } = cursor;
  const next = at + 1 < to ? bytes[at + 1] : 0;
  if (code === 64 && next === QUOTE) return readString(true);
  if (code === 39) {
    const end = charEnd(bytes, at, to);
    if (end < 0) return empty;
    cursor.at = end;
    return { kind: "char", text: text.slice(at, end) };
  }
  if (code === 126 && next === OPEN_BRACKET) return readArray(true);
  if (code === 126 || code === 33) {
    cursor.at++;
    return { kind: "not", operator: code === 33 ? "!" : "~", value: readNegated() };
  }
  if (code === 63) return readQuestion();
  if (code === 38) return readSymbol();
  if (code === OPEN_PAREN) return readGroup();
  return code === 60 ? readResuming() : empty;
}

/** `-1`, `-ENOENT`; nothing before an arrow. */
function readMinus(next: number): Value {
  if (next === GREATER) return empty;
  if (starts[next] !== LETTER) return readNumber();
  cursor.at++;
  return { kind: "not", operator: "-", value: readNegated() };
}

/** `(INET_DIAG_CONG-1)`. */
function readGroup(): Value {
  const items: Value[] = [];
  const from = cursor.at;
  const end = readList(items, CLOSE_PAREN);
  const value = items[0];
  if (end === ")" && items.length === 1 && value !== undefined) return { kind: "group", value };
  cursor.at = from;
  return empty;
}

function readNegated(): Value {
  if (cursor.depth >= MAX_DEPTH) return empty;
  cursor.depth++;
  const value = readPrimary();
  cursor.depth--;
  return value;
}

const empty: Value = { kind: "placeholder", text: "" };

const DIGIT = 1;
const LETTER = 2;
const starts = new Uint8Array(256);
const nameChars = new Uint8Array(256);
const wordChars = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") {
  starts[char.charCodeAt(0)] = LETTER;
  nameChars[char.charCodeAt(0)] = 1;
}
for (const char of "0123456789") {
  starts[char.charCodeAt(0)] = DIGIT;
  nameChars[char.charCodeAt(0)] = 1;
}
wordChars.set(nameChars);
for (const char of ".:-+") wordChars[char.charCodeAt(0)] = 1;

function readNumber(): Value {
  const { bytes, text, at, to } = cursor;
  let end = at + 1;
  while (end < to && nameChars[bytes[end] as number] === 1) end++;
  const next = end < to ? bytes[end] : 0;
  if (next === COLON || next === MINUS || next === DOT) {
    const word = readWord();
    if (word !== null) return word;
  }
  if (!isNumber(bytes, at, end)) return readWord() ?? empty;
  cursor.at = end;
  return new NumberValue(text.slice(at, end));
}

function isNumber(bytes: Uint8Array, from: number, end: number): boolean {
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
function readWord(): Value | null {
  for (const [form, regex] of words) {
    regex.lastIndex = cursor.at;
    if (!regex.test(cursor.text) || regex.lastIndex > cursor.to) continue;
    const text = cursor.text.slice(cursor.at, regex.lastIndex);
    if (nameChars[cursor.bytes[regex.lastIndex] ?? 0] === 1 && regex.lastIndex < cursor.to)
      continue;
    cursor.at = regex.lastIndex;
    return { kind: "word", form, text };
  }
  return null;
}

/** `NAME`, `name(…)`, `name=…`, `fmt.pix=…`, `XXX_???`. */
function readSymbol(): Value {
  const { bytes, text, at, to } = cursor;
  const end = symbolEnd(bytes, at, to);
  const next = end < to ? bytes[end] : 0;
  if (next === COLON) {
    const word = readWord();
    if (word !== null) return word;
  }
  const name = text.slice(at, end);
  if (next === OPEN_PAREN) {
    cursor.at = end;
    const args: Value[] = [];
    const close = readList(args, CLOSE_PAREN);
    return { kind: "call", name, args, end: close };
  }
  if (next === EQUALS && bytes[end + 1] !== GREATER) {
    cursor.at = end + 1;
    return { kind: "named", name, value: readNested() };
  }
  if (bytes[at + 2] === MINUS || bytes[at + 8] === MINUS) {
    const word = readWord();
    if (word !== null) return word;
  }
  cursor.at = end;
  return name === "NULL" ? { kind: "placeholder", text: name } : { kind: "symbol", name };
}

/** A call sign of AX.25 (`VALID2-7`) has six letters at most; a longer name before `-1` subtracts. */
const CALL_SIGN = 6;

/** `.` and `-` belong to a name when a letter or digit follows; `?` always. */
function symbolEnd(bytes: Uint8Array, at: number, to: number): number {
  let end = at + 1;
  for (; end < to; end++) {
    const code = bytes[end] as number;
    if (nameChars[code] === 1 || code === 63) continue;
    if (code !== DOT && code !== MINUS) return end;
    const next = end + 1 < to ? (bytes[end + 1] as number) : 0;
    if (nameChars[next] !== 1) return end;
    if (code === MINUS && starts[next] === DIGIT && end - at > CALL_SIGN) return end;
  }
  return end;
}

/** The value of a member; `a=b=c` nests, so count it. */
function readNested(): Value {
  if (cursor.depth >= MAX_DEPTH) return opaqueItem(cursor.at);
  cursor.depth++;
  const value = readItem();
  cursor.depth--;
  return value;
}

function readString(abstract: boolean): Value {
  const { bytes, text, at, to } = cursor;
  const open = abstract ? at + 1 : at;
  const end = stringEnd(bytes, open, to);
  if (end < 0) return empty;
  const truncated = bytes[end] === DOT && text.startsWith("...", end) && end + 3 <= to;
  cursor.at = truncated ? end + 3 : end;
  return new StringValue(text.slice(open + 1, end - 1), truncated, abstract);
}

function readStruct(): Value {
  const members: Value[] = [];
  const end = readList(members, CLOSE_BRACE);
  return { kind: "struct", members, end };
}

function readArray(negated: boolean): Value {
  const from = cursor.at;
  if (negated) cursor.at++;
  const items: Value[] = [];
  let end = readList(items, CLOSE_BRACKET);
  const spaced = end === "" && cursor.bytes[cursor.at] === SPACE && cursor.at < cursor.to;
  if (spaced && items.length === 1) end = readSet(items);
  if (negated || spaced) {
    if (end === "]" && (spaced || items.length < 2)) return { kind: "set", negated, items, end };
    cursor.at = from;
    return opaqueItem(from);
  }
  const array: ArrayValue = { kind: "array", items, end };
  if (cursor.bytes[cursor.at] !== EQUALS || cursor.at >= cursor.to) return array;
  if (cursor.bytes[cursor.at + 1] === GREATER) return array;
  cursor.at++;
  return { kind: "indexed", index: array, value: readNested() };
}

/** The rest of a set, from the space behind its first item. */
function readSet(items: Value[]): End {
  while (cursor.at < cursor.to && cursor.bytes[cursor.at] === SPACE) {
    cursor.at++;
    items.push(readItem());
  }
  if (cursor.bytes[cursor.at] !== CLOSE_BRACKET || cursor.at >= cursor.to) return "";
  cursor.at++;
  return "]";
}

/** Items from behind the opening bracket on; returns how the list ended. */
function readList(items: Value[], close: number): End {
  cursor.at++;
  if (cursor.depth >= MAX_DEPTH) return "";
  if (cursor.at < cursor.to && cursor.bytes[cursor.at] === close) {
    cursor.at++;
    return closers[close] as End;
  }
  if (cursor.at >= cursor.to) return "";
  cursor.depth++;
  const end = readItems(items, close);
  cursor.depth--;
  return end;
}

function readItems(items: Value[], close: number): End {
  for (;;) {
    items.push(readItem());
    if (cursor.at >= cursor.to) return "";
    const code = cursor.bytes[cursor.at];
    if (code === close) {
      cursor.at++;
      return closers[close] as End;
    }
    if (code !== COMMA || cursor.bytes[cursor.at + 1] !== SPACE) return "";
    cursor.at += 2;
    if (cursor.at >= cursor.to) return ", ";
  }
}

const closers: Readonly<Record<number, End>> = {
  [CLOSE_PAREN]: ")",
  [CLOSE_BRACKET]: "]",
  [CLOSE_BRACE]: "}",
};

function readDots(): Value {
  if (!cursor.text.startsWith("...", cursor.at) || cursor.at + 3 > cursor.to) return empty;
  cursor.at += 3;
  return { kind: "placeholder", text: "..." };
}

function readQuestion(): Value {
  const text = cursor.text.startsWith("???", cursor.at) ? "???" : "?";
  if (cursor.at + text.length > cursor.to) return empty;
  cursor.at += text.length;
  return { kind: "placeholder", text };
}

/** `/* bytes 4..7 *\/ "\x01"`, or a comment that stands for the value. */
function readLeadingComment(): Value {
  const { bytes, text, at, to } = cursor;
  if (bytes[at + 1] !== 42 || at + 1 >= to) return empty;
  const end = commentEnd(bytes, at, to);
  if (end < 0) return empty;
  const comment = text.slice(at, end);
  cursor.at = end;
  if (bytes[end] !== SPACE || end >= to || bytes[end + 1] !== QUOTE) {
    return { kind: "comment", comment };
  }
  cursor.at = end + 1;
  return { kind: "commented", value: readPrimary(), comment, place: "before" };
}

const resuming = /<\.\.\. resuming interrupted \S* \.\.\.>/y;

function readResuming(): Value {
  resuming.lastIndex = cursor.at;
  if (!resuming.test(cursor.text) || resuming.lastIndex > cursor.to) return empty;
  const text = cursor.text.slice(cursor.at, resuming.lastIndex);
  cursor.at = resuming.lastIndex;
  return { kind: "placeholder", text };
}
