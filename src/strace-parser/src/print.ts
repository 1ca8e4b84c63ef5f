import type { CallEvent } from "./call-event.ts";
import { addColours } from "./colours.ts";
import type { TraceEvent } from "./event.ts";
import { printLeader } from "./leader.ts";
import type { Line } from "./line.ts";
import { printNotice } from "./print-notice.ts";
import { printValue } from "./print-value.ts";
import type { Value } from "./value.ts";

/**
 * The lines these events were read from, in the order of the input, spelled anew from their typed
 * nodes: `toBytes(print(parse(bytes)))` is `bytes`. One character a byte.
 */
export function print(events: Iterable<TraceEvent>): string {
  const lines: [number, string][] = [];
  for (const event of events) {
    const bodies = printBodies(event);
    event.lines.forEach((line, i) => {
      lines.push([line.number, printLine(event, line, bodies[i] ?? "")]);
    });
  }
  lines.sort(([a], [b]) => a - b);
  return lines.map(([, text]) => text).join("");
}

/** What an event's lines say behind their leaders, joined by spaces. */
export function printBody(event: TraceEvent): string {
  return printBodies(event).join(" ");
}

function printLine(event: TraceEvent, line: Line, body: string): string {
  const leads = event.type === "call" || line.body > line.start;
  const leader = leads && hasLeader(event) ? printLeader(line.leader) : "";
  return addColours(leader + body, line.colours) + line.end;
}

/** Forms without leader keep the whole line in their body, whatever its first characters are. */
function hasLeader({ type }: TraceEvent): boolean {
  return !["foreign", "frame", "dump", "summary", "diagnostic"].includes(type);
}

function printBodies(event: TraceEvent): string[] {
  if (event.type !== "call") return [printNotice(event)];
  const text = printCall(event);
  let from = 0;
  return event.lines.map((line, i) => {
    const to = from + line.to - line.from;
    // A resumed mark stands before the text of a later line, but not before a bare continuation.
    const resumed = (i > 0 || event.headless) && line.from > line.body;
    const spaced = line.block.bytes[line.from - 1] === 32;
    const mark = resumed ? `<... ${event.name} resumed>${spaced ? " " : ""}` : "";
    const last = i === event.lines.length - 1;
    const body = mark + (last && line.to === line.stop ? text.slice(from) : text.slice(from, to));
    from = to;
    return body + line.mark;
  });
}

/** A call's text, halves joined. */
export function printCall(call: CallEvent): string {
  const head = call.headless ? "" : `${call.name}(`;
  const args = `${call.values.map(printValue).join(", ")}${call.trailer}`;
  const { returned } = call;
  return returned === null ? head + args : `${head}${args})${printResult(call, returned)}`;
}

function printResult(call: CallEvent, returned: Value): string {
  const { errno, errorText, duration } = call;
  const unavailable = call.state === "unavailable" ? " <unavailable>" : "";
  const name = errno === null ? "" : call.numbered ? ` (errno ${errno})` : ` ${errno}`;
  const reason = errorText === null ? "" : ` (${errorText})`;
  const notes = call.notes.map((note) => ` (${note.map(printValue).join(", ")})`).join("");
  const seconds = duration === null ? "" : ` <${duration}>`;
  const result = `${" ".repeat(call.padding)}= ${printValue(returned)}`;
  return result + unavailable + name + reason + notes + seconds;
}

/** All typed roots of an event: a call's arguments, result and notes; a signal's information. */
export function valuesOf(event: TraceEvent): readonly Value[] {
  if (event.type === "signal") return event.info === null ? [] : [event.info];
  if (event.type !== "call") return [];
  return event.note === null ? event.roots : [...event.roots, ...event.notes.flat()];
}
