import { CallEvent } from "./call-event.ts";
import type { Records } from "./call-record.ts";
import type { TraceEvent } from "./event.ts";
import { createFeed } from "./feed.ts";
import { PieceReader, type Sink } from "./piece-reader.ts";
import { PID } from "./record.ts";
import { type Scanner, takeScanner } from "./scanner.ts";

/** A streaming parser. Neither method throws, whatever the bytes. */
export interface Parser {
  /** Events that became complete with this chunk. Chunks may be cut anywhere. */
  push(chunk: string | Uint8Array): TraceEvent[];
  /** Reads a last line without newline, then hands out unfinished calls in order of their start. */
  end(): TraceEvent[];
}

/** A parser of strace's text (strace 4.8 to 7.2; what it does not know becomes `foreign`). */
export function createParser(): Parser {
  return createParserWith(takeScanner);
}

/** A parser that has its scanners from elsewhere. */
export function createParserWith(scanners: () => Scanner | null): Parser {
  const feed = createFeed();
  let events: TraceEvent[] = [];
  const sink: Sink = {
    keepsText: true,
    takeCall: (records, at) => events.push(callOf(records, at)),
    takeEvent: (event) => events.push(event),
  };
  const reader = new PieceReader(sink, scanners);
  const take = (): TraceEvent[] => {
    const taken = events;
    events = [];
    return taken;
  };
  return {
    push(chunk) {
      feed.push(chunk, (held, lines) => reader.read(held, lines));
      return take();
    },
    end() {
      reader.end(feed.end());
      return take();
    },
  };
}

function callOf(records: Records, at: number): CallEvent {
  const pid = records.marks[at + PID] as number;
  return new CallEvent(records, at, pid < 0 ? null : pid, "returned", null, false);
}

/** All events of a whole trace, in order of completion. */
export function parse(input: string | Uint8Array): TraceEvent[] {
  const parser = createParser();
  return parser.push(input).concat(parser.end());
}
