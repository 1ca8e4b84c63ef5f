import type { SourceLine, TraceEvent } from "./event.ts";

/**
 * The text of the lines these events were read from, in the order of the input:
 * `print(parse(text)) === text`. For the bytes, `encodeText(print(events))`.
 */
export function print(events: TraceEvent | Iterable<TraceEvent>): string {
  const lines: SourceLine[] = [];
  for (const event of "type" in events ? [events] : events) lines.push(...event.source);
  lines.sort((a, b) => a.line - b.line);
  return lines.map((line) => line.text + line.end).join("");
}
