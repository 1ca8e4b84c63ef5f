import { render } from "ink";
import type { Driver } from "../drivers/driver.ts";
import type { SelectedLesson } from "../lesson/select.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Message } from "../workbench/message.ts";
import { outlineOf } from "../workbench/outline.ts";
import { initialState, type LeaveReason, type WorkbenchStart } from "../workbench/state.ts";
import { createStore, type Store } from "../workbench/store.ts";
import { App } from "./app.tsx";
import { followTimeline } from "./follow-timeline.ts";
import { createShellKeeper } from "./panes/shell/shell-keeper.ts";
import { createPanes } from "./panes.ts";
import { createPerforming } from "./perform.ts";
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
  /** Notes for trainers are shown from the beginning. */
  readonly notes: boolean;
  /** Why there can be no new lab in this session's place; null: there can. */
  readonly noAfresh: string | null;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** How a session on the screen ended. */
export interface Left {
  readonly reason: LeaveReason;
  /** The step that a new lab was asked for; null: none was. */
  readonly afresh: string | null;
}

/**
 * The workbench on a terminal, until the learner leaves or the lesson is over. Resolves when the
 * lab is gone and the terminal is as it was; rejects, with the terminal restored too, when
 * something of ours failed.
 */
export async function runWorkbench(options: WorkbenchOptions): Promise<Left> {
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
    const reason = await session.over;
    return { reason, afresh: store.getState().afresh };
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

function createSession(options: WorkbenchOptions, screen: { restore(): void }): Session {
  const { timeline, lesson, driver, stdout } = options;
  const { promise: over, resolve, reject } = Promise.withResolvers<LeaveReason>();
  const fail = (error: unknown): void => {
    // Leaving ends the timeline, and that is no news then.
    following.stop();
    screen.restore();
    const rejected = (): void => reject(error);
    driver.leave("failed").then(rejected, rejected);
  };
  const dispatch = (message: Message): void => store.dispatch(message);
  const shell = createShellKeeper({ driver, dispatch, state: () => store.getState() });
  const performing = createPerforming({
    ...{ timeline, lesson, driver, shell, dispatch, fail },
    catchUp: () => following.catchUp(),
    restore: screen.restore,
    over: resolve,
  });
  const store = createStore(initialState(startOf(options)), performing.perform);
  const following = followTimeline(timeline, {
    grown: (events) => store.dispatch({ kind: "grown", events }),
    // Of an end that was asked for the workbench knows already.
    ended: (reason) => store.dispatch({ kind: "left", reason }),
  });
  const stopFitting = store.subscribe(shell.fit);
  const resize = (): void => store.dispatch({ kind: "resized", ...sizeOf(stdout) });
  stdout.on("resize", resize);
  return {
    store,
    over,
    fail,
    stop() {
      performing.stop();
      following.stop();
      stopFitting();
      stdout.off("resize", resize);
    },
  };
}

function startOf(options: WorkbenchOptions): WorkbenchStart {
  const { lesson, driver, auto, from, notes, noAfresh, stdout } = options;
  const replay = driver.mode.kind === "replay";
  return { ...outlineOf(lesson), ...sizeOf(stdout), replay, auto, notes, from, noAfresh };
}

/** A terminal that does not know its size has the usual one. */
function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
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
