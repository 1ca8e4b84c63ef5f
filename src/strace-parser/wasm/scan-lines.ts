// AssemblyScript. Reads the lines of a piece: whole calls, and calls in two halves that both stand
// in it. What else a line can be is the parser's in TypeScript: `scan` stops there, and is called
// again when that line has been read. So the module keeps nothing from one piece to the next.
import {
  ANY,
  ARGC,
  ARGS,
  ARGS_END,
  CLOSE,
  COMPOSED,
  DEPTH,
  FORM,
  LINE,
  LINE_BODY,
  LINE_START,
  LINE_STOP,
  LINE_TO,
  LINK,
  OFFSET,
  OPEN,
  PID,
  RESUMED,
  RESUMED_BODY,
  RESUMED_FROM,
  RESUMED_START,
  RESUMED_STOP,
  SIZE,
  STRING,
  UNAVAILABLE,
} from "../src/record";
import { copyHead, isUnfinished, oldSpace } from "./cut-calls";
import { findTokens } from "./find-tokens";
import { HEADS_END, INPUT, MAX_ARGS, RECORDS, RECORDS_END, REPORT, TOKENS } from "./memory";
import { headAt, headsEnd, isTaken, setHead, setHeadsEnd, slotOf, takeHeads } from "./open-heads";
import { byteAt, scanLeader } from "./scan-leader";
import { scanResult } from "./scan-result";
import { isName, opensLink, skipComment, skipLink, tokenAt } from "./scan-text";

export { own } from "./open-heads";

/** `scan` has read everything. */
const DONE = 0;
/** There is no room for more records: take them and call `scan` again. */
const FULL = 1;
/** A line for the parser in TypeScript, which must know all open calls: `flush` before. */
const LINE_ODD = 2;
/** A line for the parser in TypeScript, to which calls that wait here mean nothing. */
const LINE_APART = 3;

const MOST: i32 = (ARGS + MAX_ARGS) * 4;

let end: i32 = 0;
let line: i32 = 0;
let number: i32 = 0;
let next: i32 = 0;
let record: i32 = 0;
/**
 * Where `scanArgs` came to: how deep in brackets, the form of the argument it was in, and where it
 * stored the end of the one before.
 */
let depth: i32 = 0;
let form: i32 = ANY;
let stored: i32 = 0;

/**
 * Starts with `length` bytes at INPUT, whole lines, of which nothing before is known: whoever calls
 * has flushed the heads of the piece before and takes back what it owned. Says what bytes there are.
 */
export function begin(length: i32): i32 {
  end = length;
  line = 0;
  number = 0;
  next = TOKENS;
  record = RECORDS;
  return findTokens(length);
}

/** Moves the records of calls that still wait for their other half to RECORDS; returns their end. */
export function flush(): i32 {
  return takeHeads(RECORDS);
}

/** Reads on. REPORT: where the records end; the odd line's start and line feed; its number from 0. */
export function scan(): i32 {
  let status = DONE;
  record = RECORDS;
  while (line < end) {
    if (record + MOST > RECORDS_END || headsEnd + MOST > HEADS_END) {
      status = record > RECORDS ? FULL : LINE_ODD;
      break;
    }
    const feed = scanLine();
    if (feed === 0) {
      status = isApart() ? LINE_APART : LINE_ODD;
      break;
    }
    next = feed + 4;
    line = tokenAt(feed) + 1;
    number++;
  }
  i32.store(REPORT, record as i32);
  i32.store(REPORT, number, 12);
  if (status >= LINE_ODD) skipLine();
  return status;
}

function skipLine(): void {
  i32.store(REPORT, line, 4);
  while (byteAt(tokenAt(next)) !== 10) next += 4;
  const feed = tokenAt(next);
  i32.store(REPORT, feed, 8);
  next += 4;
  line = feed + 1;
  number++;
}

/** Whether the parser in TypeScript can read the odd line without knowing the calls that wait here. */
function isApart(): bool {
  const at = scanLeader(line, record);
  const second = byteAt(line + 1);
  // Stack frames and dumps.
  if (at < 0) return byteAt(line) === 32 && (second === 62 || second === 124 || second === 42);
  const pid = i32.load(record, PID * 4);
  const head = headAt(slotOf(pid));
  if (pid >= 0 && head !== 0 && i32.load(head, PID * 4) === pid) return false;
  // The end of an execve(2) may be another thread's; without a process id it may be anybody's.
  if (byteAt(at) === 60) return pid >= 0 && i32.load(INPUT + at + 5) !== 0x63657865;
  // "+++ superseded by execve in pid N +++"
  return byteAt(at) !== 43 || byteAt(at + 4) !== 115;
}

/** Reads one line; returns its line feed's token, 0 when it is odd. */
function scanLine(): i32 {
  const body = scanLeader(line, record);
  if (body < 0) return 0;
  const pid = i32.load(record, PID * 4);
  const open = tokenAt(next);
  const byte = byteAt(open);
  if (byte === 60 && open === body) return pid < 0 ? 0 : scanResumed(pid, body);
  if (byte !== 40 || !isName(body, open)) return 0;
  const slot = slotOf(pid);
  const head = pid < 0 ? 0 : headAt(slot);
  if (head !== 0 && i32.load(head, PID * 4) === pid) return 0;
  i32.store(record, open - body, OPEN * 4);
  i32.store(record, number, LINE * 4);
  i32.store(record, line, LINE_START * 4);
  i32.store(record, body, LINE_BODY * 4);
  depth = 0;
  form = ANY;
  stored = record + ARGS * 4;
  const token = scanArgs(next + 4, body);
  if (token === 0) return 0;
  const close = tokenAt(token);
  if (byteAt(close) === 60) return pid < 0 || isTaken(slot) ? 0 : keepHead(token, open, slot);
  const feed = scanResult(token + 4, close + 1, body, record);
  if (feed === 0) return 0;
  i32.store(record, tokenAt(feed), LINE_STOP * 4);
  i32.store(record, tokenAt(feed), LINE_TO * 4);
  i32.store(record, -1, RESUMED * 4);
  finish(close - body);
  return feed;
}

