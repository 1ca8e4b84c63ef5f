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
    const text = timeline.events.slice(written).map(encodeEvent).join("");
    try {
      bytes += Buffer.byteLength(text);
      if (bytes > most) {
        stop();
        failed(`recording to ${file} stopped at ${Math.round(most / 2 ** 20)} MiB`);
        return;
      }
      writeAll(descriptor, text);
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

/** write(2) may take less than it was given. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
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
