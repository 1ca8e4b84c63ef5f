import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { encodeEvent } from "../timeline/recording.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { UserError } from "../user-error.ts";

/** Stops recording; what was written stays. */
export type StopRecording = () => void;

/**
 * Writes every event of the timeline to a file as it happens, so that a kill loses nothing that
 * was shown. A disk that fails, or `most` bytes, ends the recording, not the session; `failed` says so
 * once.
 */
export function recordTo(
  file: string,
  timeline: Timeline,
  failed: (message: string) => void,
  most = Number.POSITIVE_INFINITY,
): StopRecording {
  const descriptor = openForWriting(file);
  let written = 0;
  let bytes = 0;
  let open = true;
  const stop = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  const write = (): void => {
    if (!open) return;
    const lines = encodedFrom(timeline, written);
    try {
      bytes += lines.length;
      if (bytes > most) {
        stop();
        failed(`recording to ${file} stopped at ${Math.round(most / 2 ** 20)} MiB`);
        return;
      }
      writeAll(descriptor, lines);
      written = timeline.events.length;
    } catch (error) {
      stop();
      const { code } = error as NodeJS.ErrnoException;
      failed(`recording to ${file} stopped (${code}); what was written so far is kept`);
    }
  };
  const unsubscribe = timeline.subscribe(write);
  write();
  return () => {
    unsubscribe();
    stop();
  };
}

interface Encoded {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/** What was encoded last of a timeline: with `--record` the same events are written to two files. */
const encoded = new WeakMap<Timeline, Encoded>();

/** The events from this one on, as lines. */
function encodedFrom(timeline: Timeline, from: number): Buffer {
  const last = encoded.get(timeline);
  const to = timeline.events.length;
  if (last?.from === from && last.to === to) return last.bytes;
  const bytes = Buffer.from(timeline.events.slice(from).map(encodeEvent).join(""));
  encoded.set(timeline, { from, to, bytes });
  return bytes;
}

/** write(2) may take less than it was given. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
}

/** Whether both name one file, which opening it for writing would empty. */
export function isSameFile(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    // One of them is not there, or cannot be looked at: opening it will tell.
    return false;
  }
}

function openForWriting(file: string): number {
  try {
    return openSync(file, "w");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot write the recording ${file} (${code})`, "choose another path");
  }
}
