import { render } from "ink";
import type { Driver } from "../drivers/driver.ts";
import { checkResults } from "../lesson/check.ts";
import type { SelectedLesson } from "../lesson/select.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Effect } from "../workbench/message.ts";
import { initialState, type LeaveReason } from "../workbench/state.ts";
import { createStore, type Store } from "../workbench/store.ts";
import { App } from "./app.tsx";
import { followTimeline } from "./follow-timeline.ts";
import { createPanes } from "./panes.ts";
import { createPaint, wantsColour } from "./theme.ts";
import { onTrouble } from "./trouble.ts";
import { createView } from "./view.ts";

export interface WorkbenchOptions {
  readonly timeline: Timeline;
  readonly lesson: SelectedLesson;
  readonly driver: Driver;
  readonly auto: boolean;
  /** The step to begin at; those before it are run first. */
  readonly from: string | null;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** In auto mode, time to read after each step (milliseconds). */
const READING_TIME = 1200;

/**
 * The workbench on a terminal, until the learner leaves or the lesson is over. Resolves when the
 * lab is gone and the terminal is as it was; rejects, with the terminal restored too, when
 * something of ours failed.
 */
export async function runWorkbench(options: WorkbenchOptions): Promise<LeaveReason> {
  let screen: ReturnType<typeof drawOn> | undefined;
  const session = createSession(options, { restore: () => screen?.unmount() });
  const { store } = session;
  const stopTrouble = onTrouble(options, {
    left: () => store.dispatch({ kind: "left", reason: "interrupted" }),
    failed: session.fail,
  });
  try {
    screen = drawOn(options, store);
    screen.waitUntilExit().catch(session.fail);
    store.dispatch({ kind: "started" });
    return await session.over;
  } finally {
    session.stop();
    screen?.unmount();
    await screen?.waitUntilExit().catch(() => {});
    stopTrouble();
  }
}

interface Session {
  readonly store: Store;
  /** Settles once the driver has left. */
  readonly over: Promise<LeaveReason>;
  fail(error: unknown): void;
  stop(): void;
}

/** The store and the one place where what it asks for is done. */
function createSession(options: WorkbenchOptions, screen: { restore(): void }): Session {
  const { timeline, lesson, driver, auto, from, stdout } = options;
  const { promise: over, resolve, reject } = Promise.withResolvers<LeaveReason>();
  let resting: NodeJS.Timeout | undefined;
  const fail = (error: unknown): void => {
    screen.restore();
    driver.leave("failed").then(
      () => reject(error),
      () => reject(error),
    );
  };
  const run = async (step: string): Promise<void> => {
    await driver.run(step);
    follow.catchUp();
    const checks = lesson.steps.find(({ id }) => id === step)?.checks ?? [];
    const results = checkResults(checks, timeline.events, step);
    const failedChecks = results.filter(({ outcome }) => outcome === "failed").length;
    store.dispatch({ kind: "ran", step, failedChecks, at: performance.now() });
  };
  const rest = (step: string): void => {
    clearTimeout(resting);
    resting = setTimeout(() => store.dispatch({ kind: "rested", step }), READING_TIME);
  };
  const leave = (reason: LeaveReason): void => {
    // Who interrupts wants the terminal back now; the lab may take a moment longer.
    if (reason === "interrupted") screen.restore();
    driver.leave(reason).then(() => resolve(reason), fail);
  };
  const perform = (effect: Effect): void => {
    if (effect.kind === "run") run(effect.step).catch(fail);
    if (effect.kind === "interrupt") driver.interrupt();
    if (effect.kind === "rest") rest(effect.step);
    if (effect.kind === "leave") leave(effect.reason);
  };
  const { columns = 80, rows = 24 } = stdout;
  const introduced = lesson.intro.trim() !== "";
  const steps = lesson.steps.map(({ id }) => id);
  const replay = driver.mode.kind === "replay";
  const initial = initialState({ steps, replay, auto, from, introduced, columns, rows });
  const store = createStore(initial, perform);
  const resize = (): void =>
    store.dispatch({ kind: "resized", columns: stdout.columns, rows: stdout.rows });
  stdout.on("resize", resize);
  const follow = followTimeline(timeline, (events) => store.dispatch({ kind: "grown", events }));
  return {
    store,
    over,
    fail,
    stop() {
      clearTimeout(resting);
      follow.stop();
      stdout.off("resize", resize);
    },
  };
}

function drawOn({ timeline, lesson, driver, stdin, stdout }: WorkbenchOptions, store: Store) {
  const viewOf = createView({ timeline, lesson, mode: driver.mode });
  const paint = createPaint({ colour: wantsColour(process.env) });
  const now = (): number => performance.now();
  return render(
    <App store={store} viewOf={viewOf} panes={createPanes()} paint={paint} now={now} />,
    {
      stdin,
      stdout,
      alternateScreen: true,
      exitOnCtrlC: false,
      // Ink would take CI=true for a reason to draw nothing.
      interactive: stdout.isTTY,
      maxFps: 60,
      incrementalRendering: true,
    },
  );
}
