import { readArray, readGroup, readList, readNested, readStruct } from "./read-list.ts";
import {
  DIGIT,
  empty,
  LETTER,
  nameChars,
  readChar,
  readDots,
  readNumber,
  readQuestion,
  readResuming,
  readString,
  readWord,
  starts,
  symbolOrNull,
} from "./read-scalar.ts";
import { NamedValue } from "./scalar-value.ts";
import { commentEnd } from "./scan-tokens.ts";
import type { Value } from "./value.ts";
import { cursor, MAX_DEPTH } from "./value-cursor.ts";

const SPACE = 32;
const QUOTE = 34;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const _COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const OPEN_BRACKET = 91;
const _CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const _CLOSE_BRACE = 125;

/** Reads what one value begins with. Reads nothing (an empty placeholder) where none begins. */
export function readPrimary(): Value {
  const { bytes, at, to, begun } = cursor;
  if (begun !== null) {
    cursor.begun = null;
    return begun;
  }
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
  const { bytes, at, to } = cursor;
  const next = at + 1 < to ? bytes[at + 1] : 0;
  if (code === 64 && next === QUOTE) return readString(true);
  if (code === 39) return readChar();
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

function readNegated(): Value {
  if (cursor.depth >= MAX_DEPTH) return empty;
  cursor.depth++;
  const value = readPrimary();
  cursor.depth--;
  return value;
}

/** `NAME`, `name(…)`, `name=…`, `fmt.pix=…`, `XXX_???`. */
function readSymbol(): Value {
  const { source, bytes, at, to } = cursor;
  const end = symbolEnd(bytes, at, to);
  const next = end < to ? bytes[end] : 0;
  if (next === COLON) {
    const word = readWord();
    if (word !== null) return word;
  }
  if (next === OPEN_PAREN) {
    const name = source.text.slice(at, end);
    cursor.at = end;
    const args: Value[] = [];
    const close = readList(args, CLOSE_PAREN);
    return { kind: "call", name, args, end: close };
  }
  if (next === EQUALS && bytes[end + 1] !== GREATER) {
    cursor.at = end + 1;
    return new NamedValue(source, at, end, readNested());
  }
  if (bytes[at + 2] === MINUS || bytes[at + 8] === MINUS) {
    const word = readWord();
    if (word !== null) return word;
  }
  cursor.at = end;
  return symbolOrNull(source, bytes, at, end);
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

/** `/* bytes 4..7 *\/ "\x01"`, or a comment that stands for the value. */
function readLeadingComment(): Value {
  const { source, bytes, at, to } = cursor;
  if (bytes[at + 1] !== 42 || at + 1 >= to) return empty;
  const end = commentEnd(bytes, at, to);
  if (end < 0) return empty;
  const comment = source.text.slice(at, end);
  cursor.at = end;
  if (bytes[end] !== SPACE || end >= to || bytes[end + 1] !== QUOTE) {
    return { kind: "comment", comment };
  }
  cursor.at = end + 1;
  return { kind: "commented", value: readPrimary(), comment, place: "before" };
}
