import type { Block } from "./block.ts";

const SPACE = 32;
const DOT = 46;
const COLON = 58;
const LESS = 60;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** What the last `scanLeader` found. One object, used again for each line. */
export const leader = {
  /** -1: the line names no process. */
  pid: -1,
  /** Where the body starts. */
  body: 0,
};

/**
 * Reads `pid? secontext? time? relative? [sysno]? [ip]?` (strace 4.8 to 7.2, each followed by a
 * space). Never fails: what is not a leader is left to the body.
 */
export function scanLeader(block: Block, from: number, to: number): void {
  const bytes = block.bytes;
  leader.pid = -1;
  let at = from;
  const first = bytes[at] as number;
  if (isDigit(first)) at = scanBarePid(bytes, at, to);
  else if (first === OPEN_BRACKET) at = scanBracketPid(bytes, at, to);
  else if (first !== SPACE && first !== 40) {
    leader.body = from;
    return;
  }
  if (bytes[at] === OPEN_BRACKET) at = scanBrackets(block, at, to);
  if (isDigit(bytes[at] as number)) at = scanTime(bytes, at, to);
  const next = bytes[at] as number;
  if (next < 64) {
    if (next === SPACE || next === 40 || isDigit(next)) at = scanRelative(bytes, at, to);
  }
  if (bytes[at] === OPEN_BRACKET) at = scanBrackets(block, at, to);
  leader.body = at;
}

/** `12    ` (padded to five, then a space) or `12<comm> `. */
function scanBarePid(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let pid = 0;
  for (; at < to && isDigit(bytes[at] as number); at++) pid = pid * 10 + (bytes[at] as number) - 48;
  // pid_max is at most 4194304 (proc(5)); an epoch has nine digits or more.
  if (at - from > 7) return from;
  if (bytes[at] === LESS) {
    const close = commEnd(bytes, at, to, SPACE);
    if (close < 0) return from;
    at = close;
  }
  if (bytes[at] !== SPACE || at >= to) return from;
  leader.pid = pid;
  const pad = from + 6;
  at++;
  while (at < pad && bytes[at] === SPACE && at < to) at++;
  return at;
}

/** `[pid    12] ` or `[pid    12<comm>] `. */
function scanBracketPid(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from + 1] !== 112 || bytes[from + 2] !== 105 || bytes[from + 3] !== 100) return from;
  let at = from + 4;
  while (bytes[at] === SPACE) at++;
  let pid = 0;
  const digits = at;
  for (; isDigit(bytes[at] as number); at++) pid = pid * 10 + (bytes[at] as number) - 48;
  if (at === digits || at - digits > 7) return from;
  if (bytes[at] === LESS) at = commEnd(bytes, at, to, CLOSE_BRACKET);
  if (at < 0 || at + 1 >= to || bytes[at] !== CLOSE_BRACKET || bytes[at + 1] !== SPACE) return from;
  leader.pid = pid;
  return at + 2;
}

/** Behind the first `>` that `next` follows: a comm escapes `<` and `>`, but not `]`. */
function commEnd(bytes: Uint8Array, from: number, to: number, next: number): number {
  const stop = Math.min(to, from + 80);
  for (let at = from; at < stop; at++) {
    if (bytes[at] === 62) return bytes[at + 1] === next ? at + 1 : -1;
  }
  return -1;
}

/** Behind `10:45:58 `, `10:45:58.022405 `, `1795327976 ` or `1795327976.116875 `, else `from`. */
function scanTime(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 8;
  if (bytes[from + 2] !== COLON || bytes[from + 5] !== COLON) {
    at = digitsEnd(bytes, from, to);
    if (at - from < 9) return from;
  }
  if (bytes[at] === DOT) {
    // Microseconds, which -tt and -ttt print, at one look.
    at =
      bytes[at + 7] === SPACE && isDigit(bytes[at + 6] as number)
        ? at + 7
        : digitsEnd(bytes, at + 1, to);
  }
  return bytes[at] === SPACE && at < to ? at + 1 : from;
}

/** Behind `     0.000920 ` (-r alone) or `(+     0.000241) ` (-r beside another), else `from`. */
function scanRelative(bytes: Uint8Array, from: number, to: number): number {
  const beside = bytes[from] === 40;
  if (beside && bytes[from + 1] !== 43) return from;
  let at = beside ? from + 2 : from;
  while (bytes[at] === SPACE && at < to) at++;
  const whole = digitsEnd(bytes, at, to);
  if (whole === at) return from;
  at = bytes[whole] === DOT ? digitsEnd(bytes, whole + 1, to) : whole;
  // Whole seconds (--relative-timestamps=s) stand alone only behind their padding.
  if (at === whole && !beside && bytes[from] !== SPACE) return from;
  if (beside && bytes[at++] !== 41) return from;
  return bytes[at] === SPACE && at < to ? at + 1 : from;
}

const bracketForm = /\[(?: *\d{1,5}|[0-9a-f]{16}|[0-9a-f]{8}|\?+|[^\]\s]*(?:_t|:|!!)[^\]\s]*)\] /y;

/** Behind `[ 257] `, `[00007f0e0d463ad7] `, `[????????] ` and security contexts. */
function scanBrackets(block: Block, from: number, to: number): number {
  let at = from;
  while (at < to && block.bytes[at] === OPEN_BRACKET) {
    bracketForm.lastIndex = at;
    if (!bracketForm.test(block.text) || bracketForm.lastIndex > to) return at;
    at = bracketForm.lastIndex;
  }
  return at;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at] as number)) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
