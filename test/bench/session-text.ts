import { readFileSync } from "node:fs";
import { recordingFile } from "../../src/commands/load-lesson.ts";
import type { Event } from "../../src/timeline/event.ts";
import { decodeRecording, encodeEvent } from "../../src/timeline/recording.ts";

/** The recording that comes with the lesson: what a real session looks like. */
export const shippedFile = recordingFile("cgroups", "v1");
export const shippedText = readFileSync(shippedFile, "utf8");
export const shippedEvents: readonly Event[] = decodeRecording(shippedText).events;

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** A session `times` as long: the same happens again later, to other processes. */
export function longSession(times: number): Event[] {
  const span = (shippedEvents.at(-1)?.t ?? 0) + 1;
  const copy = (turn: number): Event[] => shippedEvents.map((event) => shift(event, turn, span));
  return Array.from({ length: times }, (_, turn) => copy(turn)).flat();
}

const PIDS = ["pid", "ppid", "labPid"] as const;

function shift(event: Event, turn: number, span: number): Event {
  const shifted: Record<string, unknown> = { ...event, t: event.t + turn * span };
  for (const field of PIDS)
    if (typeof shifted[field] === "number") shifted[field] = shifted[field] + turn * 100_000;
  return shifted as unknown as Event;
}

export function textOf(events: readonly Event[]): string {
  return events.map(encodeEvent).join("");
}

/**
 * The system calls of these events as strace wrote them (straceCommand's options): pid, time, call,
 * duration; a call that makes a process comes in two halves, the child's lines between them.
 */
export function straceText(events: readonly Event[]): string {
  const stamp = (t: number): string => (1.7e9 + t / 1e9).toFixed(6);
  return events
    .flatMap((event) => {
      if (event.kind === "trace.signal")
        return [`${event.labPid} ${stamp(event.t)} ${event.text}\n`];
      if (event.kind !== "syscall") return [];
      const { name, args, result = "?", errno, seconds = 0 } = event;
      const at = `${event.labPid} ${stamp(event.t)}`;
      const back = errno === undefined ? result : `${result} ${errno} (an error)`;
      const end = `) = ${back} <${seconds.toFixed(6)}>\n`;
      return /fork|clone/.test(name)
        ? [
            `${at} ${name}(${args.join(", ")} <unfinished ...>\n`,
            `${at} <... ${name} resumed>${end}`,
          ]
        : [`${at} ${name}(${args.join(", ")}${end}`];
    })
    .join("");
}
