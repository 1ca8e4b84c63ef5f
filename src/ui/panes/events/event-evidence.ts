import type { Event, Syscall } from "../../../timeline/event.ts";
import { oneLine, originSpans, processName, relativeTime } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { jsonLines } from "../exchanges/json-lines.ts";
import { evidenceLines, wrapEvidence } from "../flow/evidence.ts";
import type { EventIndex, ShownEvent } from "./event-index.ts";
import { eventLine } from "./event-line.ts";

/** Kinds that the flow and the requests show whole already. */
const TOLD_ELSEWHERE = /^(exchange|containerd\.|docker\.|dockerd\.|process\.exec$)/;
/** Wide enough that nothing of an event's line is cut off. */
const UNCUT = 100_000;

/** One event whole, as lines: all that its line had no room for, and whose it is. */
export function eventEvidence(
  view: View,
  index: EventIndex,
  { at, since, netnsNames }: ShownEvent,
  { width, folded }: { readonly width: number; readonly folded: boolean },
): Line[] {
  const event = view.events[at] as Event;
  if (TOLD_ELSEWHERE.test(event.kind)) return evidenceLines(event, { width, since, folded });
  const time = span(`${relativeTime(event.t, since)} `, "dim");
  const whose = whoseLines(view, event);
  if (event.kind === "syscall")
    return wrapAll([[time, ...originSpans(event), ...callTitle(event)], ...whose], width).concat(
      callLines(event, width),
    );
  const pidOf = (pid: number): string => `${index.labPids.get(pid) ?? `host ${pid}`}`;
  const netnsOf = (netns: number): string => netnsNames.get(netns) ?? `net:[${netns}]`;
  const { kind, t: _, ...fields } = event;
  const line = eventLine(event, pidOf, netnsOf, UNCUT).slice(1);
  return wrapAll(
    [[time, ...originSpans(event), ...line], ...whose, [span(kind, "dim")]],
    width,
  ).concat(wrapAll(jsonLines(fields, folded), width));
}

/** The process that did it, as far as it was known at that moment. */
function whoseLines(view: View, event: Event): Line[] {
  const { pid, labPid } = event as { readonly pid?: number; readonly labPid?: number };
  const { processes } = view.world;
  const process =
    pid === undefined
      ? [...processes.values()].findLast((each) => labPid !== undefined && each.labPid === labPid)
      : processes.get(pid);
  if (process === undefined) return [];
  const who = `${process.labPid ?? "?"} (${process.pid} on the host)  ${processName(process)}`;
  return [[span("by ", "dim"), span(who, "command")]];
}

function callTitle({ name, args, result, errno }: Syscall): Line {
  const many = args.length === 1 ? "argument" : "arguments";
  return [
    span(oneLine(name), "heading"),
    span(`  ${args.length} ${many} → `),
    span(oneLine(result ?? "it never returned"), "strong"),
    ...(errno === undefined ? [] : [span(` ${oneLine(errno)}`, "bad")]),
  ];
}

/** An argument a line, with all that strace printed of it. */
function callLines({ args, seconds, result, errno }: Syscall, width: number): Line[] {
  const lines = args.flatMap((each, index) =>
    wrapAll([[span(`${index + 1}  `.padStart(4), "dim"), span(oneLine(each), "command")]], width),
  );
  const end: Line = [span("→   ", "dim"), span(oneLine(result ?? "?"))];
  const failed: Line = errno === undefined ? [] : [span(` ${oneLine(errno)}`, "bad")];
  const took = seconds === undefined ? [] : [span(`  in ${(seconds * 1e3).toFixed(3)} ms`, "dim")];
  return [[], ...lines, [...end, ...failed, ...took]];
}

function wrapAll(lines: readonly Line[], width: number): Line[] {
  return lines.flatMap((line) => wrapEvidence(line, width));
}
