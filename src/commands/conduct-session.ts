import { giveScreenBack } from "../alternate-screen.ts";
import { printable } from "../timeline/printable.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { jsonView } from "./json.ts";
import { keepProgress } from "./keep-progress.ts";
import { keepSession } from "./keep-session.ts";
import { plainView } from "./plain.ts";
import { recordTo, type StopRecording } from "./recorder.ts";
import type { Session } from "./session.ts";
import { type Ending, sessionSummary, type View } from "./walk.ts";

export interface ConductOptions {
  readonly auto: boolean;
  readonly plain: boolean;
  readonly json: boolean;
  readonly from: string | null;
  /** True: notes for trainers are shown. */
  readonly notes: boolean;
  /** On the full screen: the terminal's mouse scrolls and chooses. */
  readonly mouse: boolean;
  readonly record: string | null;
  /** A live session is recorded in any case, for `--replay last`; and what was passed is written down. */
  readonly keep: boolean;
  /** Why no new lab can take the place of this one's. */
  readonly noAfresh: string | null;
}

export interface Taken {
  /** The exit status. */
  readonly status: number;
  /** The step that a new session is to begin with; null: it is over. */
  readonly afresh: string | null;
}

/** Takes somebody through a session, whatever it shows and however. */
export async function conductSession(session: Session, options: ConductOptions): Promise<Taken> {
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

async function chooseView(session: Session, options: ConductOptions): Promise<View> {
  const { from, notes, noAfresh, mouse } = options;
  const attended = process.stdin.isTTY === true;
  if (options.json) return jsonView(session, from);
  // A dumb terminal cannot move its cursor: no screen can be drawn on it (terminfo(5)).
  const linear = options.plain || process.env.TERM === "dumb" || process.stdout.isTTY !== true;
  if (linear || !attended)
    return plainView(session, { auto: options.auto || !attended, from, notes });
  const { screenView } = await import("./screen.ts");
  return screenView(session, { auto: options.auto, from, notes, noAfresh, mouse });
}

/** The screen is gone by now; why the session ended early should not go with it. */
function complainAboutHelper(timeline: Timeline): void {
  for (const event of timeline.events)
    if (event.kind === "diagnostic" && event.source === "helper") complain(event.message);
}

export function complain(message: string): void {
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
