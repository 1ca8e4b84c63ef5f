import type { Block } from "./block.ts";
import {
  argsOf,
  baseOf,
  linesOf,
  microsOf,
  type Records,
  secondsOf,
  timeOf,
} from "./call-record.ts";
import type { CallState } from "./call-state.ts";
import { findPart, joinLines, resumedName } from "./call-text.ts";
import type { Leader, PrintedLeader } from "./leader.ts";
import type { Line } from "./line.ts";
import { readNotes } from "./read-notes.ts";
import { readFormed, readIntruded, readValue } from "./read-value.ts";
import {
  ARGC,
  ARGS,
  ARGS_END,
  CLOSE,
  END,
  ERRNO,
  ERRNO_END,
  FORM,
  NOTES_END,
  OFFSET,
  OPEN,
  RESULT,
  RESULT_END,
  SECONDS,
  TEXT_END,
} from "./record.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";

/**
 * A system call. Halves (`<unfinished ...>`, `<... x resumed>`) arrive as one event, stamped with
 * the start's time and handed out when the call is over.
 *
 * Holds spans; each field is cut out, and each value typed, when it is first asked for. All text
 * is as printed, one character a byte (see `toUtf8`).
 */
export class CallEvent implements Leader {
  readonly type = "call";
  readonly pid: number | null;
  readonly state: CallState;
  /** Only the end is there (`<... execve resumed>) = 0` in a file of -ff): its first arguments are not. */
  readonly headless: boolean;
  private readonly records: Records | Block;
  private readonly at: number;
  /** Null for a call of the scanner in WebAssembly: its record says where they are. */
  private readonly placed: readonly Line[] | null;
  private joined: Source | null = null;
  private typed: readonly Value[] | null = null;

  constructor(
    records: Records | Block,
    at: number,
    pid: number | null,
    state: CallState,
    placed: readonly Line[] | null,
    headless: boolean,
  ) {
    this.records = records;
    this.at = at;
    this.pid = pid;
    this.state = state;
    this.placed = placed;
    this.headless = headless;
  }

  /** The lines it was read from: one, or its halves in order. */
  get lines(): readonly Line[] {
    return this.placed ?? linesOf(this.records as Records, this.at);
  }
  get leader(): PrintedLeader {
    return (this.lines[0] as Line).leader;
  }
  get comm(): string | null {
    return this.placed === null ? null : this.leader.comm;
  }
  get context(): string | null {
    return this.placed === null ? null : this.leader.context;
  }
  get time(): string | null {
    return this.placed === null ? timeOf(this.records as Records, this.at) : this.leader.time;
  }
  get micros(): number | null {
    return this.placed === null ? microsOf(this.records as Records, this.at) : this.leader.micros;
  }
  get relative(): string | null {
    return this.placed === null ? null : this.leader.relative;
  }
  get sysno(): string | null {
    return this.placed === null ? null : this.leader.sysno;
  }
  get ip(): string | null {
    return this.placed === null ? null : this.leader.ip;
  }

  /** As printed: `openat`, `syscall_0x1f4`, `old_mmap#64`, `???`. */
  get name(): string {
    return this.headless ? resumedName(this.lines[0] as Line) : this.cut(0, this.mark(OPEN));
  }

  /** Top-level arguments as printed. strace may stop early: `(fd, )` is `["fd", ""]`. */
  get args(): readonly string[] {
    if (this.placed === null) return argsOf(this.records as Records, this.at);
    let from = this.argsStart;
    return Array.from({ length: this.argc }, (_, i) => {
      const to = this.argEnd(i, this.argc);
      const arg = this.cut(from, to);
      from = to + 2;
      return arg;
    });
  }

  get argc(): number {
    return this.mark(ARGC);
  }

  /** The arguments, typed: one value each. */
  get values(): readonly Value[] {
    return this.mark(RESULT) === 0 ? this.roots : this.roots.slice(0, -1);
  }

  /** The arguments and, if there is one, the result, typed. */
  get roots(): readonly Value[] {
    this.typed ??= this.readRoots();
    return this.typed;
  }

  /** As printed, with its `<path>` or comment: `0`, `-1`, `3</etc/passwd>`, `0x7f…`, `?`. */
  get result(): string | null {
    return this.mark(RESULT) === 0 ? null : this.cut(this.mark(RESULT), this.mark(RESULT_END));
  }

  /** The result, typed. */
  get returned(): Value | null {
    return this.mark(RESULT) === 0 ? null : (this.roots.at(-1) ?? null);
  }

  /** `ENOENT`, `ERESTARTSYS`; digits when strace printed `(errno N)`. */
  get errno(): string | null {
    return this.part(ERRNO, ERRNO_END);
  }

