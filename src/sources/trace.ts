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

/** argv that runs `command` under strace, its lines going to `fifo`. */
export function straceCommand(
  calls: readonly string[],
  fifo: string,
  command: readonly string[],
): string[] {
  // -D: the command stays our direct child and strace watches from the side, so that the command's
  // exit is seen when it happens, not when its last background child ends. -ttt: microseconds.
  // -y: what a descriptor names. "?": a call this architecture does not have is no error.
  const options = ["-f", "-q", "-ttt", "-T", "-y", "-s", "256"];
  const filter = `trace=${calls.map((call) => `?${call}`).join(",")}`;
  return ["strace", "-D", ...options, "-e", filter, "-o", fifo, "--", ...command];
}

export function createTraceReader(options: TraceOptions): TraceReader {
  const parser = createParser();
  const convert = (events: Iterable<TraceEvent>): Event[] =>
    [...events].map((event) => traceEvent(event, options));
  return { push: (chunk) => convert(parser.push(chunk)), end: () => convert(parser.end()) };
}

function traceEvent(event: TraceEvent, options: TraceOptions): Event {
  const { run } = options;
  const at = event.micros === null ? null : options.fromMicroseconds(event.micros);
  const t = at ?? options.now();
  const textOf = (): string => toUtf8(printBody(event));
  const other = (): Event => ({ kind: "trace.other", t, run, text: textOf() });
  if (event.pid === null) return other();
  const pid = options.hostPid(event.pid);
  const from = { t, run, labPid: event.pid, ...(pid !== undefined && { pid }) };
  switch (event.type) {
    case "call":
      return { kind: "syscall", ...from, ...callFields(event) };
    case "signal":
    case "stopped":
    case "killed":
      return {
        kind: "trace.signal",
        ...from,
        event: event.type,
        signal: event.signal,
        text: textOf(),
      };
    case "exited":
      return { kind: "trace.signal", ...from, event: "exited", code: event.code, text: textOf() };
    default:
      return other();
  }
}

function callFields(call: CallEvent): Pick<Syscall, "name" | "args"> & Partial<Syscall> {
  const { name, args, result, errno, seconds } = call;
  return {
    name,
    args: args.map(toUtf8),
    ...(call.state === "returned" && result !== null && { result: toUtf8(result) }),
    ...(errno !== null && { errno }),
    ...(seconds !== null && { seconds }),
  };
}
