import { giveScreenBack } from "../alternate-screen.ts";
import { readCgroupLayout } from "../host/cgroup-layout.ts";
import { type LabMode, labMode, type Missing, missingForLive } from "../host/live.ts";
import { dropSudo } from "../host/privileges.ts";
import { keptSession } from "../host/state-folder.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { printable } from "../timeline/printable.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { UserError } from "../user-error.ts";
import { jsonView } from "./json.ts";
import { keepProgress } from "./keep-progress.ts";
import { keepSession } from "./keep-session.ts";
import { loadLesson, shippedRecording } from "./load-lesson.ts";
import { plainView } from "./plain.ts";
import { isSameFile, recordTo, type StopRecording } from "./recorder.ts";
import { openReplaySession, type Session, variantOf } from "./session.ts";
import { type Ending, sessionSummary, stepsFrom, type View } from "./walk.ts";

export interface LessonOptions {
  readonly auto: boolean;
  readonly plain: boolean;
  readonly json: boolean;
  readonly from: string | null;
  /** True: notes for trainers are shown. */
  readonly notes: boolean;
  /** Null: root's when we are root, else the user's. */
  readonly mode: LabMode | null;
  readonly record: string | null;
  /** A live session is recorded in any case, for `--replay last`; and what was passed is written down. */
  readonly keep: boolean;
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

interface Taken {
  /** The exit status. */
  readonly status: number;
  /** The step that a new session is to begin with; null: it is over. */
  readonly afresh: string | null;
}

/** One session of a lesson. */
async function takeLesson(lesson: Lesson, options: LessonOptions): Promise<Taken> {
  const session = await openSession(lesson, options);
  dropSudo();
  // Said when the screen is gone.
  const complaints: string[] = [];
  const recordings: StopRecording[] = [];
  const failed = (message: string): void => void complaints.push(message);
  try {
    if (options.record !== null)
      recordings.push(recordTo(options.record, session.timeline, failed));
    if (options.keep) recordings.push(keepSession(session, failed), keepProgress(session, failed));
    const view = await chooseView(session, options);
    const ending = await (view.handlesSignals ? view.run() : runUntilInterrupted(view));
    if (ending === "interrupted") session.driver.interrupt();
    await session.driver.leave(ending);
    const afresh = view.afresh?.() ?? null;
    if (afresh !== null) return { status: 0, afresh };
    const summary = sessionSummary(session, options.from);
    view.finish(summary);
    return { status: exitStatus(ending, summary.failed), afresh: null };
  } finally {
    await session.driver.leave("failed");
    complainAboutHelper(session.timeline);
    for (const stop of recordings) stop();
    complaints.forEach(complain);
  }
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
  if (replay === "last") return keptSession(lesson.id);
  return typeof replay === "string"
    ? replay
    : shippedRecording(lesson.id, variantOf(readCgroupLayout()));
}

function noRecording(lesson: Lesson, missing: Missing | null): UserError {
  const what = `lesson ${lesson.id} comes with no recording`;
  if (missing === null) return new UserError(what, "--replay FILE plays one of your own", 3);
  return new UserError(`${what}, and cannot run live: ${missing.what}`, missing.fix, 3);
}

async function chooseView(session: Session, options: LessonOptions): Promise<View> {
  const { from, notes } = options;
  const attended = process.stdin.isTTY === true;
  if (options.json) return jsonView(session, from);
  // A dumb terminal cannot move its cursor: no screen can be drawn on it (terminfo(5)).
  const linear = options.plain || process.env.TERM === "dumb" || process.stdout.isTTY !== true;
  if (linear || !attended)
    return plainView(session, { auto: options.auto || !attended, from, notes });
  const { screenView } = await import("./screen.ts");
  const noAfresh = whyNoAfresh(session, options);
  return screenView(session, { auto: options.auto, from, notes, noAfresh });
}

/** A new lab in this one's place would need what this session has given up or holds. */
function whyNoAfresh({ driver, lesson }: Session, { record, mode }: LessonOptions): string | null {
  if (record !== null) return "this session is being recorded: a new lab would begin another";
  const gaveUpRoot = process.env.SUDO_UID !== undefined && process.geteuid?.() !== 0;
  if (driver.mode.kind === "replay" || mode === "rootless" || !gaveUpRoot) return null;
  return `a new lab needs root again: q, then sudo tsinternals lesson ${lesson.id} --from STEP`;
}

/** The screen is gone by now; why the session ended early should not go with it. */
function complainAboutHelper(timeline: Timeline): void {
  for (const event of timeline.events)
    if (event.kind === "diagnostic" && event.source === "helper") complain(event.message);
}

function complain(message: string): void {
  giveScreenBack(process.stdout);
  process.stderr.write(`tsinternals: ${printable(message)}\n`);
}

/** SIGINT, SIGTERM and SIGHUP end the session in order: the lab goes, the recording is whole. */
async function runUntilInterrupted(view: View): Promise<Ending> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let interrupt: () => void = () => {};
  const interrupted = new Promise<Ending>((resolve) => {
    interrupt = () => resolve("interrupted");
  });
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await Promise.race([view.run(), interrupted]);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

function exitStatus(ending: Ending, failed: number): number {
  if (ending === "interrupted") return 130;
  return failed > 0 || ending === "failed" ? 1 : 0;
}
