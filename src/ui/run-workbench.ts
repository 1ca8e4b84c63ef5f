import type { Driver } from "../drivers/driver.ts";
import type { SelectedLesson } from "../lesson/select.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Message } from "../workbench/message.ts";
import { outlineOf } from "../workbench/outline.ts";
import type { PaneSizes } from "../workbench/pane-sizes.ts";
import {
  initialState,
  type LeaveReason,
  type WorkbenchStart,
  type WorkbenchState,
} from "../workbench/state.ts";
import { createStore, type Store } from "../workbench/store.ts";
import { followTimeline } from "./follow-timeline.ts";
import { frameLines, isUnfinished } from "./frame.ts";
import { createShellKeeper } from "./panes/shell/shell-keeper.ts";
import { createPanes, type Panes } from "./panes.ts";
import { createPerforming } from "./perform.ts";
import type { Keyboard } from "./read-keyboard.ts";
import { openScreen, type Screen, sizeOf } from "./screen.ts";
import { createPaint, wantsColour } from "./theme.ts";
import { onTrouble } from "./trouble.ts";
import { createView, type View } from "./view.ts";

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
  /** The terminal's mouse scrolls and chooses. */
  readonly mouse: boolean;
  /** As the learner wanted the panes before. */
  readonly sizes: PaneSizes;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** How a session on the screen ended. */
export interface Left {
  readonly reason: LeaveReason;
  /** The step that a new lab was asked for; null: none was. */
  readonly afresh: string | null;
  /** As the learner wants the panes by now. */
  readonly sizes: PaneSizes;
}

/**
 * The workbench on a terminal, until the learner leaves or the lesson is over. Resolves when the
 * lab is gone and the terminal is as it was; rejects, with the terminal restored too, when
 * something of ours failed.
 */
export async function runWorkbench(options: WorkbenchOptions): Promise<Left> {
  let drawn: Drawn | undefined;
  let keyboard: Keyboard | undefined;
  const restore = (): void => {
    void keyboard?.close();
    drawn?.screen.leave();
  };
  const session = createSession(options, { restore });
  const { store } = session;
  const stopTrouble = onTrouble(options, {
    left: () => store.dispatch({ kind: "left", reason: "interrupted" }),
    failed: session.fail,
  });
  try {
    drawn = drawOn(options, session);
    store.dispatch({ kind: "started" });
    // The first frame does not wait for Ink.
    const { openKeyboard } = await import("./keyboard.tsx");
    if (!session.restored()) keyboard = openKeyboard({ ...options, ...drawn, store }, session.fail);
    const reason = await session.over;
    const { afresh, sizes } = store.getState();
    return { reason, afresh, sizes };
  } finally {
    session.stop();
    drawn?.stop();
    await keyboard?.close();
    drawn?.screen.leave();
    stopTrouble();
  }
}

interface Session {
  readonly store: Store;
  /** Settles once the driver has left. */
  readonly over: Promise<LeaveReason>;
  fail(error: unknown): void;
  /** The terminal was given back already. */
  restored(): boolean;
  stop(): void;
}

function createSession(options: WorkbenchOptions, screen: { restore(): void }): Session {
  const { timeline, lesson, driver, stdout } = options;
  const { promise: over, resolve, reject } = Promise.withResolvers<LeaveReason>();
  // Who waits for it comes later than what may go wrong.
  over.catch(() => {});
  let restored = false;
  const restore = (): void => {
    restored = true;
    screen.restore();
  };
  const fail = (error: unknown): void => {
    // Leaving ends the timeline, and that is no news then.
    following.stop();
    restore();
    const rejected = (): void => reject(error);
    driver.leave("failed").then(rejected, rejected);
  };
  const dispatch = (message: Message): void => store.dispatch(message);
  const shell = createShellKeeper({ driver, dispatch, state: () => store.getState() });
  const performing = createPerforming({
    ...{ timeline, lesson, driver, shell, dispatch, fail },
    catchUp: () => following.catchUp(),
    restore,
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
    restored: () => restored,
    stop() {
      performing.stop();
      following.stop();
      stopFitting();
      stdout.off("resize", resize);
    },
  };
}

function startOf(options: WorkbenchOptions): WorkbenchStart {
  const { lesson, driver, auto, from, notes, noAfresh, sizes, stdout } = options;
  const replay = driver.mode.kind === "replay";
  const given = { auto, notes, from, noAfresh, sizes };
  return { ...outlineOf(lesson), ...sizeOf(stdout), ...given, replay };
}

/** What of the screen the keyboard needs as well, and how to stop drawing. */
interface Drawn {
  readonly screen: Screen;
  readonly viewOf: (state: WorkbenchState) => View;
  readonly panes: Panes;
  stop(): void;
}

function drawOn(options: WorkbenchOptions, { store, fail }: Session): Drawn {
  const { timeline, lesson, driver, stdin, stdout, mouse } = options;
  const viewOf = createView({ timeline, lesson, mode: driver.mode });
  const paint = createPaint({ colour: wantsColour(process.env) });
  const panes = createPanes();
  const frame = (): string[] => {
    const view = viewOf(store.getState());
    const rows = frameLines(view, panes).map(paint);
    // The keys that were pressed meanwhile come first.
    if (isUnfinished(view, panes)) setImmediate(() => screen.changed());
    return rows;
  };
  const screen = openScreen({ stdin, stdout, mouse, frame, failed: fail });
  screen.draw();
  return { screen, viewOf, panes, stop: store.subscribe(screen.changed) };
}
