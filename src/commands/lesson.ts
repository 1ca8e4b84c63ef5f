import { existsSync } from "node:fs";
import { readCgroupLayout } from "../host/cgroup-layout.ts";
import { type LabMode, labMode, type Missing, missingForLive } from "../host/live.ts";
import { dropSudo } from "../host/privileges.ts";
import { keptSession } from "../host/state-folder.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { UserError } from "../user-error.ts";
import { type ConductOptions, complain, conductSession, type Taken } from "./conduct-session.ts";
import { loadLesson, shippedRecording } from "./load-lesson.ts";
import { isSameFile } from "./recorder.ts";
import { openReplaySession, type Session, variantOf } from "./session.ts";
import { stepsFrom } from "./walk.ts";

export interface LessonOptions extends Omit<ConductOptions, "noAfresh"> {
  /** Null: root's when we are root, else the user's. */
  readonly mode: LabMode | null;
  /** True: the recording that comes with the lesson; `last`: of the last live session. */
  readonly replay: string | boolean;
}

/** `tsinternals lesson ID`: returns the exit status. */
export async function lessonCommand(id: string, options: LessonOptions): Promise<number> {
  const lesson = await loadLesson(id);
  // Known to be wrong before anything is started.
  stepsFrom(lesson, options.from);
  for (let { from } = options; ; ) {
    const { status, afresh } = await takeLesson(lesson, { ...options, from });
    if (afresh === null) return status;
    from = afresh;
  }
}

/** One session of a lesson. */
async function takeLesson(lesson: Lesson, options: LessonOptions): Promise<Taken> {
  const session = await openSession(lesson, options);
  dropSudo();
  return conductSession(session, { ...options, noAfresh: whyNoAfresh(session, options) });
}

/** Live where that is possible and wanted; else the recording, and why. */
async function openSession(lesson: Lesson, options: LessonOptions): Promise<Session> {
  // Without somebody to read along, pauses only cost time.
  const paced = process.stdout.isTTY === true && !options.plain && !options.json;
  if (options.replay !== false) return openReplay(lesson, options, null, paced);
  // A lab, and what makes one, is nothing that a replay should have to wait for.
  const { hostFacts } = await import("./install.ts");
  const facts = await hostFacts();
  const [missing] = missingForLive(lesson, facts, options.mode);
  if (missing !== undefined) return openReplay(lesson, options, missing, paced);
  const mode = labMode(facts, options.mode);
  // The helper then is the user's as well: no sudo is left that could reach the host.
  if (mode === "rootless") dropSudo();
  const { isNoLab, openLiveSession } = await import("./live-session.ts");
  try {
    return await openLiveSession(lesson, facts, mode);
  } catch (error) {
    if (!isNoLab(error)) throw error;
    const fix = error instanceof UserError ? error.hint : "tsinternals doctor";
    return openReplay(lesson, options, { what: error.message, fix }, paced);
  }
}

function openReplay(
  lesson: Lesson,
  options: LessonOptions,
  missing: Missing | null,
  paced: boolean,
): Session {
  if (missing !== null && options.record !== null)
    throw new UserError(`a replay cannot be recorded, and ${missing.what}`, missing.fix, 3);
  const file = recordingToPlay(lesson, options);
  if (file === null) throw noRecording(lesson, missing);
  if (options.record !== null && isSameFile(file, options.record))
    throw new UserError(`${file} cannot be played and recorded at once`, "--record another file");
  const why = missing === null ? null : `${missing.what}; try: ${missing.fix}`;
  // The other views say it themselves.
  if (why !== null && options.json) complain(`not live because ${why}`);
  return openReplaySession(lesson, { file, why, paced });
}

function recordingToPlay(lesson: Lesson, { replay }: LessonOptions): string | null {
  if (replay === "last") return lastSession(lesson);
  return typeof replay === "string"
    ? replay
    : shippedRecording(lesson.id, variantOf(readCgroupLayout()));
}

function lastSession({ id }: Lesson): string {
  const file = keptSession(id);
  if (existsSync(file)) return file;
  throw new UserError(
    `no live session of lesson ${id} is kept here`,
    `tsinternals lesson ${id} --replay plays the one that comes with it`,
  );
}

function noRecording(lesson: Lesson, missing: Missing | null): UserError {
  const what = `lesson ${lesson.id} comes with no recording`;
  if (missing === null) return new UserError(what, "--replay FILE plays one of your own", 3);
  return new UserError(`${what}, and cannot run live: ${missing.what}`, missing.fix, 3);
}

/** A new lab in this one's place would need what this session has given up or holds. */
function whyNoAfresh({ driver, lesson }: Session, { record, mode }: LessonOptions): string | null {
  if (record !== null) return "this session is being recorded: a new lab would begin another";
  const gaveUpRoot = process.env.SUDO_UID !== undefined && process.geteuid?.() !== 0;
  if (driver.mode.kind === "replay" || mode === "rootless" || !gaveUpRoot) return null;
  return `a new lab needs root again: q, then sudo tsinternals lesson ${lesson.id} --from STEP`;
}
