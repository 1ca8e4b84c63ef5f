import type { CallEvent } from "./call-event.ts";
import { cutCall, microsOf, type Records, secondsOf, timeOf } from "./call-record.ts";
import {
  ARGC,
  ARGS,
  ARGS_END,
  ERRNO,
  ERRNO_END,
  OFFSET,
  OPEN,
  PID,
  RESULT,
  RESULT_END,
} from "./record.ts";

/**
 * A finished call as spans, for passes over much text that look at few fields. The scanner has one
 * and moves it on: read what you need before you return, keep strings and numbers, not the object.
 */
export class CallSpans {
  /** The thread's id, -1 when the line names none. */
  pid = -1;
  /** How many top-level arguments there are. */
  argc = 0;
  failed = false;
  private records: Records | null = null;
  private at = 0;
  /** A call in a rarer form. */
  private event: CallEvent | null = null;

  /** @internal */
  setRecord(records: Records, at: number): void {
    const { marks } = records;
    this.records = records;
    this.at = at;
    this.pid = marks[at + PID] as number;
    this.argc = marks[at + ARGC] as number;
    this.failed = (marks[at + ERRNO_END] as number) > (marks[at + ERRNO] as number);
    this.event = null;
  }

  /** @internal */
  setEvent(event: CallEvent): void {
    this.event = event;
    this.pid = event.pid ?? -1;
    this.argc = event.argc;
    this.failed = event.errno !== null;
  }

  /** As printed: `openat`. */
  get name(): string {
    return this.event === null ? this.cut(0, this.mark(OPEN)) : this.event.name;
  }

  /** One top-level argument as printed, halves joined. */
  arg(index: number): string {
    if (this.event !== null) return this.event.args[index] ?? "";
    const first = index === 0 ? this.mark(OPEN) + 1 : (this.mark(ARGS + index - 1) & OFFSET) + 2;
    const last = this.mark(index === this.argc - 1 ? ARGS_END : ARGS + index) & OFFSET;
    return this.cut(first, last);
  }

  get result(): string {
    if (this.event !== null) return this.event.result ?? "";
    return this.cut(this.mark(RESULT), this.mark(RESULT_END));
  }

  /** `ENOENT`; null when the call did not fail. */
  get errno(): string | null {
    if (!this.failed) return null;
    if (this.event !== null) return this.event.errno;
    return this.cut(this.mark(ERRNO), this.mark(ERRNO_END));
  }

  /** -T: seconds spent in the call. */
  get seconds(): number | null {
    if (this.event !== null) return this.event.seconds;
    return secondsOf(this.records as Records, this.at);
  }

  /** The start's time as printed, null without -t. */
  get time(): string | null {
    return this.event === null ? timeOf(this.records as Records, this.at) : this.event.time;
  }

  /** The start's time in microseconds since 1970-01-01 UTC, null without -ttt. */
  get micros(): number | null {
    return this.event === null ? microsOf(this.records as Records, this.at) : this.event.micros;
  }

  private mark(index: number): number {
    return (this.records as Records).marks[this.at + index] as number;
  }

  private cut(from: number, to: number): string {
    return cutCall(this.records as Records, this.at, from, to);
  }
}
