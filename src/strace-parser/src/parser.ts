import { Block } from "./block.ts";
import { CallEvent } from "./call-event.ts";
import { stripColours } from "./colours.ts";
import type { ForeignEvent, Notice, TraceEvent } from "./event.ts";
import { createFeed } from "./feed.ts";
import { type Fragment, findInterruption, interruptedNotice } from "./fragment.ts";
import { noLeader } from "./leader.ts";
import { Line, type Place } from "./line.ts";
import {
  abandonCall,
  continueCall,
  headlessCall,
  type OpenCall,
  openCall,
  readWholeCall,
} from "./open-call.ts";
import { OpenCalls } from "./open-calls.ts";
import { readNotice } from "./read-notice.ts";
import { nameEnd } from "./scan-call.ts";
import { leader, scanLeader } from "./scan-leader.ts";
import { findOpenMark, markState, readResumedMark, resumed } from "./scan-marks.ts";

const RETURN = 13;

/** A streaming parser. Neither method throws, whatever the bytes. */
export interface Parser {
  /** Events that became complete with this chunk. Chunks may be cut anywhere. */
  push(chunk: string | Uint8Array): TraceEvent[];
  /** Reads a last line without newline, then hands out unfinished calls in order of their start. */
  end(): TraceEvent[];
}

/** A parser of strace's text (strace 4.8 to 7.2; what it does not know becomes `foreign`). */
export function createParser(): Parser {
  const feed = createFeed();
  const reader = new LineReader();
  return {
    push: (chunk) => reader.read(feed.push(chunk)),
    end: () => reader.end(feed.end()),
  };
}

/** All events of a whole trace, in order of completion. */
export function parse(input: string | Uint8Array): TraceEvent[] {
  const parser = createParser();
  return parser.push(input).concat(parser.end());
}

class LineReader {
  private readonly calls = new OpenCalls();
  private out: TraceEvent[] = [];
  private count = 0;
  /** A call whose line was broken by something else; the next line may go on with it. */
  private fragment: Fragment | null = null;

  read(bytes: Uint8Array | null): TraceEvent[] {
    if (bytes === null) return [];
    this.out = [];
    const block = new Block(bytes);
    const { text } = block;
    const coloured = text.includes("\x1b");
    const place: Place = { block, number: 0, start: 0, stop: 0, end: "\n", colours: null };
    for (let start = 0; start < bytes.length; ) {
      const feed = text.indexOf("\n", start);
      const stop = feed < 0 ? bytes.length : feed;
      const crlf = feed > start && bytes[feed - 1] === RETURN;
      place.number = ++this.count;
      place.start = start;
      place.stop = crlf ? stop - 1 : stop;
      place.end = crlf ? "\r\n" : feed < 0 ? "" : "\n";
      this.readLine(coloured ? stripColours(place) : place);
      start = stop + 1;
    }
    return this.out;
  }

  end(bytes: Uint8Array | null): TraceEvent[] {
    this.read(bytes);
    const events = bytes === null ? [] : this.out;
    this.out = events;
    this.dropFragment();
    events.push(...this.calls.abandonAll());
    return events;
  }

  private readLine(place: Place): void {
    if (this.fragment !== null && this.mend(this.fragment, place)) return;
    const { block, start, stop } = place;
    scanLeader(block, start, stop);
    const { pid, body } = leader;
    const bytes = block.bytes;
    if (bytes[body] === 60 && this.readResumed(place, pid, body)) return;
    const open = nameEnd(bytes, body, stop);
    if (open >= 0 && this.readCall(place, pid, body, open)) return;
    this.readNotice(place, body, pid);
  }

  private readCall(place: Place, pid: number, body: number, open: number): boolean {
    const mark = findOpenMark(place, open + 1);
    if (mark < 0) {
      const call = readWholeCall(place, pid, body, open);
      if (call === null) return this.readFragment(place, pid, body, open);
      this.calls.abandon(pid, this.out);
      this.out.push(call);
      return true;
    }
    const call = openCall(place, pid, body, open, mark);
    if (call === null) return false;
    this.calls.abandon(pid, this.out);
    this.keep(call);
    return true;
  }

  /** A call that goes on elsewhere, or that strace left. */
  private keep(call: OpenCall): void {
    if (markState === "unfinished") this.calls.start(call, this.out);
    else this.out.push(abandonCall(call, markState));
  }

  private readResumed(place: Place, pid: number, body: number): boolean {
    if (!readResumedMark(place, body)) return false;
    const { nameEnd: end, from } = resumed;
    const { bytes } = place.block;
    const call = this.calls.take(pid, bytes, body + 5, end - body - 5) ?? headlessCall(pid);
    const mark = findOpenMark(place, from);
    const to = mark < 0 ? place.stop : mark;
    const next = continueCall(call, place, body, from, to, mark >= 0);
    if (next instanceof CallEvent) this.out.push(next);
    else if (next !== null) this.keep(next);
    else this.giveUp(call, place);
    return true;
  }

  /** Lines that do not add up to a call. */
  private giveUp(call: OpenCall, place: Place): void {
    if (call.lines.length > 0) this.out.push(abandonCall(call, "unfinished"));
    this.out.push(foreign(place));
  }

  private readFragment(place: Place, pid: number, body: number, open: number): boolean {
    const to = findInterruption(place, open + 1);
    const call = openCall(place, pid, body, open, to);
    if (call === null) return false;
    this.fragment = { call, place: { ...place } };
    return true;
  }

  /** Goes on with a broken call: the rest without leader, or a mark alone on its line. */
  private mend(fragment: Fragment, place: Place): boolean {
    const { call } = fragment;
    const mark = findOpenMark(place, place.start);
    const { start, stop } = place;
    const lone = mark === start;
    const next = continueCall(call, place, start, start, mark < 0 ? stop : mark, lone);
    if (next === null) {
      this.dropFragment();
      return false;
    }
    this.fragment = null;
    const notice = interruptedNotice(fragment);
    if (notice !== null) this.out.push(notice);
    this.calls.abandon(call.pid, this.out);
    if (next instanceof CallEvent) this.out.push(next);
    else this.keep(next);
    return true;
  }

  private dropFragment(): void {
    if (this.fragment === null) return;
    const { place } = this.fragment;
    this.fragment = null;
    this.readNotice(place, place.start, -1);
  }

  private readNotice(place: Place, body: number, pid: number): void {
    const notice = readNotice(new Line(place, body, body, place.stop));
    if (notice === null) {
      this.out.push(foreign(place));
      return;
    }
    this.settle(notice, pid);
    this.out.push(notice);
  }

  /** A thread that is gone finishes no call; one that execve(2) renamed goes on under its new id. */
  private settle(notice: Notice, pid: number): void {
    if (notice.type !== "exited" && notice.type !== "killed" && notice.type !== "superseded")
      return;
    this.calls.abandon(pid, this.out);
    if (notice.type === "superseded") this.calls.move(notice.by, pid);
  }
}

function foreign(place: Place): ForeignEvent {
  const line = new Line(place, place.start, place.start, place.stop);
  const text = place.block.text.slice(place.start, place.stop);
  const { layout: _, ...none } = noLeader;
  return { type: "foreign", ...none, lines: [line], text };
}
