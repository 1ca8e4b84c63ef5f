import { associationEnd, commentEnd, opensAssociation, scanArgs } from "./scan-args.ts";

/** What stands behind a call's arguments. */
export interface CallResult {
  readonly result: string;
  readonly errno: string | null;
  readonly errorText: string | null;
  readonly note: string | null;
  readonly seconds: number | null;
  readonly unavailable: boolean;
}

interface Tail {
  errno: string | null;
  errorText: string | null;
  note: string | null;
  seconds: number | null;
  unavailable: boolean;
}

const errnoName = /[A-Z][A-Z0-9_?]*(?= |$)/y;
const duration = /<(\d+(?:\.\d+)?)>$/y;

/**
 * Reads ` = 3</path> ENAME (text) (note) <0.000012>` from just behind the closing parenthesis.
 * Null when the text is not of that form to its very end.
 */
export function scanResult(text: string, from: number): CallResult | null {
  let at = from;
  while (text[at] === " ") at++;
  if (at === from || text[at] !== "=" || text[at + 1] !== " ") return null;
  const start = at + 2;
  const end = valueEnd(text, start);
  if (end === start) return null;
  const tail: Tail = {
    errno: null,
    errorText: null,
    note: null,
    seconds: null,
    unavailable: false,
  };
  for (at = end; at < text.length; ) {
    if (text[at] !== " ") return null;
    at = scanPart(text, at + 1, tail);
    if (at < 0) return null;
  }
  return { result: text.slice(start, end), ...tail };
}

/** End of the value: a word with its `<…>`, then a comment, ` => …` or ` [context]`. */
function valueEnd(text: string, start: number): number {
  if (text[start] === "<" || text[start] === "(") return start;
  let at = wordEnd(text, start);
  for (;;) {
    if (text.startsWith(" /*", at)) at = commentEnd(text, at + 1);
    else if (text.startsWith(" [", at)) at = bracketEnd(text, at + 1);
    else if (text.startsWith(" => ", at)) at = wordEnd(text, at + 4);
    else return at;
  }
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== " ") {
    at = text[at] === "<" && opensAssociation(text, at) ? associationEnd(text, at) : at + 1;
  }
  return at;
}

function bracketEnd(text: string, open: number): number {
  const close = scanArgs(text, open + 1, []);
  return close < 0 ? text.length : close + 1;
}

/** Reads one part behind the value into `tail`. Returns where it ends, -1 when it is none. */
function scanPart(text: string, at: number, tail: Tail): number {
  if (text[at] === "(") return scanParentheses(text, at, tail);
  if (text[at] === "<") return scanAngle(text, at, tail);
  errnoName.lastIndex = at;
  const name = errnoName.exec(text);
  if (name === null || tail.errno !== null) return -1;
  tail.errno = name[0];
  const end = at + name[0].length;
  if (!text.startsWith(" (", end)) return end;
  const close = scanArgs(text, end + 2, []);
  if (close < 0) return -1;
  tail.errorText = text.slice(end + 2, close);
  return close + 1;
}

function scanParentheses(text: string, at: number, tail: Tail): number {
  const close = scanArgs(text, at + 1, []);
  if (close < 0) return -1;
  const printed = text.slice(at, close + 1);
  const unknown = /^\(errno (\d+)\)$/.exec(printed);
  if (unknown?.[1] !== undefined && tail.errno === null) tail.errno = unknown[1];
  else tail.note = tail.note === null ? printed : `${tail.note} ${printed}`;
  return close + 1;
}

function scanAngle(text: string, at: number, tail: Tail): number {
  if (text.startsWith("<unavailable>", at)) {
    tail.unavailable = true;
    return at + "<unavailable>".length;
  }
  duration.lastIndex = at;
  const seconds = duration.exec(text);
  if (seconds === null) return -1;
  tail.seconds = Number(seconds[1]);
  return text.length;
}
