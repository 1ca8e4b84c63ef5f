import { type CallEvent, createParser, printBody, type TraceEvent, toUtf8 } from "strace-parser";
import type { Event, Syscall } from "../timeline/event.ts";

/** Turns what strace writes about one run into events. */
export interface TraceReader {
  push(chunk: string | Uint8Array): Event[];
  end(): Event[];
}

export interface TraceOptions {
  readonly run: number;
  /** strace's wall-clock microseconds → session time. */
  readonly fromMicroseconds: (micros: number) => number;
  readonly now: () => number;
  /** The host's pid of a process in the lab, while it is known. */
  readonly hostPid: (labPid: number) => number | undefined;
}

/** What strace is asked to show. */
export interface TraceFilter {
  /** The system calls, in strace's words. */
  readonly calls: readonly string[];
  /** How many bytes of a string are printed. */
  readonly strings: number;
}

/** argv that runs `command` under strace, its lines going to `fifo`. */
export function straceCommand(
  { calls, strings }: TraceFilter,
  fifo: string,
  command: readonly string[],
): string[] {
  // -D: the command stays our direct child and strace watches from the side, so that the command's
  // exit is seen when it happens, not when its last background child ends. -ttt: microseconds.
  // -y: what a descriptor names. "?": a call this architecture does not have is no error. SIGURG is
  // what Go's runtime sends its own threads, hundreds of times while runc starts.
  const options = ["-f", "-q", "-ttt", "-T", "-y", "-s", `${strings}`];
  const filter = `trace=${calls.map((call) => `?${call}`).join(",")}`;
  return [
    "strace",
    "-D",
    ...options,
    "-e",
    filter,
    "-e",
    "signal=!SIGURG",
    "-o",
    fifo,
    "--",
    ...command,
  ];
}

export function createTraceReader(options: TraceOptions): TraceReader {
  const parser = createParser();
  const convert = (events: readonly TraceEvent[]): Event[] =>
    events.map((event) => traceEvent(event, options));
  return { push: (chunk) => convert(parser.push(chunk)), end: () => convert(parser.end()) };
}

/** One event of the parser as one of the timeline. */
export function traceEvent(event: TraceEvent, options: TraceOptions): Event {
  const { run } = options;
  const { micros, pid: labPid } = event;
  const t = micros === null ? options.now() : options.fromMicroseconds(micros);
  if (labPid === null) return { kind: "trace.other", t, run, text: textOf(event) };
  const pid = options.hostPid(labPid);
  if (event.type === "call") return callEvent(event, t, run, labPid, pid);
  const from = { t, run, labPid, ...(pid !== undefined && { pid }) };
  switch (event.type) {
    case "signal":
    case "stopped":
    case "killed": {
      const { type, signal } = event;
      return { kind: "trace.signal", ...from, event: type, signal, text: textOf(event) };
    }
    case "exited":
      return {
        kind: "trace.signal",
        ...from,
        event: "exited",
        code: event.code,
        text: textOf(event),
      };
    default:
      return { kind: "trace.other", t, run, text: textOf(event) };
  }
}

function textOf(event: TraceEvent): string {
  return toUtf8(printBody(event));
}

/**
 * There can be tens of thousands a second, so the commonest (it returned, without an error, and -T
 * says how long it took) is one literal: what is put together of parts is slower to make and larger.
 */
function callEvent(
  call: CallEvent,
  t: number,
  run: number,
  labPid: number,
  pid: number | undefined,
): Syscall {
  const { name, errno, seconds } = call;
  const args = call.args.map(toUtf8);
  const printed = call.state === "returned" ? call.result : null;
  const result = printed === null ? null : toUtf8(printed);
  if (result !== null && errno === null && seconds !== null) {
    return pid === undefined
      ? { kind: "syscall", t, run, labPid, name, args, result, seconds }
      : { kind: "syscall", t, run, labPid, pid, name, args, result, seconds };
  }
  return {
    kind: "syscall",
    t,
    run,
    labPid,
    ...(pid !== undefined && { pid }),
    name,
    args,
    ...(result !== null && { result }),
    ...(errno !== null && { errno }),
    ...(seconds !== null && { seconds }),
  };
}
