/**
 * What a trace says, one object an event, told apart by `type`.
 *
 * All text is exactly as strace printed it (still C-escaped; see `decodeString`, `splitPath`).
 * Written against strace 6.1's output and strace(1); accepts 4.8 to 7.2 as far as the README says.
 */
export type TraceEvent =
  | CallEvent
  | SignalEvent
  | StoppedEvent
  | ExitedEvent
  | KilledEvent
  | SupersededEvent
  | AttachedEvent
  | DetachedEvent
  | PersonalityEvent
  | ForeignEvent;

/** One physical line of the input. `print` puts the lines of events back in order. */
export interface SourceLine {
  /** Counted from 1. */
  readonly line: number;
  /** Without its terminator. Bytes that are not UTF-8 are U+DC80…U+DCFF (see `encodeText`). */
  readonly text: string;
  /** `\n`, `\r\n` (strace writing to a terminal), or empty for a last line cut short. */
  readonly end: string;
}

/** What stands in front of a line's body. */
export interface Leader {
  /** The thread's id, or null when the line names none (a single process on stderr, `-ff`). */
  readonly pid: number | null;
  /** -t, -tt, -ttt, --absolute-timestamps as printed: `10:45:58.022405`, `1795327976.116875`. */
  readonly time: string | null;
  /** Whole microseconds since 1970-01-01 UTC when `time` is an epoch form, else null. */
  readonly micros: number | null;
  /** -r as printed: seconds since the line before. */
  readonly relative: string | null;
}

interface Base extends Leader {
  /** The lines this event was read from: one, or a call's halves in order. */
  readonly source: readonly SourceLine[];
}

/**
 * - `returned`: strace printed a result; it is `?` for calls that do not return (exit_group) and
 *   for interrupted ones (`errno` is then ERESTARTSYS and the like).
 * - `unfinished`: the thread died, or the input ended, inside the call.
 * - `detached`: strace left while the call was open.
 * - `unavailable`: strace could not read the result (`= ? <unavailable>`).
 */
export type CallState = "returned" | "unfinished" | "detached" | "unavailable";

/**
 * A system call. Halves (`<unfinished ...>`, `<... x resumed>`) arrive as one event, stamped with
 * the start's time and handed out when the call is over.
 */
export interface CallEvent extends Base {
  readonly type: "call";
  /** As printed: `openat`, `syscall_0x1f4`, `old_mmap#64`, `???`. */
  readonly name: string;
  /** Top-level arguments as printed. strace may stop early: `(fd, )` is `["fd", ""]`. */
  readonly args: readonly string[];
  /** As printed, with its `<path>` or comment: `0`, `-1`, `3</etc/passwd>`, `0x7f…`, `?`. */
  readonly result: string | null;
  /** `ENOENT`, `ERESTARTSYS`; digits when strace printed `(errno N)`. */
  readonly errno: string | null;
  /** strerror(3) of `errno`, without parentheses. */
  readonly errorText: string | null;
  /** What else stands behind the result, parentheses kept: `(Timeout)`, `(in [3]) (INJECTED)`. */
  readonly note: string | null;
  /** -T: seconds spent in the call. */
  readonly seconds: number | null;
  readonly state: CallState;
}

/** `--- SIGCHLD {si_signo=…} ---`: a signal was delivered. `info` is the text after the name. */
export interface SignalEvent extends Base {
  readonly type: "signal";
  readonly signal: string;
  readonly info: string;
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
}

/** `strace: Process N attached`, with `threads` when strace counted them. */
export interface AttachedEvent extends Base {
  readonly type: "attached";
  readonly process: number;
  readonly threads: number | null;
}

/** `strace: Process N detached`. */
export interface DetachedEvent extends Base {
  readonly type: "detached";
  readonly process: number;
}

/** `[ Process PID=N runs in 32 bit mode. ]`. */
export interface PersonalityEvent extends Base {
  readonly type: "personality";
  readonly process: number;
  readonly mode: string;
}

/** A line this version does not understand, whole. Its leader is not read: pid and time are null. */
export interface ForeignEvent extends Base {
  readonly type: "foreign";
  readonly text: string;
}
