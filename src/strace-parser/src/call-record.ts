import type { Block } from "./block.ts";
import { type PrintedLeader, readLeader } from "./leader.ts";
import type { Colours, Line } from "./line.ts";
import {
  ARGC,
  ARGS,
  ARGS_END,
  END,
  EPOCH,
  EPOCH_MICROS,
  LINE,
  LINE_BODY,
  LINE_START,
  LINE_STOP,
  LINE_TO,
  OFFSET,
  OPEN,
  RESUMED,
  RESUMED_BODY,
  RESUMED_FROM,
  RESUMED_START,
  RESUMED_STOP,
  SECONDS,
  TIME,
  TOOK,
} from "./record.ts";

/** Records of the scanner in WebAssembly, and the piece they were read from. */
export interface Records {
  readonly marks: Int32Array;
  readonly block: Block;
  /** The number, from 1, of the line that a record counts as 0 and of those carried over before it. */
  readonly first: number;
  readonly carried: readonly number[];
}

/** A part of the call's text, halves joined, by offsets from the name's first character. */
export function cutCall(records: Records, at: number, from: number, to: number): string {
  const { marks } = records;
  const { text } = records.block;
  const body = marks[at + LINE_BODY] as number;
  if ((marks[at + RESUMED] as number) < 0) return text.slice(body + from, body + to);
  const length = (marks[at + LINE_TO] as number) - body;
  if (to <= length) return text.slice(body + from, body + to);
  const rest = (marks[at + RESUMED_FROM] as number) - length;
  if (from >= length) return text.slice(rest + from, rest + to);
  return text.slice(body + from, body + length) + text.slice(rest + length, rest + to);
}

/** All top-level arguments; `cutCall` for each would ask the same again and again. */
export function argsOf(records: Records, at: number): string[] {
  const { marks, block } = records;
  const { text } = block;
  const argc = marks[at + ARGC] as number;
  const args = new Array<string>(argc);
  const body = marks[at + LINE_BODY] as number;
  const whole = (marks[at + RESUMED] as number) < 0;
  const length = whole ? Number.MAX_SAFE_INTEGER : (marks[at + LINE_TO] as number) - body;
  const rest = (marks[at + RESUMED_FROM] as number) - length;
  let from = (marks[at + OPEN] as number) + 1;
  for (let i = 0; i < argc; i++) {
    const to = (marks[at + (i === argc - 1 ? ARGS_END : ARGS + i)] as number) & OFFSET;
    if (to <= length) args[i] = text.slice(body + from, body + to);
    else if (from >= length) args[i] = text.slice(rest + from, rest + to);
    else args[i] = cutCall(records, at, from, to);
    from = to + 2;
  }
  return args;
}

/** What to add to such offsets to have the block's; -1: the part stands on both lines. */
export function baseOf(records: Records, at: number, from: number, to: number): number {
  const { marks } = records;
  const body = marks[at + LINE_BODY] as number;
  if ((marks[at + RESUMED] as number) < 0) return body;
  const length = (marks[at + LINE_TO] as number) - body;
  if (to <= length) return body;
  return from < length ? -1 : (marks[at + RESUMED_FROM] as number) - length;
}

/** The start's time as printed. */
export function timeOf({ marks, block }: Records, at: number): string | null {
  const time = marks[at + TIME] as number;
  return time < 0 ? null : block.text.slice(time, (marks[at + LINE_BODY] as number) - 1);
}

/** The start's time in microseconds since 1970-01-01 UTC. */
export function microsOf({ marks }: Records, at: number): number | null {
  const micros = marks[at + EPOCH_MICROS] as number;
  return micros < 0 ? null : ((marks[at + EPOCH] as number) >>> 0) * 1_000_000 + micros;
}

/** -T: seconds spent in the call. */
export function secondsOf(records: Records, at: number): number | null {
  const { marks } = records;
  const took = marks[at + TOOK] as number;
  // Both are whole, so the quotient is the double next to the decimal that was printed.
  if (took >= 0) return took / 1_000_000;
  const from = marks[at + SECONDS] as number;
  if (from === 0) return null;
  return Number(cutCall(records, at, from, (marks[at + END] as number) - 1));
}

/** The lines of a call: one, or its halves. */
export function linesOf(records: Records, at: number): Line[] {
  const first = new RecordLine(records, at, false);
  const whole = (records.marks[at + RESUMED] as number) < 0;
  return whole ? [first] : [first, new RecordLine(records, at, true)];
}

/** A line that the scanner in WebAssembly has read. */
class RecordLine implements Line {
  private readonly records: Records;
  private readonly at: number;
  private readonly resumed: boolean;

  constructor(records: Records, at: number, resumed: boolean) {
    this.records = records;
    this.at = at;
    this.resumed = resumed;
  }

  get block(): Block {
    return this.records.block;
  }
  get number(): number {
    const { carried, first } = this.records;
    const number = this.mark2(LINE, RESUMED);
    return carried[number] ?? first + number - carried.length;
  }
  get start(): number {
    return this.mark2(LINE_START, RESUMED_START);
  }
  get body(): number {
    return this.mark2(LINE_BODY, RESUMED_BODY);
  }
  get from(): number {
    return this.mark2(LINE_BODY, RESUMED_FROM);
  }
  get to(): number {
    return this.mark2(LINE_TO, RESUMED_STOP);
  }
  get stop(): number {
    return this.mark2(LINE_STOP, RESUMED_STOP);
  }
  get end(): string {
    return "\n";
  }
  get colours(): Colours | null {
    return null;
  }

  get leader(): PrintedLeader {
    return readLeader(this.block.text.slice(this.start, this.body));
  }

  get mark(): string {
    return this.block.text.slice(this.to, this.stop);
  }

  toJSON(): number {
    return this.number;
  }

  private mark2(first: number, second: number): number {
    return this.records.marks[this.at + (this.resumed ? second : first)] as number;
  }
}
