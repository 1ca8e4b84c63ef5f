import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Event } from "../timeline/event.ts";
import { decodeEvent } from "../timeline/recording.ts";

/** A recording that is still being written. */
export interface FollowedRecording {
  /** The events of the whole lines that have come since the last call. */
  poll(): Event[];
  close(): void;
}

const MOST_AT_ONCE = 4 << 20;

/** From its end on: what has been is not counted. */
export function followRecording(file: string): FollowedRecording {
  const descriptor = openSync(file, "r");
  let at = fstatSync(descriptor).size;
  const buffer = Buffer.allocUnsafe(MOST_AT_ONCE);
  // The first line may be the rest of one.
  let rest: Buffer | null = null;
  return {
    poll() {
      const length = readSync(descriptor, buffer, 0, buffer.length, at);
      at += length;
      const bytes = Buffer.concat([rest ?? Buffer.alloc(0), buffer.subarray(0, length)]);
      const end = bytes.lastIndexOf(10) + 1;
      rest = Buffer.from(bytes.subarray(end));
      const lines = bytes.toString("utf8", 0, end).split("\n");
      return lines.flatMap((line) => decodeEvent(line) ?? []);
    },
    close: () => closeSync(descriptor),
  };
}

/** The lab that the session of a recording has, as it says at its beginning; null: it does not. */
export function labOfRecording(file: string): string | null {
  const buffer = Buffer.alloc(64 << 10);
  let length = 0;
  try {
    const descriptor = openSync(file, "r");
    length = readSync(descriptor, buffer, 0, buffer.length, 0);
    closeSync(descriptor);
  } catch {
    return null;
  }
  for (const line of buffer.toString("utf8", 0, length).split("\n")) {
    const event = decodeEvent(line);
    if (event?.kind === "lab.ready") return event.lab;
  }
  return null;
}
