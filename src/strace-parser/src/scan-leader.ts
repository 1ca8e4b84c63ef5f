import type { Leader } from "./event.ts";

/** What stands before a line's body, and where the body starts. */
export interface LineLeader extends Leader {
  readonly body: number;
}

const SPACE = 32;
const MICROS_PER_SECOND = 1_000_000;

/**
 * Reads `pid? secontext? time? relative? [sysno]? [ip]?` (strace 4.8 to 7.2, each followed by a
 * space). Never fails: what is not a leader is left to the body.
 */
export function scanLeader(text: string): LineLeader {
  let at = 0;
  let pid: number | null = null;
  const pidEnd = scanPid(text);
  if (pidEnd > 0) {
    pid = Number.parseInt(text.startsWith("[") ? text.slice(5) : text, 10);
    at = pidEnd;
  }
  at = skipBrackets(text, at);
  const timeEnd = scanTime(text, at);
  const time = timeEnd > at ? text.slice(at, timeEnd) : null;
  if (time !== null) at = timeEnd + 1;
  const relativeEnd = scanRelative(text, at);
  const relative = relativeEnd > at ? relativeText(text.slice(at, relativeEnd)) : null;
  if (relative !== null) at = relativeEnd + 1;
  return { pid, time, micros: toMicros(time), relative, body: skipBrackets(text, at) };
}

/** Where the text behind the pid starts, 0 when there is no pid. */
function scanPid(text: string): number {
  if (text.startsWith("[pid ")) {
    const digits = digitsEnd(text, skipSpaces(text, 5));
    const close = text[digits] === "<" ? text.indexOf(">", digits) + 1 : digits;
    return text[close] === "]" && text[close + 1] === " " ? close + 2 : 0;
  }
  const digits = digitsEnd(text, 0);
  // pid_max is at most 4194304 (proc(5)); an epoch has nine digits or more.
  if (digits === 0 || digits > 7) return 0;
  if (text[digits] === "<") {
    const close = text.indexOf("> ", digits);
    return close < 0 ? 0 : close + 2;
  }
  if (text.charCodeAt(digits) !== SPACE) return 0;
  const next = skipSpaces(text, digits);
  // -r alone pads its number with spaces: leave them to scanRelative.
  return next;
}

/** End of `10:45:58`, `10:45:58.022405`, `1795327976` or `1795327976.116875`, else `at`. */
function scanTime(text: string, at: number): number {
  let end = digitsEnd(text, at);
  if (end - at === 2 && text[end] === ":" && text[end + 3] === ":") end = digitsEnd(text, end + 4);
  else if (end - at < 9) return at;
  if (text[end] === ".") end = digitsEnd(text, end + 1);
  return text.charCodeAt(end) === SPACE ? end : at;
}

/** End of `     0.000920` (-r alone) or `(+     0.000241)` (-r beside another), else `at`. */
function scanRelative(text: string, at: number): number {
  if (text.startsWith("(+", at)) {
    const close = text.indexOf(") ", at);
    return close < 0 ? at : close + 1;
  }
  const start = skipSpaces(text, at);
  const whole = digitsEnd(text, start);
  if (whole === start || text[whole] !== ".") return at;
  const end = digitsEnd(text, whole + 1);
  return text.charCodeAt(end) === SPACE ? end : at;
}

function relativeText(printed: string): string {
  return printed.replace(/^\(\+|\)$/g, "").trim();
}

/** Skips `[ 257] `, `[00007f0e0d463ad7] `, `[????????] ` and security contexts. */
function skipBrackets(text: string, from: number): number {
  let at = from;
  while (text[at] === "[" && !text.startsWith("[ Process ", at)) {
    const close = text.indexOf("] ", at);
    if (close < 0) break;
    at = close + 2;
  }
  return at;
}

function toMicros(time: string | null): number | null {
  if (time === null || time[2] === ":") return null;
  const [seconds = "", fraction = ""] = time.split(".");
  const micros = Number(fraction.slice(0, 6).padEnd(6, "0"));
  const total = Number(seconds) * MICROS_PER_SECOND + micros;
  return Number.isSafeInteger(total) ? total : null;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(at)) at++;
  return at;
}
