import type { CallEvent, Leader, SourceLine } from "./event.ts";
import { readCall, readOpenCall } from "./read-call.ts";

/** A call whose start was seen and whose end was not. */
export interface PendingCall extends Leader {
  /** As far as printed: `wait4(-1, `. */
  readonly text: string;
  readonly source: readonly SourceLine[];
}

/** The open calls, one a thread at most (a thread sits in one system call at a time). */
export interface PendingCalls {
  start(call: PendingCall): void;
  /** Takes the call a `<... name resumed>` on `pid` ends. Null when its start was not seen. */
  take(pid: number | null, name: string): PendingCall | null;
  /** Takes whatever is open on `pid`, as the unfinished call it turned out to be. */
  abandon(pid: number | null): CallEvent[];
  /** Threaded execve(2): what `from` began ends on `to`. */
  move(from: number, to: number | null): void;
  /** Takes all, in the order they started. */
  abandonAll(): CallEvent[];
}

export function createPendingCalls(): PendingCalls {
  const calls = new Map<number | null, PendingCall>();

  const takeNamed = (key: number | null, name: string): PendingCall | null => {
    const call = calls.get(key);
    if (call === undefined || !call.text.startsWith(`${name}(`)) return null;
    calls.delete(key);
    return call;
  };

  return {
    start: (call) => void calls.set(call.pid, call),
    take(pid, name) {
      // On stderr a pid is printed only while two or more processes are attached, so one call can
      // start bare and resume as `[pid N]`, or the reverse.
      const other = pid === null ? onlyKey(calls) : null;
      return takeNamed(pid, name) ?? (other === undefined ? null : takeNamed(other, name));
    },
    abandon(pid) {
      const call = calls.get(pid);
      calls.delete(pid);
      return call === undefined ? [] : [openCall(call, "unfinished")];
    },
    move(from, to) {
      const call = calls.get(from);
      calls.delete(from);
      if (call !== undefined) calls.set(to, call);
    },
    abandonAll() {
      const events = [...calls.values()].map((call) => openCall(call, "unfinished"));
      calls.clear();
      return events;
    },
  };
}

/** The call's end is known: the whole of it, or null when its text does not read as a call. */
export function closeCall(call: PendingCall): CallEvent | null {
  const body = readCall(call.text, 0);
  return body === null ? null : { type: "call", ...stampOf(call), ...body };
}

/** The call's end will not come. */
export function openCall(call: PendingCall, state: "unfinished" | "detached"): CallEvent {
  return { type: "call", ...stampOf(call), ...readOpenCall(call.text, state) };
}

function stampOf({ pid, time, micros, relative, source }: PendingCall) {
  return { pid, time, micros, relative, source };
}

function onlyKey(calls: ReadonlyMap<number | null, PendingCall>): number | null | undefined {
  return calls.size === 1 ? calls.keys().next().value : undefined;
}