/**
 * Stores the end of each top-level argument but the last, less `base`. Returns the token of the
 * parenthesis that closes the call, or of the `<` of `<unfinished ...>`; 0: the line is odd.
 */
function scanArgs(token: i32, base: i32): i32 {
  let open = depth;
  let seen = form;
  let out = stored;
  const limit = record + MOST;
  for (; true; token += 4) {
    const at = tokenAt(token);
    const byte = byteAt(at);
    if (byte === 44) {
      if (open !== 0 || byteAt(at + 1) !== 32) continue;
      if (out >= limit) return 0;
      i32.store(out, (at - base) | (seen << FORM));
      seen = ANY;
      out += 4;
    } else if (byte === 60) {
      if (byteAt(at + 1) === 117 && isUnfinished(at)) break;
      if (opensLink(at)) {
        token = skipLink(token + 4, at);
        if (token === 0) return 0;
        seen = seen === ANY ? LINK : COMPOSED;
      } else if (byteAt(at + 1) === 60) {
        token += 4;
        seen = COMPOSED;
      } else return 0;
    } else if (byte === 34) seen = seen === ANY ? STRING : COMPOSED;
    else if (byte === 62) seen = COMPOSED;
    else if (byte === 40 || (byte | 32) === 123) {
      open++;
      seen = COMPOSED;
    } else if (byte === 41 || (byte | 32) === 125) {
      if (open === 0) {
        if (byte !== 41) return 0;
        break;
      }
      open--;
    } else if (byte === 42) {
      if (byteAt(at - 1) !== 47) continue;
      token = skipComment(token + 4);
      if (token === 0) return 0;
      seen = COMPOSED;
    } else return 0;
  }
  depth = open;
  form = seen;
  stored = out;
  return token;
}

function keepHead(token: i32, open: i32, slot: i32): i32 {
  const mark = tokenAt(token);
  const to = mark > open + 1 && byteAt(mark - 1) === 32 ? mark - 1 : mark;
  const body = i32.load(record, LINE_BODY * 4);
  // A comma whose space belongs to the mark ends nothing yet.
  const first = record + ARGS * 4;
  if (stored > first && (i32.load(stored - 4) & OFFSET) + body + 1 >= to) {
    form = i32.load(stored - 4) >>> FORM;
    stored -= 4;
  }
  i32.store(record, to, LINE_TO * 4);
  i32.store(record, mark + 16, LINE_STOP * 4);
  i32.store(record, depth | (form << FORM), DEPTH * 4);
  const size = stored - record;
  i32.store(record, size >> 2, SIZE * 4);
  copyHead(headsEnd, record, size);
  setHead(slot, headsEnd);
  setHeadsEnd(headsEnd + size);
  return token + 8;
}

function scanResumed(pid: i32, body: i32): i32 {
  const slot = slotOf(pid);
  const head = headAt(slot);
  if (head === 0 || i32.load(head, PID * 4) !== pid) return 0;
  const name = i32.load(head, OPEN * 4);
  const headBody = i32.load(head, LINE_BODY * 4);
  const tail = body + 5 + name;
  if (i32.load(INPUT + body) !== 0x2e2e2e3c || byteAt(body + 4) !== 32) return 0;
  for (let i = 0; i < name; i++) if (byteAt(body + 5 + i) !== byteAt(headBody + i)) return 0;
  // " resumed>"
  if (i64.load(INPUT + tail) !== 0x64656d7573657220 || tokenAt(next + 4) !== tail + 8) return 0;
  if (byteAt(tail + 8) !== 62) return 0;
  let from = tail + 9;
  if (byteAt(from) === 32) from += oldSpace(from);
  const size = i32.load(head, SIZE * 4) << 2;
  copyHead(record, head, size);
  const base = from - (i32.load(head, LINE_TO * 4) - headBody);
  const state = i32.load(head, DEPTH * 4);
  depth = state & OFFSET;
  form = state >>> FORM;
  stored = record + size;
  const token = scanArgs(next + 8, base);
  if (token === 0) return 0;
  const close = tokenAt(token);
  if (byteAt(close) === 60) return 0;
  const feed = scanResult(token + 4, close + 1, base, record);
  if (feed === 0) return 0;
  setHead(slot, 0);
  i32.store(record, number, RESUMED * 4);
  i32.store(record, line, RESUMED_START * 4);
  i32.store(record, body, RESUMED_BODY * 4);
  i32.store(record, from, RESUMED_FROM * 4);
  i32.store(record, tokenAt(feed), RESUMED_STOP * 4);
  finish(close - base);
  return feed;
}

/** The parts of a record that say where its arguments are. */
function finish(close: i32): void {
  const first = i32.load(record, OPEN * 4) + 1;
  const commas = ((stored - record) >> 2) - ARGS;
  const none = commas === 0 && close <= first;
  i32.store(record, none ? first : close | (form << FORM), ARGS_END * 4);
  i32.store(record, none ? 0 : commas + 1, ARGC * 4);
  i32.store(record, close, CLOSE * 4);
  i32.store(record, 0, UNAVAILABLE * 4);
  i32.store(record, (stored - record) >> 2, SIZE * 4);
  record = stored;
}
