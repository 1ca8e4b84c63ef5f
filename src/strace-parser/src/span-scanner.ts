import { Block } from "./block.ts";
import { CallSpans, Head, none } from "./call-spans.ts";
import { createFeed } from "./feed.ts";
import { toBytes } from "./latin1.ts";
import type { Place } from "./line.ts";
import { openDepth, scanArgs } from "./scan-args.ts";
import { ARGS, nameEnd, SECONDS, scanResult } from "./scan-call.ts";
import { leader, scanLeader } from "./scan-leader.ts";
import { findOpenMark, markState, readResumedMark, resumed } from "./scan-marks.ts";

export interface SpanScanner {
  push(chunk: string | Uint8Array): void;
  end(): void;
}

/**
 * Finds the spans of each call that returned and keeps nothing. `onOther` gets every other line:
 * signals, exits, what is broken in two on stderr (`createParser` mends those). Never throws.
 */
export function createSpanScanner(
  onCall: (call: CallSpans) => void,
  onOther: (line: string) => void = () => {},
): SpanScanner {
  const feed = createFeed();
  const scan = new SpanLines(onCall, onOther);
  return {
    push(chunk) {
      const bytes = feed.push(chunk);
      if (bytes !== null) scan.read(bytes);
    },
    end() {
      const bytes = feed.end();
      if (bytes !== null) scan.read(bytes);
    },
  };
}

class SpanLines {
  private readonly call = new CallSpans();
  /** One call's record at a time: all blocks share it. */
  private marks: Int32Array = new Int32Array(256);
  private readonly heads = new Map<number, Head>();
  private readonly place: Place = {
    block: none,
    number: 0,
    start: 0,
    stop: 0,
    end: "\n",
    colours: null,
  };
  private readonly onCall: (call: CallSpans) => void;
  private readonly onOther: (line: string) => void;

  constructor(onCall: (call: CallSpans) => void, onOther: (line: string) => void) {
    this.onCall = onCall;
    this.onOther = onOther;
  }

  read(bytes: Uint8Array): void {
    const { place } = this;
    const block = new Block(bytes, this.marks);
    const { text } = block;
    place.block = block;
    for (let start = 0; start < bytes.length; ) {
      const feed = text.indexOf("\n", start);
      const stop = feed < 0 ? bytes.length : feed;
      place.start = start;
      place.stop = feed > start && bytes[feed - 1] === 13 ? stop - 1 : stop;
      block.used = 0;
      if (!this.readLine(block)) this.onOther(text.slice(start, place.stop));
      start = stop + 1;
    }
    this.marks = block.marks;
  }

  private readLine(block: Block): boolean {
    const { place } = this;
    const { start, stop } = place;
    scanLeader(block, start, stop);
    const { body } = leader;
    if (block.bytes[body] === 60) return this.readResumed(block, body);
    const open = nameEnd(block.bytes, body, stop);
    if (open < 0) return false;
    const mark = findOpenMark(place, open + 1);
    if (mark >= 0) return this.readHead(block, body, open, mark);
    const at = block.reserve(ARGS);
    block.marks[at + SECONDS] = 0;
    const close = scanArgs(block, open + 1, stop, body, 0);
    return close >= 0 && this.finish(null, block, body, 0, open - body, close);
  }

  private readHead(block: Block, body: number, open: number, mark: number): boolean {
    if (scanArgs(block, open + 1, mark, body, 0) >= 0) return false;
    const head = this.headOf(leader.pid);
    head.waiting = markState === "unfinished";
    head.block = block;
    head.line = this.place.start;
    head.from = body;
    head.open = open - body;
    head.length = mark - body;
    head.depth = openDepth;
    head.ends.length = 0;
    for (let i = 0; i < block.used; i++) head.ends.push(block.marks[i] as number);
    return true;
  }

  private headOf(pid: number): Head {
    const known = this.heads.get(pid);
    if (known !== undefined) return known;
    const head = new Head();
    this.heads.set(pid, head);
    return head;
  }

  private readResumed(block: Block, body: number): boolean {
    const { place } = this;
    const head = this.heads.get(leader.pid);
    if (head === undefined || !head.waiting || !readResumedMark(place, body)) return false;
    if (!sameName(head, block.bytes, body + 5)) return false;
    head.waiting = false;
    const { from } = resumed;
    const mark = findOpenMark(place, from);
    if (mark >= 0) return this.extend(head, block, from, mark);
    const at = block.reserve(ARGS);
    block.marks[at + SECONDS] = 0;
    for (let i = 0; i < head.ends.length; i++) block.mark(head.ends[i] as number);
    const close = scanArgs(block, from, place.stop, from - head.length, head.depth);
    return close >= 0 && this.finish(head, block, from, head.length, head.open, close);
  }

  /** A half that is cut again. Rare: the text so far is copied. */
  private extend(head: Head, block: Block, from: number, mark: number): boolean {
    if (scanArgs(block, from, mark, from - head.length, head.depth) >= 0) return false;
    for (let i = 0; i < block.used; i++) head.ends.push(block.marks[i] as number);
    const before = head.block.text.slice(head.line, head.from + head.length);
    head.block = new Block(toBytes(before + block.text.slice(from, mark)));
    head.from -= head.line;
    head.line = 0;
    head.length += mark - from;
    head.depth = openDepth;
    head.waiting = markState === "unfinished";
    return true;
  }

  /** Fills in the call and hands it out. False when what follows the arguments does not read. */
  private finish(
    head: Head | null,
    block: Block,
    from: number,
    length: number,
    open: number,
    close: number,
  ): boolean {
    const base = from - length;
    const commas = block.used - ARGS;
    const { bytes } = block;
    if (bytes[close] !== 41) return false;
    // `<unfinished ...>)`: the thread died in the call.
    if (bytes[close - 2] === 46 && bytes[close - 15] === 117) return false;
    if (!scanResult(block, close + 1, this.place.stop, base, 0)) return false;
    const { call } = this;
    call.pid = leader.pid;
    call.block = block;
    call.start = this.place.start;
    call.from = from;
    call.head = head;
    call.length = length;
    call.open = open;
    call.close = close - base;
    call.argc = commas === 0 && close - base === open + 1 ? 0 : commas + 1;
    this.onCall(call);
    return true;
  }
}

/** Whether the name that ends at `resumed.nameEnd` is the one `head` began with. */
function sameName(head: Head, bytes: Uint8Array, at: number): boolean {
  if (resumed.nameEnd - at !== head.open) return false;
  const own = head.block.bytes;
  for (let i = 0; i < head.open; i++) if (own[head.from + i] !== bytes[at + i]) return false;
  return true;
}
