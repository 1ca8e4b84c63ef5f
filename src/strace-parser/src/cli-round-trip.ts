import { createParser, print, type TraceEvent, toBytes, valuesOf, walk } from "./index.ts";

/** What `check` says about an input. */
export interface RoundTrip {
  readonly bytes: number;
  readonly lines: number;
  /** Events of each type. */
  readonly events: ReadonlyMap<string, number>;
  readonly foreignLines: number;
  /** Values of no known form, kept as text. */
  readonly opaque: number;
  /** How many bytes do not come back the same. */
  readonly differing: number;
  /** The first of them: its offset from 0, its line from 1. */
  readonly first: Place | null;
}

export interface Place {
  readonly offset: number;
  readonly line: number;
}

export interface RoundTripCheck {
  push(chunk: Uint8Array): void;
  end(): RoundTrip;
}

interface Line {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Parses what it is given, prints each event again and compares that, line for line, with what
 * came in. It keeps only lines whose event is not there yet (a call that is still open), so an
 * input may be larger than memory. `onEvent` sees every event.
 */
export function createRoundTrip(onEvent: (event: TraceEvent) => void = () => {}): RoundTripCheck {
  const parser = createParser();
  const open = new Map<number, Line>();
  const events = new Map<string, number>();
  let [offset, lines, foreignLines, opaque, differing] = [0, 0, 0, 0, 0];
  let first: Place | null = null;
  let begun: Uint8Array[] = [];

  const takeLine = (bytes: Uint8Array): void => {
    lines++;
    open.set(lines, { offset, bytes });
    offset += bytes.length;
  };

  const takeLines = (chunk: Uint8Array): void => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, end + 1);
      takeLine(begun.length === 0 ? rest : join([...begun, rest]));
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.slice(from));
  };

  const differ = (place: Place, bytes: number): void => {
    differing += bytes;
    if (first === null || place.offset < first.offset) first = place;
  };

  const compare = (number: number, printed: Uint8Array): void => {
    const line = open.get(number);
    open.delete(number);
    if (line === undefined) {
      differ({ offset, line: number }, printed.length);
      return;
    }
    const at = firstDifference(line.bytes, printed);
    if (at < 0) return;
    differ({ offset: line.offset + at, line: number }, countDifferences(line.bytes, printed));
  };

  const takeEvent = (event: TraceEvent): void => {
    events.set(event.type, (events.get(event.type) ?? 0) + 1);
    if (event.type === "foreign") foreignLines += event.lines.length;
    for (const value of valuesOf(event)) {
      walk(value, (node) => {
        if (node.kind === "opaque") opaque++;
      });
    }
    const printed = splitLines(toBytes(print([event])));
    for (const [i, { number }] of event.lines.entries()) {
      compare(number, printed[i] ?? new Uint8Array());
    }
    for (const extra of printed.slice(event.lines.length)) compare(-1, extra);
    onEvent(event);
  };

  return {
    push: (chunk) => {
      takeLines(chunk);
      for (const event of parser.push(chunk)) takeEvent(event);
    },
    end: () => {
      if (begun.length > 0) takeLine(join(begun));
      for (const event of parser.end()) takeEvent(event);
      for (const [line, { offset, bytes }] of open) differ({ offset, line }, bytes.length);
      return { bytes: offset, lines, events, foreignLines, opaque, differing, first };
    },
  };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}

/** The first offset at which they differ, -1 when they are the same. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? -1 : shorter;
}

function countDifferences(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  let count = Math.max(a.length, b.length) - shorter;
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) count++;
  return count;
}
