import type { Event } from "./event.ts";
import { hasEventShape } from "./event-shape.ts";

/** The version of the recording format: `session.start.format`. */
export const RECORDING_FORMAT = 1;

/** One event as its line on disk, newline included. */
export function encodeEvent(event: Event): string {
  return `${JSON.stringify(event)}\n`;
}

export interface Recording {
  readonly events: readonly Event[];
  /** Lines that are no event, with their numbers from 1: a torn last line after a kill, for one. */
  readonly problems: readonly string[];
}

/**
 * Reads a recording: JSON Lines, the first a `session.start`. Lines that cannot be read are left
 * out and named, so a file cut off in the middle still plays up to the cut.
 */
export function decodeRecording(text: string): Recording {
  const events: Event[] = [];
  const problems: string[] = [];
  text.split("\n").forEach((line, index) => {
    // The last line of `--json` sums up what the others say.
    if (line.trim() === "" || line.startsWith('{"kind":"summary",')) return;
    const event = decodeEvent(line);
    if (event === null) problems.push(`line ${index + 1} is not an event`);
    else events.push(event);
  });
  return { events, problems };
}

/** The event on one line, or null when the line is not one. Kinds nobody knows are kept. */
export function decodeEvent(line: string): Event | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { kind, t } = value as { kind?: unknown; t?: unknown };
  if (typeof kind !== "string" || typeof t !== "number" || !Number.isFinite(t)) return null;
  return hasEventShape(value as { kind: string }) ? (value as Event) : null;
}
