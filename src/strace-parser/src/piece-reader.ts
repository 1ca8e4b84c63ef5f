import { Block } from "./block.ts";
import type { Records } from "./call-record.ts";
import { CarriedLines } from "./carried-lines.ts";
import { stripColours } from "./colours.ts";
import type { TraceEvent } from "./event.ts";
import { join } from "./feed.ts";
import type { Place } from "./line.ts";
import { LineReader } from "./line-reader.ts";
import { OpenCalls } from "./open-calls.ts";
import { LINE, LINE_START, LINE_STOP, PID, RESUMED, SIZE } from "./record.ts";
import {
  COLOURED,
  DONE,
  FULL,
  giveBack,
  LINE_ODD,
  type Scanner,
  takeScanner,
  WIDE,
} from "./scanner.ts";

/** Where a reader puts what it finds, in the order of completion. */
export interface Sink {
  /** Whether records and blocks outlive `takeCall`; else they are the scanner's own memory. */
  readonly keepsText: boolean;
  /** A call that stands on one line, or in two halves. */
  takeCall(records: Records, at: number): void;
  /** What else there is, and calls in rarer forms. */
  takeEvent(event: TraceEvent): void;
}

/** Bytes a piece may have; the scanner has room for these and for what is carried over. */
const ROOM = 96 << 10;
/** How much of it may be carried over at most, and as a share of the piece: it is read once more. */
const CARRIED_ROOM = 32 << 10;
const CARRIED_SHARE = 8;
const nothing = new Uint8Array(0);

/**
 * Whole lines → calls and events. The scanner in WebAssembly reads what is common, `LineReader` the
 * rest, line by line and in order; each keeps its own open calls. A call whose second half is not
 * in its piece is carried over into the next; where those are many, `LineReader` takes the oldest.
 */
export class PieceReader {
  private readonly sink: Sink;
  private readonly scanners: () => Scanner | null;
  private readonly lines: LineReader;
  /** Lines before the piece that is being read. */
  private count = 0;
  private readonly carried = new CarriedLines();
  /** At work now: it must know which processes have a call open in `lines`. */
  private scanner: Scanner | null = null;

  /** `scanners`: where scanners come from; null makes it read everything line by line. */
  constructor(sink: Sink, scanners: () => Scanner | null = takeScanner) {
    this.sink = sink;
    this.scanners = scanners;
    const calls = new OpenCalls((pid, change) => this.scanner?.exports.own(pid, change));
    this.lines = new LineReader(calls, { push: (event) => sink.takeEvent(event) });
  }

  /** Reads `held` and `lines` as if they were one: whole lines, the last maybe without its end. */
  read(held: Uint8Array, lines: Uint8Array): void {
    if (held.length + lines.length <= ROOM) this.readPiece(held, lines);
    else this.readLong(join([held, lines]));
  }

  /** `rest`: a last line without line feed. */
  end(rest: Uint8Array): void {
    this.dropCarried();
    if (rest.length > 0) this.readLines(rest);
    this.lines.end();
  }

