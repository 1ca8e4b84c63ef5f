import { StringDecoder } from "node:string_decoder";
import type { Event, Output } from "../timeline/event.ts";
import { readDaemonLine } from "./daemon-line.ts";
import { createStoredTrace, isTraceLine, type StoredTrace } from "./stored-trace.ts";

/** Turns what a watch prints into events, line by line. */
export interface WatchReader {
  push(piece: Pick<Output, "stream" | "text" | "base64">): Event[];
  /** A last line without its newline. */
  end(): Event[];
}

export interface WatchOptions {
  readonly run: number;
  /** CLOCK_REALTIME in nanoseconds → session time. */
  readonly fromRealtime: (nanoseconds: number) => number;
  readonly now: () => number;
}

const COMMENT = /^# (\S.{0,39})$/;
/** Further back than this (ns) a line tells of the past, and its place is where it was read. */
const OLDEST = 5e9;
/** A line without an end is cut here. */
const LONGEST = 1 << 20;

export function createWatchReader(options: WatchOptions): WatchReader {
  const rests = { out: "", err: "" };
  const decoders = { out: new StringDecoder(), err: new StringDecoder() };
  let trace: StoredTrace | null = null;
  let origin: string | null = null;
  const take = (stream: "out" | "err", line: string): Event[] => {
    if (line.trim() === "") return [];
    if (isTraceLine(line)) {
      trace ??= createStoredTrace({ ...options, origin });
      return trace.push(line);
    }
    // `# 2013` above a trace says whose it is.
    if (trace === null) origin = COMMENT.exec(line)?.[1] ?? origin;
    return [lineEvent(options, stream, line)];
  };
  return {
    push({ stream, text, base64 }) {
      const name = stream === "err" ? "err" : "out";
      const bytes = Buffer.from(text ?? base64 ?? "", text === undefined ? "base64" : "utf8");
      const piece = decoders[name].write(bytes);
      const lines = (rests[name] + piece).split("\n");
      const rest = lines.pop() ?? "";
      rests[name] = rest.length > LONGEST ? "" : rest;
      if (rests[name] !== rest) lines.push(rest);
      return lines.flatMap((line) => take(name, line));
    },
    end() {
      const last = (["out", "err"] as const).flatMap((name) => take(name, rests[name]));
      rests.out = rests.err = "";
      return [...last, ...(trace?.end() ?? [])];
    },
  };
}

function lineEvent(
  { run, fromRealtime, now }: WatchOptions,
  stream: "out" | "err",
  text: string,
): Event {
  const read = now();
  const line = readDaemonLine(text);
  if (line === null) return { kind: "watch.line", t: read, run, stream, text };
  // A daemon knows when it was; its line may come tens of milliseconds later.
  const told = line.realtime === null ? read : fromRealtime(line.realtime);
  const t = told > read || told < read - OLDEST ? read : told;
  return { ...line.event, t, run };
}
