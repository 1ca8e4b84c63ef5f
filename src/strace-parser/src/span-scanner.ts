import { CallSpans } from "./call-spans.ts";
import type { TraceEvent } from "./event.ts";
import { createFeed } from "./feed.ts";
import type { Line } from "./line.ts";
import { PieceReader } from "./piece-reader.ts";

export interface SpanScanner {
  push(chunk: string | Uint8Array): void;
  end(): void;
}

/**
 * Finds the spans of each call that returned and keeps nothing. `onOther` gets every other line
 * that belongs to no such call: signals, exits, calls that did not return. Never throws by itself.
 */
export function createSpanScanner(
  onCall: (call: CallSpans) => void,
  onOther: (line: string) => void = () => {},
): SpanScanner {
  const feed = createFeed();
  const call = new CallSpans();
  const takeEvent = (event: TraceEvent): void => {
    if (event.type === "call" && event.state === "returned") {
      call.setEvent(event);
      onCall(call);
    } else for (const line of event.lines) onOther(textOf(line));
  };
  const reader = new PieceReader({
    keepsText: false,
    takeCall(records, at) {
      call.setRecord(records, at);
      onCall(call);
    },
    takeEvent,
  });
  return {
    push: (chunk) => feed.push(chunk, (held, lines) => reader.read(held, lines)),
    end: () => reader.end(feed.end()),
  };
}

/** The line as it was, but for its colours. */
function textOf({ block, start, stop }: Line): string {
  return block.text.slice(start, stop);
}