  private readLong(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const stop = bytes.lastIndexOf(10, from + ROOM - 1) + 1;
      if (stop > from) {
        this.readPiece(nothing, bytes.subarray(from, stop));
        from = stop;
        continue;
      }
      const end = bytes.indexOf(10, from) + 1;
      this.dropCarried();
      this.readLines(Uint8Array.prototype.slice.call(bytes, from, end));
      from = end;
    }
  }

  private readPiece(held: Uint8Array, lines: Uint8Array): void {
    const scanner = this.scanners();
    if (scanner === null) {
      this.readLines(Uint8Array.from(join([held, lines])));
      return;
    }
    const { input } = scanner;
    let length = this.carried.writeTo(input);
    const from = length;
    input.set(held, length);
    input.set(lines, length + held.length);
    length += held.length + lines.length;
    // What is coloured, nearly always all of it, is for the reader of lines.
    const bytes = scanner.exports.begin(length);
    if ((bytes & COLOURED) === 0) this.scan(scanner, length, (bytes & WIDE) === 0);
    else {
      this.dropCarried();
      this.readLines(input.slice(from, length));
    }
    giveBack(scanner);
  }

  private scan(scanner: Scanner, length: number, ascii: boolean): void {
    const { exports } = scanner;
    const { calls } = this.lines;
    const piece = this.pieceOf(scanner, length, ascii);
    this.carried.clear();
    for (const pid of calls.pids) exports.own(pid, 1);
    this.scanner = scanner;
    let next = piece.carried.length;
    for (;;) {
      const status = exports.scan();
      this.takeRecords(scanner, piece);
      if (status === FULL) continue;
      const { lineStart, lineFeed, lineNumber } = scanner;
      // Only the very next line goes on with a broken one.
      if (lineNumber !== next) this.lines.dropFragment();
      if (status === DONE) break;
      next = lineNumber + 1;
      if (status === LINE_ODD) this.takeHeads(scanner, piece, 0);
      this.lines.read(this.placeOf(piece, lineNumber, lineStart, lineFeed));
    }
    const { lineNumber } = scanner;
    this.takeHeads(scanner, piece, Math.min(CARRIED_ROOM, length / CARRIED_SHARE));
    this.scanner = null;
    for (const pid of calls.pids) exports.own(pid, -1);
    this.count += lineNumber - piece.carried.length;
  }

  private pieceOf(scanner: Scanner, length: number, ascii: boolean): Records {
    const { input } = scanner;
    const bytes = this.sink.keepsText ? input.slice(0, length) : input;
    return {
      marks: scanner.ints,
      block: new Block(bytes, length, ascii),
      first: this.count + 1,
      carried: this.carried.numbers,
    };
  }

  private takeRecords(scanner: Scanner, piece: Records): void {
    const { records: start, recordsEnd: end } = scanner;
    if (start === end) return;
    const { sink, lines } = this;
    const { keepsText } = sink;
    const records = keepsText ? { ...piece, marks: scanner.ints.slice(start, end) } : piece;
    const { marks } = records;
    const stop = keepsText ? marks.length : end;
    lines.dropFragment();
    for (let at = keepsText ? 0 : start; at < stop; at += marks[at + SIZE] as number) {
      if (lines.calls.size > 0 && (marks[at + RESUMED] as number) < 0) {
        lines.calls.abandon(marks[at + PID] as number, lines.out);
      }
      sink.takeCall(records, at);
    }
  }

  /**
   * Calls that wait for their second half: `room` bytes of the latest into the next piece, the rest
   * to the reader of lines.
   */
  private takeHeads(scanner: Scanner, piece: Records, room: number): void {
    const end = scanner.exports.flush() >> 2;
    if (end === scanner.records) return;
    const { ints } = scanner;
    const numbers: number[] = [];
    const starts: number[] = [];
    const stops: number[] = [];
    let length = 0;
    for (let at = scanner.records; at < end; at += ints[at + SIZE] as number) {
      length += (ints[at + LINE_STOP] as number) - (ints[at + LINE_START] as number) + 1;
    }
    for (let at = scanner.records; at < end; at += ints[at + SIZE] as number) {
      const line = ints[at + LINE] as number;
      const start = ints[at + LINE_START] as number;
      const stop = ints[at + LINE_STOP] as number;
      if (length > room) this.lines.readHead(this.placeOf(piece, line, start, stop));
      else {
        numbers.push(numberOf(piece, line));
        starts.push(start);
        stops.push(stop);
      }
      length -= stop - start + 1;
    }
    this.carried.set(scanner.input, numbers, starts, stops);
  }

  private placeOf(piece: Records, line: number, start: number, feed: number): Place {
    const { block } = piece;
    const number = numberOf(piece, line);
    if (this.sink.keepsText) return placeIn(block, number, start, feed);
    return placeIn(new Block(block.bytes.slice(start, feed + 1)), number, 0, feed - start);
  }

  private dropCarried(): void {
    this.carried.drop((line, number) => {
      this.lines.readHead(placeIn(new Block(line), number, 0, line.length - 1));
    });
  }

  /** Reads all lines with the reader of lines. `bytes` are its own from now on. */
  private readLines(bytes: Uint8Array): void {
    const block = new Block(bytes);
    for (let start = 0; start < bytes.length; ) {
      const feed = bytes.indexOf(10, start);
      const stop = feed < 0 ? bytes.length : feed;
      this.lines.read(stripColours(placeIn(block, ++this.count, start, stop)));
      start = stop + 1;
    }
  }
}

/** The line whose line feed is at `feed`; the last may have none. */
function placeIn(block: Block, number: number, start: number, feed: number): Place {
  const { bytes } = block;
  const ended = feed < bytes.length;
  const crlf = ended && feed > start && bytes[feed - 1] === 13;
  const stop = crlf ? feed - 1 : feed;
  const end = ended ? (crlf ? "\r\n" : "\n") : "";
  return { block, number, start, stop, end, colours: null };
}

/** Counted from 1 in the whole input. */
function numberOf({ first, carried }: Records, line: number): number {
  return carried[line] ?? first + line - carried.length;
}
