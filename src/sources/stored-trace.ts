import { createParser, type TraceEvent } from "strace-parser";
import type { Event } from "../timeline/event.ts";
import { createExchangeReader, shortenSocketData } from "./exchanges.ts";
import { traceEvent } from "./trace.ts";

/** Reads strace's lines that a watch prints: of a program it traces, or of a file from another time. */
export interface StoredTrace {
  /** One line, without its end. */
  push(line: string): Event[];
  end(): Event[];
}

export interface StoredTraceOptions {
  readonly run: number;
  /** CLOCK_REALTIME in nanoseconds → session time. */
  readonly fromRealtime: (nanoseconds: number) => number;
  readonly now: () => number;
  /** Where and when it was recorded; null: here and now. */
  readonly origin: string | null;
}

/** A line with a time (-t, -tt, -ttt), else anything with brackets would be a call. */
const LINE =
  /^(?:\[pid +\d+\] |\d+ +)?(?:\d\d:\d\d:\d\d(?:\.\d+)?|\d{9,}\.\d+) (?:\w+\(|<\.\.\. \w+ resumed|\+\+\+ |--- [A-Z])/;

export function isTraceLine(line: string): boolean {
  return LINE.test(line);
}

export function createStoredTrace({
  run,
  fromRealtime,
  now,
  origin,
}: StoredTraceOptions): StoredTrace {
  const parser = createParser();
  const exchanges = createExchangeReader();
  const from = origin === null ? {} : { origin };
  /** What of another time is told with its pauses, from when it was read on. */
  let shift: number | null = null;
  const timeOf = (event: TraceEvent): number => {
    if (origin === null && event.micros !== null) return fromRealtime(event.micros * 1000);
    const own = ownTime(event);
    if (own === null) return now();
    shift ??= now() - own;
    return own + shift;
  };
  const convert = (events: readonly TraceEvent[]): Event[] =>
    events.flatMap((event) => {
      const t = timeOf(event);
      const options = { run, fromMicroseconds: () => t, now: () => t, hostPid: () => undefined };
      const made = traceEvent(event, options);
      const shown = made.kind === "syscall" ? shortenSocketData(made) : made;
      return [shown, ...exchanges.push(made)].map((each) => ({ ...each, ...from }));
    });
  return {
    push: (line) => convert(parser.push(`${line}\n`)),
    end: () => [
      ...convert(parser.end()),
      ...exchanges.end(now()).map((each) => ({ ...each, ...from })),
    ],
  };
}

/** Nanoseconds since midnight, or since 1970. */
function ownTime({ micros, time }: TraceEvent): number | null {
  if (micros !== null) return micros * 1000;
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(time ?? "") ?? [];
  if (seconds === undefined) return null;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9;
}
