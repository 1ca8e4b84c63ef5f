import type { Block } from "./block.ts";
import {
  END,
  ERRNO,
  ERRNO_END,
  NOTES_END,
  RESULT,
  RESULT_END,
  SECONDS,
  TEXT_END,
  UNAVAILABLE,
} from "./record.ts";
import { closingBracket } from "./scan-args.ts";
import { commentEnd, linkEnd, opensLink } from "./scan-tokens.ts";

const SPACE = 32;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const LESS = 60;

/** Where the `(` behind a call's name is, -1 when there is no name. */
export function nameEnd(bytes: Uint8Array, from: number, to: number): number {
  const at = nameStop(bytes, from, to);
  return at > from && at < to && bytes[at] === OPEN_PAREN ? at : -1;
}

/** Behind the characters a call's name may have. */
export function nameStop(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && nameChars[bytes[at] as number] === 1) at++;
  return at;
}

/** openat, syscall_0x1f4, old_mmap#64 (4.23+), 64:mmap (before), ???. */
const nameChars = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_#:?") {
  nameChars[char.charCodeAt(0)] = 1;
}

/**
 * Reads ` = 3</path> ENAME (text) (note) <0.000012>` from behind the closing parenthesis to `to`
 * into the record at `at`. False when the text is not of that form to its very end.
 */
export function scanResult(
  block: Block,
  from: number,
  to: number,
  base: number,
  at: number,
): boolean {
  const { bytes, marks } = block;
  let i = from;
  while (bytes[i] === SPACE && i < to) i++;
  if (i === from || bytes[i] !== 61 || bytes[i + 1] !== SPACE) return false;
  const start = i + 2;
  const end = resultEnd(bytes, start, to);
  if (end <= start || end > to) return false;
  marks[at + RESULT] = start - base;
  marks[at + RESULT_END] = end - base;
  i = scanErrno(bytes, end, to, base, marks, at);
  if (i < 0) return false;
  i = scanNotes(bytes, i, to);
  if (i < 0) return false;
  marks[at + NOTES_END] = i - base;
  marks[at + END] = to - base;
  if (i === to) return true;
  return scanSeconds(bytes, i, to, base, marks, at);
}

/** End of the value: a word with its `<…>`, then comments, ` => …` or ` [context]`. */
function resultEnd(bytes: Uint8Array, start: number, to: number): number {
  if (bytes[start] === LESS || bytes[start] === OPEN_PAREN) return start;
  let at = wordEnd(bytes, start, to);
  while (at + 1 < to) {
    const next = bytes[at + 1];
    if (next === 47 && bytes[at + 2] === 42) at = orAll(commentEnd(bytes, at + 1, to), to);
    else if (next === 91) at = orAll(closingBracket(bytes, at + 2, to) + 1 || -1, to);
    else if (next === 61 && bytes[at + 2] === 62) at = wordEnd(bytes, at + 4, to);
    else return at;
  }
  return at;
}

function orAll(end: number, to: number): number {
  return end < 0 ? to : end;
}

function wordEnd(bytes: Uint8Array, start: number, to: number): number {
  let at = start;
  while (at < to && bytes[at] !== SPACE) {
    if (bytes[at] === LESS && opensLink(bytes, at)) {
      const end = linkEnd(bytes, at, to);
      at = end < 0 ? at + 1 : end;
    } else at++;
  }
  return at;
}

/** ` ENOENT (No such file or directory)`, ` (errno 524)`, ` <unavailable>` or nothing. */
function scanErrno(
  bytes: Uint8Array,
  from: number,
  to: number,
  base: number,
  marks: Int32Array,
  at: number,
): number {
  let start = from + 1;
  let end = start;
  const first = from + 1 < to ? (bytes[start] as number) : 0;
  marks[at + UNAVAILABLE] = 0;
  if (first === LESS && bytes[start + 1] === 117) {
    marks[at + UNAVAILABLE] = 1;
    start = end = from + 14;
    if (end > to || bytes[end - 1] !== 62) return -1;
  } else if (first >= 65 && first <= 90) {
    while (end < to && isNameChar(bytes[end] as number)) end++;
  } else if (first === OPEN_PAREN && startsErrno(bytes, start, to)) {
    start = end = from + 8;
    while (end < to && isDigit(bytes[end] as number)) end++;
    if (bytes[end] !== CLOSE_PAREN || end >= to) return -1;
    marks[at + ERRNO] = start - base;
    marks[at + ERRNO_END] = end - base;
    marks[at + TEXT_END] = end - base;
    return end + 1;
  } else start = end = from;
  marks[at + ERRNO] = start - base;
  marks[at + ERRNO_END] = end - base;
  marks[at + TEXT_END] = end - base;
  if (end === start || bytes[end] !== SPACE || bytes[end + 1] !== OPEN_PAREN) return end;
  const close = textEnd(bytes, end + 2, to);
  if (close < 0) return -1;
  marks[at + TEXT_END] = close - base;
  return close + 1;
}

/** strerror(3) is prose: only parentheses count in it, not quotes. */
function textEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === OPEN_PAREN) depth++;
    else if (bytes[at] === CLOSE_PAREN && depth-- === 0) return at;
  }
  return -1;
}

function startsErrno(bytes: Uint8Array, at: number, to: number): boolean {
  return (
    at + 8 < to &&
    bytes[at + 1] === 101 &&
    bytes[at + 2] === 114 &&
    bytes[at + 3] === 114 &&
    bytes[at + 4] === 110 &&
    bytes[at + 6] === SPACE &&
    isDigit(bytes[at + 7] as number)
  );
}

/** Any number of ` (…)`. */
function scanNotes(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at + 1 < to && bytes[at] === SPACE && bytes[at + 1] === OPEN_PAREN) {
    const close = closingBracket(bytes, at + 2, to);
    if (close < 0 || bytes[close] !== CLOSE_PAREN) return -1;
    at = close + 1;
  }
  return at;
}

/** ` <0.000012>` or ` <12>` and nothing behind it. */
function scanSeconds(
  bytes: Uint8Array,
  from: number,
  to: number,
  base: number,
  marks: Int32Array,
  at: number,
): boolean {
  if (bytes[from] !== SPACE || bytes[from + 1] !== LESS || bytes[to - 1] !== 62) return false;
  for (let i = from + 2; i < to - 1; i++) {
    if (!isDigit(bytes[i] as number) && bytes[i] !== 46) return false;
  }
  marks[at + SECONDS] = from + 2 - base;
  return to - from > 3;
}

function isNameChar(code: number): boolean {
  return (code >= 65 && code <= 90) || isDigit(code) || code === 95 || code === 63;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
