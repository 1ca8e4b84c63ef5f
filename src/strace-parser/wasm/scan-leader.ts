// AssemblyScript. The leaders that nearly every line has: `pid? time?`, a space behind each.
import { EPOCH, EPOCH_MICROS, PID, TIME } from "../src/record";
import { INPUT } from "./memory";

export function byteAt(at: i32): i32 {
  return i32.load8_u(INPUT + at);
}

export function isDigit(byte: i32): bool {
  return ((byte - 48) as u32) < 10;
}

/** Six digits as a number, -1 when they are not digits. */
export function sixDigits(at: i32): i32 {
  // Eight bytes, the first two of them zeros, added up in three steps.
  const text = (i64.load(INPUT + at - 2) & ~0xffff) | 0x3030;
  const digits = text - 0x3030303030303030;
  if (((digits | (text + 0x4646464646464646)) & 0x8080808080808080) !== 0) return -1;
  const pairs = digits * 10 + (digits >> 8);
  const high = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const low = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return ((high + low) >> 32) as i32;
}

/** `10:45:58` and a dot or a space. */
function isClock(at: i32): bool {
  const text = i64.load(INPUT + at);
  if ((text & 0x0000ff0000ff0000) !== 0x00003a00003a0000) return false;
  const digits = (text & ~0x0000ff0000ff0000) | 0x0000300000300000;
  const rest = digits - 0x3030303030303030;
  return ((rest | (digits + 0x4646464646464646)) & 0x8080808080808080) === 0;
}

/** Writes the leader's part of the record; returns where the body begins, -1: not of this form. */
export function scanLeader(line: i32, record: i32): i32 {
  let at = line;
  let pid = 0;
  while (isDigit(byteAt(at))) pid = pid * 10 + byteAt(at++) - 48;
  const digits = at - line;
  if (digits > 0 && digits <= 7 && byteAt(at) === 32) {
    if (byteAt(line) === 48) return -1;
    at++;
    while (byteAt(at) === 32 && at < line + 6) at++;
  } else {
    pid = -1;
    at = line;
  }
  i32.store(record, pid, PID * 4);
  i32.store(record, -1, TIME * 4);
  i32.store(record, 0, EPOCH * 4);
  i32.store(record, -1, EPOCH_MICROS * 4);
  if (isDigit(byteAt(at))) at = scanTime(at, record);
  const next = byteAt(at);
  return at < 0 || isDigit(next) || next === 32 || next === 40 || next === 91 ? -1 : at;
}

/** `10:45:58.022405 ` or `1795327976.116875 `; the fraction may be absent from the first. */
function scanTime(at: i32, record: i32): i32 {
  i32.store(record, at, TIME * 4);
  let dot = at + 8;
  if (!isClock(at)) {
    let seconds: i64 = 0;
    dot = at;
    while (isDigit(byteAt(dot)) && dot < at + 11) seconds = seconds * 10 + byteAt(dot++) - 48;
    if (dot < at + 9 || dot > at + 10 || byteAt(dot) !== 46 || seconds > 0xffffffff) return -1;
    i32.store(record, seconds as i32, EPOCH * 4);
  } else if (byteAt(dot) === 32) return dot + 1;
  const micros = sixDigits(dot + 1);
  if (byteAt(dot) !== 46 || micros < 0 || byteAt(dot + 7) !== 32) return -1;
  if (dot !== at + 8) i32.store(record, micros, EPOCH_MICROS * 4);
  return dot + 8;
}
