import { Block } from "./block.ts";
import { readLeader } from "./leader.ts";
import { ARGS, ERRNO, ERRNO_END, RESULT, RESULT_END, SECONDS } from "./scan-call.ts";

export const none = new Block(new Uint8Array(0));

/** A call that was cut, as far as it was printed. One a thread, used again. */
export class Head {
  waiting = false;
  block: Block = none;
  line = 0;
  from = 0;
  open = 0;
  length = 0;
  depth = 0;
  readonly ends: number[] = [];
}

/**
 * A finished call as spans, for passes over much text that look at few fields. The scanner has one
 * and moves it on: read what you need before you return, keep strings and numbers, not the object.
 */
export class CallSpans {
  /** The thread's id, -1 when the line names none. */
  pid = -1;
  /** How many top-level arguments there are. */
  argc = 0;
  /** @internal */
  block: Block = none;
  /** @internal */
  at = 0;
  /** @internal Where this line's part of the call begins. */
  from = 0;
  /** @internal */
  close = 0;
  /** @internal The first half; null when the call stands on one line. */
  head: Head | null = null;
  /** @internal The first half's bytes, and where `(` is from the name's first. */
  length = 0;
  /** @internal */
  open = 0;
  /** @internal The line the call began on. */
  start = 0;

  /** As printed: `openat`. */
  get name(): string {
    return this.cut(0, this.open);
  }

  /** One top-level argument as printed, halves joined. */
  arg(index: number): string {
    const first = index === 0 ? this.open + 1 : this.end(index - 1) + 2;
    const last = index === this.argc - 1 ? this.close : this.end(index);
    return this.cut(first, last);
  }

  get result(): string {
    return this.cut(this.mark(RESULT), this.mark(RESULT_END));
  }

  /** `ENOENT`; null when the call did not fail. */
  get errno(): string | null {
    return this.failed ? this.cut(this.mark(ERRNO), this.mark(ERRNO_END)) : null;
  }

  get failed(): boolean {
    return this.mark(ERRNO_END) > this.mark(ERRNO);
  }

  /** -T: seconds spent in the call. */
  get seconds(): number | null {
    const mark = this.mark(SECONDS);
    if (mark === 0) return null;
    const { bytes } = this.block;
    let at = mark - this.length + this.from;
    let digits = 0;
    let scale = 0;
    for (let code = bytes[at] as number; code !== 62; code = bytes[++at] as number) {
      if (code === 46) scale = 1;
      else {
        digits = digits * 10 + code - 48;
        scale *= 10;
      }
    }
    return scale === 0 ? digits : digits / scale;
  }

  /** The start's time as printed, null without -t. */
  get time(): string | null {
    return this.leader.time;
  }

  /** The start's time in microseconds since 1970-01-01 UTC, null without -ttt. */
  get micros(): number | null {
    return this.leader.micros;
  }

  private get leader() {
    const { head, block, start, from } = this;
    if (head !== null) return readLeader(head.block.text.slice(head.line, head.from));
    return readLeader(block.text.slice(start, from));
  }

  private mark(index: number): number {
    return this.block.marks[this.at + index] as number;
  }

  private end(index: number): number {
    return this.mark(ARGS + index);
  }

  private cut(from: number, to: number): string {
    const { head, block, length } = this;
    const shift = this.from - length;
    if (head === null || from >= length) return block.text.slice(from + shift, to + shift);
    const text = head.block.text;
    if (to <= length) return text.slice(head.from + from, head.from + to);
    return (
      text.slice(head.from + from, head.from + length) + block.text.slice(this.from, to + shift)
    );
  }
}