  /** strerror(3) of `errno`, without parentheses. */
  get errorText(): string | null {
    const from = this.mark(ERRNO_END);
    const to = this.mark(TEXT_END);
    return to === from ? null : this.cut(from + 2, to);
  }

  /** What else stands behind the result, parentheses kept: `(Timeout)`, `(in [3]) (INJECTED)`. */
  get note(): string | null {
    const to = this.mark(NOTES_END);
    if (to <= this.mark(TEXT_END) + 1) return null;
    const from = this.noteStart;
    return from >= to ? null : this.cut(from, to);
  }

  /** `note`, typed: one list a parenthesis. */
  get notes(): readonly (readonly Value[])[] {
    const { note } = this;
    return note === null ? none : readNotes(note);
  }

  /** -T: seconds spent in the call. */
  get seconds(): number | null {
    if (this.placed === null) return secondsOf(this.records as Records, this.at);
    const printed = this.duration;
    return printed === null ? null : Number(printed);
  }

  /** `seconds` as printed. */
  get duration(): string | null {
    const from = this.mark(SECONDS);
    return from === 0 ? null : this.cut(from, this.mark(END) - 1);
  }

  /** What stands between the last argument and `)`: a dead thread's ` <unfinished ...>`. */
  get trailer(): string {
    return this.cut(this.mark(ARGS_END) & OFFSET, this.mark(CLOSE));
  }

  /** Spaces between `)` and `=` (option -a). */
  get padding(): number {
    return Math.max(0, this.mark(RESULT) - this.mark(CLOSE) - 3);
  }

  toJSON(): object {
    const { type, pid, comm, context, time, micros, relative, sysno, ip, name, args } = this;
    const { result, errno, errorText, note, seconds, state, lines } = this;
    const stamp = { pid, comm, context, time, micros, relative, sysno, ip };
    const headless = this.headless || null;
    return {
      type,
      ...stamp,
      name,
      args,
      result,
      errno,
      errorText,
      note,
      seconds,
      state,
      headless,
      lines,
    };
  }

  private get noteStart(): number {
    const errnoEnd = this.mark(ERRNO_END);
    const closed = this.mark(TEXT_END) > errnoEnd || this.numbered;
    return this.mark(TEXT_END) + (closed ? 2 : 1);
  }

  /** Whether the errno was printed as `(errno N)`. */
  get numbered(): boolean {
    const errno = this.errno;
    return errno !== null && errno.charCodeAt(0) < 58;
  }

  private mark(index: number): number {
    return this.records.marks[this.at + index] as number;
  }

  private part(from: number, to: number): string | null {
    const start = this.mark(from);
    const end = this.mark(to);
    return start === end ? null : this.cut(start, end);
  }

  private get argsStart(): number {
    return this.headless ? 0 : this.mark(OPEN) + 1;
  }

  private argEnd(index: number, argc: number): number {
    return this.mark(index === argc - 1 ? ARGS_END : ARGS + index);
  }

  private cut(from: number, to: number): string {
    const base = this.locate(from, to);
    return found.text.slice(base + from, base + to);
  }

  private readRoots(): Value[] {
    const { argc } = this;
    const result = this.mark(RESULT);
    const values = new Array<Value>(result === 0 ? argc : argc + 1);
    let from = this.argsStart;
    for (let i = 0; i < argc; i++) {
      const end = this.argEnd(i, argc);
      const to = end & OFFSET;
      const base = this.locate(from, to);
      const value = readFormed(found, base + from, base + to, end >>> FORM);
      const tracee = value.kind === "opaque" && argc === 3 && /^writev?$/.test(this.name);
      values[i] = tracee ? readIntruded(value) : value;
      from = to + 2;
    }
    if (result === 0) return values;
    const to = this.mark(RESULT_END);
    const base = this.locate(result, to);
    values[argc] = readValue(found, base + result, base + to);
    return values;
  }

  /** Points `found` at where the span stands and returns its offset there. */
  private locate(from: number, to: number): number {
    const { placed } = this;
    if (placed === null) {
      const { block } = this.records as Records;
      const base = baseOf(this.records as Records, this.at, from, to);
      return base < 0 ? look(this.whole, 0) : look(block, base);
    }
    const first = placed[0] as Line;
    if (placed.length === 1) return look(first.block, first.from);
    const part = findPart(placed, from, to);
    return part === null ? look(this.whole, 0) : look(part.line.block, part.base);
  }

  private get whole(): Source {
    this.joined ??= joinLines(this.lines);
    return this.joined;
  }
}

const none: readonly (readonly Value[])[] = [];

/** In what the last located span stands. */
let found: Source = { bytes: new Uint8Array(0), text: "" };

function look(source: Source, base: number): number {
  if (found !== source) found = source;
  return base;
}
