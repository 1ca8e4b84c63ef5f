import type { Block } from "./block.ts";
import { CallEvent } from "./call-event.ts";
import type { CallState } from "./call-state.ts";
import { type Line, type Place, PlacedLine } from "./line.ts";
import { ARGC, ARGS, ARGS_END, CLOSE, END, OPEN, UNAVAILABLE } from "./record.ts";
import { openDepth, scanArgs } from "./scan-args.ts";
import { scanResult } from "./scan-call.ts";

/** A call as far as it was printed. `continueCall` adds to it. */
export interface OpenCall {
  readonly pid: number;
  readonly lines: Line[];
  /** Where `(` stands, from the first character of the name. */
  readonly open: number;
  /** Ends of the top-level arguments so far, but for the last. */
  readonly ends: number[];
  /** Bytes of the call's text so far. */
  length: number;
  /** Brackets open inside the arguments where the text was cut. */
  depth: number;
  readonly headless: boolean;
}

/** Starts a record: zeros, but for where the parenthesis is. */
function startRecord(block: Block, open: number): number {
  const at = block.reserve(ARGS);
  const { marks } = block;
  for (let i = at; i < at + ARGS; i++) marks[i] = 0;
  marks[at + OPEN] = open;
  return at;
}

/**
 * A call that stands whole on its line, its name at `body`, `(` at `open`. When its arguments do not
 * end there, the call as far as it goes; null when what follows them does not read.
 */
export function readWholeCall(
  place: Place,
  pid: number,
  body: number,
  open: number,
): CallEvent | OpenCall | null {
  const { block, stop } = place;
  const at = startRecord(block, open - body);
  const close = scanArgs(block, open + 1, stop, body, 0);
  const lines = [new PlacedLine(place, body, body, stop)];
  if (close >= 0) return closeCall(lines, pid, block, at, close, body, false);
  const ends: number[] = [];
  takeMarks(block, at + ARGS, ends);
  block.used = at;
  const length = stop - body;
  return { pid, lines, open: open - body, ends, length, depth: openDepth, headless: false };
}

/** The start of a call, up to `to`. Null when its arguments end before. */
export function openCall(
  place: Place,
  pid: number,
  body: number,
  open: number,
  to: number,
): OpenCall | null {
  const { block } = place;
  const at = block.used;
  const close = scanArgs(block, open + 1, to, body, 0);
  if (close >= 0) return undo(block, at);
  const lines = [new PlacedLine(place, body, body, to)];
  const ends: number[] = [];
  takeMarks(block, at, ends);
  const length = to - body;
  return { pid, lines, open: open - body, ends, length, depth: openDepth, headless: false };
}

/** A call of which only the end is there. */
export function headlessCall(pid: number): OpenCall {
  return { pid, lines: [], open: 0, ends: [], length: 0, depth: 0, headless: true };
}

/**
 * Goes on with `call` in the text from `from` to `to` of another line. Returns the whole call, or
 * `call` itself when it is still open and `more` may come, or null (and leaves `call` as it was).
 */
export function continueCall(
  call: OpenCall,
  place: Place,
  body: number,
  from: number,
  to: number,
  more: boolean,
): OpenCall | CallEvent | null {
  const { block } = place;
  const base = from - call.length;
  const at = block.used;
  const close = scanArgs(block, from, to, base, call.depth);
  const line = new PlacedLine(place, body, from, to);
  if (close >= 0) {
    // A mark behind a whole call would be lost.
    if (to !== place.stop) return undo(block, at);
    const ends = [...call.ends];
    takeMarks(block, at, ends);
    const record = writeRecord(block, call.open, ends);
    return closeCall([...call.lines, line], call.pid, block, record, close, base, call.headless);
  }
  if (!more) return undo(block, at);
  takeMarks(block, at, call.ends);
  call.lines.push(line);
  call.length += to - from;
  call.depth = openDepth;
  return call;
}

/** Moves the marks from `at` on into `ends`. */
function takeMarks(block: Block, at: number, ends: number[]): void {
  for (let i = at; i < block.used; i++) ends.push(block.marks[i] as number);
  block.used = at;
}

function writeRecord(block: Block, open: number, ends: readonly number[]): number {
  const at = startRecord(block, open);
  for (let i = 0; i < ends.length; i++) block.mark(ends[i] as number);
  return at;
}

function closeCall(
  lines: readonly Line[],
  pid: number,
  block: Block,
  at: number,
  close: number,
  base: number,
  headless: boolean,
): CallEvent | null {
  const line = lines[lines.length - 1] as Line;
  if (block.bytes[close] !== 41) return undo(block, at);
  const count = block.used - at - ARGS;
  if (!scanResult(block, close + 1, line.stop, base, at)) return undo(block, at);
  const { marks } = block;
  marks[at + CLOSE] = close - base;
  const died = endArgs(block, at, count, close, base, line.from, headless);
  const state = died ? "unfinished" : marks[at + UNAVAILABLE] === 1 ? "unavailable" : "returned";
  return new CallEvent(block, at, pid < 0 ? null : pid, state, lines, headless);
}

/** Sets ARGS_END and ARGC. True when `<unfinished ...>` stands behind the arguments. */
function endArgs(
  block: Block,
  at: number,
  commas: number,
  close: number,
  base: number,
  lineFrom: number,
  headless: boolean,
): boolean {
  const mark = block.bytes[close - 1] === 62 ? unfinishedMark(block.bytes, close, lineFrom) : -1;
  const end = (mark < 0 ? close : mark) - base;
  setArgs(block, at, commas, end, headless, commas === 0 || mark >= 0);
  return mark >= 0;
}

/** `drop`: an empty last argument is none. */
function setArgs(
  { marks }: Block,
  at: number,
  commas: number,
  end: number,
  headless: boolean,
  drop: boolean,
): void {
  const first = headless ? 0 : (marks[at + OPEN] as number) + 1;
  const comma = commas === 0 ? 0 : (marks[at + ARGS + commas - 1] as number);
  const start = commas === 0 ? first : comma + 2;
  const none = drop && end <= start;
  marks[at + ARGS_END] = none ? (commas === 0 ? first : comma) : end;
  marks[at + ARGC] = none ? commas : commas + 1;
}

const unfinished = [..."<unfinished ...>"].map((char) => char.charCodeAt(0));

/** Where ` <unfinished ...>` before `)` starts, -1 when it does not stand there. */
function unfinishedMark(bytes: Uint8Array, close: number, from: number): number {
  const start = close - unfinished.length;
  if (start < from) return -1;
  for (let i = 0; i < unfinished.length; i++) if (bytes[start + i] !== unfinished[i]) return -1;
  return bytes[start - 1] === 32 && start > from ? start - 1 : start;
}

/** The call's end will not come. */
export function abandonCall(call: OpenCall, state: CallState): CallEvent {
  const { block } = call.lines[call.lines.length - 1] as Line;
  const at = writeRecord(block, call.open, call.ends);
  setArgs(block, at, call.ends.length, call.length, call.headless, true);
  block.marks[at + CLOSE] = call.length;
  block.marks[at + END] = call.length;
  const pid = call.pid < 0 ? null : call.pid;
  return new CallEvent(block, at, pid, state, call.lines, call.headless);
}

/** Forgets a record that led to nothing. */
function undo(block: Block, at: number): null {
  block.used = at;
  return null;
}
