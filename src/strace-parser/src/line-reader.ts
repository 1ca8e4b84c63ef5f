import { CallEvent } from "./call-event.ts";
import type { ForeignEvent, Notice, TraceEvent } from "./event.ts";
import { type Fragment, findInterruption, interruptedNotice, MOST_BREAKS } from "./fragment.ts";
import { noLeader } from "./leader.ts";
import { type Place, PlacedLine } from "./line.ts";
import {
  abandonCall,
  continueCall,
  headlessCall,
  type OpenCall,
  openCall,
  readWholeCall,
} from "./open-call.ts";
import type { OpenCalls } from "./open-calls.ts";
import { readNotice } from "./read-notice.ts";
import { nameEnd } from "./scan-call.ts";
import { leader, scanLeader } from "./scan-leader.ts";
import { findOpenMark, markState, readResumedMark, resumed } from "./scan-marks.ts";

/** Reads lines one by one, with all that strace ever printed. What it finds goes to `out`. */
export class LineReader {
  readonly calls: OpenCalls;
  readonly out: { push(event: TraceEvent): void };
  /** A call whose line was broken by something else; the next line may go on with it. */
  private fragment: Fragment | null = null;

  constructor(calls: OpenCalls, out: { push(event: TraceEvent): void }) {
    this.calls = calls;
    this.out = out;
  }

  /** The end of the input: what is still open comes out as it is. */
  end(): void {
    this.dropFragment();
    for (const call of this.calls.abandonAll()) this.out.push(call);
  }

  /** Reads the line at `place`, which it may change. */
  read(place: Place): void {
    const { block, start, stop } = place;
    if (this.fragment !== null && this.mend(this.fragment, place)) return;
    scanLeader(block, start, stop);
    const { pid, body } = leader;
    const bytes = block.bytes;
    if (bytes[body] === 60 && this.readResumed(place, pid, body)) return;
    const open = nameEnd(bytes, body, stop);
    if (open >= 0 && this.readCall(place, pid, body, open)) return;
    this.readNotice(place, body, pid);
  }

  /** Reads the first half of a call that comes late: it stood before the line read last. */
  readHead(place: Place): void {
    const { fragment } = this;
    this.fragment = null;
    this.read(place);
    this.fragment = fragment;
  }

  private readCall(place: Place, pid: number, body: number, open: number): boolean {
    const mark = findOpenMark(place, open + 1);
    if (mark < 0) {
      const call = readWholeCall(place, pid, body, open);
      if (!(call instanceof CallEvent)) return this.readFragment(place, pid, body, open, call);
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

  /** `begun`: the call, if its arguments go on to the line's end. */
  private readFragment(
    place: Place,
    pid: number,
    body: number,
    open: number,
    begun: OpenCall | null,
  ): boolean {
    const to = findInterruption(place, open + 1);
    const call = to === place.stop ? begun : openCall(place, pid, body, open, to);
    if (call === null) return false;
    this.fragment = { call, places: [{ ...place }] };
    return true;
  }

  /** Goes on with a broken call: the rest without leader, or a mark alone on its line. */
  private mend(fragment: Fragment, place: Place): boolean {
    const { call } = fragment;
    if (isResumed(place)) {
      this.dropFragment();
      return false;
    }
    const mark = findOpenMark(place, place.start);
    const { start, stop } = place;
    const lone = mark === start;
    const next = continueCall(call, place, start, start, mark < 0 ? stop : mark, lone);
    if (next === null) {
      if (mark < 0 && this.extend(fragment, place)) return true;
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

  /** A line in the middle of a broken call: nothing that strace itself could have begun. */
  private extend({ call, places }: Fragment, place: Place): boolean {
    const { block, start, stop } = place;
    if (places.length > MOST_BREAKS || leader.body > start) return false;
    if (nameEnd(block.bytes, start, stop) >= 0) return false;
    if (readNotice(new PlacedLine(place, start, start, stop)) !== null) return false;
    if (continueCall(call, place, start, start, stop, true) !== call) return false;
    places.push({ ...place });
    return true;
  }

  /** What a broken call is when no line goes on with it. */
  dropFragment(): void {
    if (this.fragment === null) return;
    const { places } = this.fragment;
    this.fragment = null;
    for (const place of places) this.readNotice(place, place.start, -1);
  }

  private readNotice(place: Place, body: number, pid: number): void {
    const notice = readNotice(new PlacedLine(place, body, body, place.stop));
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
  const line = new PlacedLine(place, place.start, place.start, place.stop);
  const text = place.block.text.slice(place.start, place.stop);
  const { layout: _, ...none } = noLeader;
  return { type: "foreign", ...none, lines: [line], text };
}

/** Whether the line is a second half, behind its leader: it goes on with its own call. */
function isResumed(place: Place): boolean {
  scanLeader(place.block, place.start, place.stop);
  return readResumedMark(place, leader.body);
}
