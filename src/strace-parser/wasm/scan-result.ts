// AssemblyScript. ` = 3</path> ENAME (text) (note) <0.000012>` to the end of the line.
import {
  END,
  ERRNO,
  ERRNO_END,
  NOTES_END,
  RESULT,
  RESULT_END,
  SECONDS,
  TEXT_END,
  TOOK,
} from "../src/record";
import { INPUT } from "./memory";
import { byteAt, isDigit, sixDigits } from "./scan-leader";
import { opensLink, skipLink, skipNote, skipProse, spacesAt, tokenAt } from "./scan-text";

/** Reads on from behind the closing parenthesis; returns the line feed's token, 0: not of this form. */
export function scanResult(token: i32, from: i32, base: i32, record: i32): i32 {
  let at = from;
  let spaces = spacesAt(at);
  at += spaces;
  while (spaces === 16) {
    spaces = spacesAt(at);
    at += spaces;
  }
  if (at === from || i32.load16_u(INPUT + at) !== 0x203d) return 0;
  at += 2;
  i32.store(record, at - base, RESULT * 4);
  const v = v128.load(INPUT + at);
  const stops = v128.or(
    v128.or(i8x16.eq(v, i8x16.splat(32)), i8x16.eq(v, i8x16.splat(10))),
    i8x16.eq(v, i8x16.splat(60)),
  );
  const length = ctz(i8x16.bitmask(stops) | 0x10000);
  if (length === 0 || length === 16 || byteAt(at) === 40) return 0;
  at += length;
  if (byteAt(at) === 60) {
    if (tokenAt(token) !== at || !opensLink(at)) return 0;
    token = skipLink(token + 4, at);
    if (token === 0) return 0;
    at = tokenAt(token) + 1;
    token += 4;
  }
  return scanTail(token, at, base, record);
}

function storeMarks(record: i32, errno: i32, errnoEnd: i32, textEnd: i32): void {
  i32.store(record, errno, ERRNO * 4);
  i32.store(record, errnoEnd, ERRNO_END * 4);
  i32.store(record, textEnd, TEXT_END * 4);
}

/** What stands behind the value. */
function scanTail(token: i32, from: i32, base: i32, record: i32): i32 {
  let at = from;
  i32.store(record, at - base, RESULT_END * 4);
  storeMarks(record, at - base, at - base, at - base);
  i32.store(record, 0, SECONDS * 4);
  i32.store(record, -1, TOOK * 4);
  let next = byteAt(at) === 32 ? byteAt(at + 1) : 0;
  if (((next - 65) as u32) < 26) {
    token = scanErrno(token, at + 1, base, record);
    if (token === 0) return 0;
    at = errnoEnd;
    next = byteAt(at) === 32 ? byteAt(at + 1) : 0;
  } else if (next === 40 && byteAt(at + 2) === 101) return 0;
  else if (next === 91 || next === 47 || next === 61) return 0;
  while (next === 40) {
    if (tokenAt(token) !== at + 1) return 0;
    token = skipNote(token + 4);
    if (token === 0) return 0;
    at = tokenAt(token) + 1;
    token += 4;
    next = byteAt(at) === 32 ? byteAt(at + 1) : 0;
  }
  i32.store(record, at - base, NOTES_END * 4);
  if (next === 60) {
    at = scanSeconds(at + 2, base, record);
    token += 8;
  }
  if (byteAt(at) !== 10 || tokenAt(token) !== at || byteAt(at - 1) === 13) return 0;
  if (i32.load16_u(INPUT + at - 2) === 0x3e2e) return 0;
  i32.store(record, at - base, END * 4);
  return token;
}

/** Where `scanErrno` came to. */
let errnoEnd: i32 = 0;

function scanErrno(token: i32, from: i32, base: i32, record: i32): i32 {
  let at = from;
  while (true) {
    const byte = byteAt(at);
    if (((byte - 65) as u32) >= 26 && !isDigit(byte) && byte !== 95 && byte !== 63) break;
    at++;
  }
  const end = at;
  if (i32.load16_u(INPUT + at) === 0x2820) {
    if (tokenAt(token) !== at + 1) return 0;
    token = skipProse(token + 4);
    if (token === 0) return 0;
    at = tokenAt(token);
    storeMarks(record, from - base, end - base, at - base);
    at++;
    token += 4;
  } else storeMarks(record, from - base, end - base, end - base);
  errnoEnd = at;
  return token;
}

/** From the first digit; returns where the line should end, -1 when it cannot. */
function scanSeconds(from: i32, base: i32, record: i32): i32 {
  i32.store(record, from - base, SECONDS * 4);
  let at = from;
  let seconds = 0;
  while (isDigit(byteAt(at))) seconds = seconds * 10 + byteAt(at++) - 48;
  const whole = at - from;
  if (byteAt(at) === 46 && byteAt(at + 7) === 62 && whole > 0 && whole <= 3) {
    const micros = sixDigits(at + 1);
    if (micros < 0) return -1;
    i32.store(record, seconds * 1000000 + micros, TOOK * 4);
    return at + 8;
  }
  if (byteAt(at) === 46) at++;
  while (isDigit(byteAt(at))) at++;
  return at > from && byteAt(at) === 62 ? at + 1 : -1;
}
