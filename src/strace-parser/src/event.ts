import type { CallEvent } from "./call-event.ts";
import type { Leader } from "./leader.ts";
import type { Line } from "./line.ts";
import type { Value } from "./value.ts";

/**
 * What a trace says, one object an event, told apart by `type`.
 *
 * All text is exactly as strace printed it (still C-escaped), one character a byte.
 * Written against strace 6.1's output and strace(1); accepts 4.8 to 7.2 as far as the README says.
 */
export type TraceEvent = CallEvent | Notice;

/** Every event that is no call. */
export type Notice =
  | SignalEvent
  | StoppedEvent
  | ExitedEvent
  | KilledEvent
  | SupersededEvent
  | AttachedEvent
  | DetachedEvent
  | PersonalityEvent
  | FrameEvent
  | DumpEvent
  | SummaryEvent
  | DiagnosticEvent
  | ForeignEvent;

interface Base extends Leader {
  /** The lines this event was read from; none for a notice that landed inside a call's line. */
  readonly lines: readonly Line[];
}

/** `--- SIGCHLD {si_signo=…} ---`: a signal was delivered (sigaction(2)). */
export interface SignalEvent extends Base {
  readonly type: "signal";
  readonly signal: string;
  /** siginfo_t, typed; null when strace printed none. */
  readonly info: Value | null;
  /** Free text of strace before 4.7: `(Child exited) @ 0 (0)`. Empty since. */
  readonly text: string;
  /** The name stands before the struct (4.7+). */
  readonly named: boolean;
}

/** `--- stopped by SIGSTOP ---`: group-stop (ptrace(2)). */
export interface StoppedEvent extends Base {
  readonly type: "stopped";
  readonly signal: string;
}

/** `+++ exited with 1 +++`. */
export interface ExitedEvent extends Base {
  readonly type: "exited";
  readonly code: number;
}

/** `+++ killed by SIGSEGV (core dumped) +++`. */
export interface KilledEvent extends Base {
  readonly type: "killed";
  readonly signal: string;
  readonly core: boolean;
}

/** `+++ superseded by execve in pid N +++`: another thread called execve(2) and took this id. */
export interface SupersededEvent extends Base {
  readonly type: "superseded";
  readonly by: number;
  /** -Y: the other thread's name. */
  readonly byComm: string | null;
}

/** `strace: Process N attached`, with `threads` when strace counted them. */
export interface AttachedEvent extends Base {
  readonly type: "attached";
  readonly process: number;
  readonly processComm: string | null;
  readonly threads: number | null;
  /** As strace was called: `strace`, `/usr/bin/strace`; null before 4.11. */
  readonly argv0: string | null;
}

/** `strace: Process N detached`. */
export interface DetachedEvent extends Base {
  readonly type: "detached";
  readonly process: number;
  readonly processComm: string | null;
  readonly argv0: string | null;
}

/** `[ Process PID=N runs in 32 bit mode. ]`. */
export interface PersonalityEvent extends Base {
  readonly type: "personality";
  readonly process: number;
  readonly mode: string;
}

/** -k: one frame of the stack below the event before it. */
export interface FrameEvent extends Base {
  readonly type: "frame";
  /** The object file; for `error` frames what strace says instead. */
  readonly file: string;
  /** As printed, demangled; null when unknown. */
  readonly symbol: string | null;
  /** `+0x1d` in the symbol, with `0x`; null without symbol. */
  readonly offset: string | null;
  /** With `0x`; null in an error. */
  readonly address: string | null;
  /** -kk (6.7+): `file.c:12`. */
  readonly source: string | null;
}

/**
 * -e read=, -e write=, -e kvm=: what a call moved.
 * `head` is ` * 3 bytes in buffer 0` and its like; `row` holds up to 16 bytes at `offset`.
 */
export interface DumpEvent extends Base {
  readonly type: "dump";
  readonly form: "row" | "buffer" | "vector" | "error" | "vcpu";
  /** Where in the buffer the row's bytes stand; the number of bytes or buffers in a head. */
  readonly offset: number;
  /** The buffer's or vector's number; null in a row. */
  readonly index: number | null;
  /** The row's bytes, one character each; the text of an error or a VCPU line. */
  readonly data: string;
  /** Digits of a row's offset, five or more. */
  readonly digits: number;
}

/** -c: a line of the summary. Columns keep their width. */
export interface SummaryEvent extends Base {
  readonly type: "summary";
  readonly form: "title" | "header" | "rule" | "row";
  readonly cells: readonly string[];
  /** Spaces before each cell, and behind the last. */
  readonly gaps: readonly number[];
}

/** strace says something about itself: `strace: Exit of unknown pid 9 ignored`. */
export interface DiagnosticEvent extends Base {
  readonly type: "diagnostic";
  readonly argv0: string;
  readonly text: string;
}

/** A line that is not strace's, or that this version does not understand, whole. */
export interface ForeignEvent extends Base {
  readonly type: "foreign";
  readonly text: string;
}
