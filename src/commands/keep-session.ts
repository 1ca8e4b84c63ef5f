import { renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../host/make-folder.ts";
import { keptSession } from "../host/state-folder.ts";
import { UserError } from "../user-error.ts";
import { recordTo, type StopRecording } from "./recorder.ts";
import type { Session } from "./session.ts";

const MEBIBYTE = 2 ** 20;
/** A lesson is 1 or 2 MiB; a learner who plays with a loop in the shell may make many more. */
const MOST = 64 * MEBIBYTE;

/**
 * Records a live session as it happens where `--replay last` finds it, whether anybody asked for it
 * or not: a session that was killed is not lost. The one before stays beside it (`LESSON.1.ndjson`).
 * What cannot be kept disturbs nothing: `failed` says so, once.
 */
export function keepSession(session: Session, failed: (message: string) => void): StopRecording {
  if (session.driver.mode.kind !== "live") return () => {};
  try {
    const file = keptSession(session.lesson.id);
    makeFolder(dirname(file));
    keepBefore(file);
    return recordTo(file, session.timeline, failed, MOST);
  } catch (error) {
    if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code === undefined)
      throw error;
    failed(`this session is not kept: ${(error as Error).message}`);
    return () => {};
  }
}

function keepBefore(file: string): void {
  try {
    // One for which the disk had no room is not worth the one before it.
    if (statSync(file).size === 0) return;
    renameSync(file, file.replace(/\.ndjson$/, ".1.ndjson"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
