import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { NO_PROGRESS, type Progress } from "../lesson/progress.ts";
import { makeFolder } from "./make-folder.ts";
import { stateFolder } from "./state-folder.ts";

/** A file for people, too: JSON, a line a step. */
export function progressFile(): string {
  return join(stateFolder(), "progress.json");
}

/**
 * What is known; nothing when there is no file yet. One that cannot be understood is put aside as
 * `progress.json.broken`, and `broken` is told.
 */
export function readProgress(broken: (message: string) => void = () => {}): Progress {
  const file = progressFile();
  const text = readText(file);
  if (text === null) return NO_PROGRESS;
  const progress = decode(text);
  if (progress !== null) return progress;
  const aside = `${file}.broken`;
  renameSync(file, aside);
  broken(`${file} could not be read; it is kept as ${aside}, and progress begins anew`);
  return NO_PROGRESS;
}

/**
 * Reads, changes and writes in one turn, so that two sessions lose nothing of each other's. The new
 * file takes the old one's place whole (rename(2)): a kill or a full disk leaves the old one.
 */
export function updateProgress(
  change: (progress: Progress) => Progress,
  broken: (message: string) => void = () => {},
): void {
  const file = progressFile();
  makeFolder(dirname(file));
  const unlock = lock(`${file}.lock`);
  try {
    write(file, `${JSON.stringify(change(readProgress(broken)), null, 2)}\n`);
  } finally {
    unlock();
  }
}

function write(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`;
  try {
    const descriptor = openSync(fresh, "w", 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      // Else a power cut after the rename could leave an empty file.
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * Nobody holds it longer than a write takes; who was killed with it does not hold up the next, nor
 * does one of a time to come: clocks are put back, and machines to where they were.
 */
const STALE_MILLISECONDS = 2000;
const WAIT_MILLISECONDS = 10;

function lock(file: string): () => void {
  for (;;) {
    try {
      closeSync(openSync(file, "wx", 0o600));
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Math.abs(Date.now() - since) > STALE_MILLISECONDS)
      rmSync(file, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Null: it is no progress file of this format. */
function decode(text: string): Progress | null {
  try {
    const value = JSON.parse(text) as Progress | null;
    const lessons = value?.lessons;
    if (value?.format !== 1 || typeof lessons !== "object" || lessons === null) return null;
    const whole = Object.values(lessons).every(
      (lesson) => typeof lesson?.last === "string" && typeof lesson.passed === "object",
    );
    return whole ? value : null;
  } catch {
    return null;
  }
}
