import type { Block } from "./block.ts";
import { type PrintedLeader, readLeader } from "./leader.ts";

/** Colour sequences taken out of a line: offset in the line without them, and the sequence. */
export type Colours = readonly (readonly [number, string])[];

/** One physical line of the input, as spans of its block. */
export interface Line {
  readonly block: Block;
  /** Counted from 1. */
  readonly number: number;
  /** First byte of the line and of what follows its leader. */
  readonly start: number;
  readonly body: number;
  /** The part of a call's text that stands on this line. */
  readonly from: number;
  readonly to: number;
  /** Behind the last byte, terminator excluded. */
  readonly stop: number;
  /** `\n`, `\r\n` (strace writing to a terminal), or empty for a last line cut short. */
  readonly end: string;
  readonly colours: Colours | null;
  readonly leader: PrintedLeader;
  /** What follows the call's text: ` <unfinished ...>` and its like. */
  readonly mark: string;
}

/** A line that the parser itself has read. */
export class PlacedLine implements Line {
  readonly block: Block;
  readonly number: number;
  readonly start: number;
  readonly body: number;
  readonly from: number;
  readonly to: number;
  readonly stop: number;
  readonly end: string;
  readonly colours: Colours | null;
  private typed: PrintedLeader | null = null;

  constructor(place: Place, body: number, from: number, to: number) {
    this.block = place.block;
    this.number = place.number;
    this.start = place.start;
    this.body = body;
    this.from = from;
    this.to = to;
    this.stop = place.stop;
    this.end = place.end;
    this.colours = place.colours;
  }

  get leader(): PrintedLeader {
    this.typed ??= readLeader(this.block.text.slice(this.start, this.body));
    return this.typed;
  }

  get mark(): string {
    return this.block.text.slice(this.to, this.stop);
  }

  toJSON(): number {
    return this.number;
  }
}

/** Where a line stands. The parser keeps one and moves it on. */
export interface Place {
  block: Block;
  number: number;
  start: number;
  stop: number;
  end: string;
  colours: Colours | null;
}
