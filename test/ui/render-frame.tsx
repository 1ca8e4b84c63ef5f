import type { Mode } from "../../src/drivers/driver.ts";
import type { SelectedLesson } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createTimeline, type Timeline } from "../../src/timeline/timeline.ts";
import { frameLines } from "../../src/ui/frame.ts";
import { createPanes, type Panes } from "../../src/ui/panes.ts";
import { type Paint, paintPlain } from "../../src/ui/theme.ts";
import { createView, type View } from "../../src/ui/view.ts";
import type { Effect, Message } from "../../src/workbench/message.ts";
import { outlineOf } from "../../src/workbench/outline.ts";
import { initialState, type WorkbenchState } from "../../src/workbench/state.ts";
import { createStore } from "../../src/workbench/store.ts";
import { sampleLesson } from "./sample-lesson.ts";

export const LIVE: Mode = { kind: "live" };
export const REPLAY: Mode = {
  kind: "replay",
  recordedAt: "2026-11-20T10:00:00.000Z",
  kernel: "6.1.0-18",
  why: "this machine has no root and no delegated cgroup",
};

/** A workbench without a terminal and without a driver: messages in, frames out. */
export interface Stage {
  readonly timeline: Timeline;
  readonly effects: readonly Effect[];
  state(): WorkbenchState;
  view(): View;
  panes: Panes;
  send(...messages: readonly Message[]): Stage;
  /** The timeline grows, and the screen takes it in. */
  grow(events: readonly Event[]): Stage;
  frame(): string;
}

export interface StageOptions {
  /** Of a session that is under way; whoever tells the stage of its growth decides the moment. */
  readonly timeline?: Timeline;
  readonly columns?: number;
  readonly rows?: number;
  readonly lesson?: SelectedLesson;
  readonly mode?: Mode;
  readonly auto?: boolean;
  readonly from?: string | null;
  readonly introduced?: boolean;
  readonly notes?: boolean;
  readonly paint?: Paint;
}

export function createStage(options: StageOptions = {}): Stage {
  const { columns = 80, rows = 24, mode = LIVE, auto = false, from = null } = options;
  const lesson = options.lesson ?? sampleLesson();
  const timeline = options.timeline ?? createTimeline();
  const effects: Effect[] = [];
  const { introduced = false, notes = false } = options;
  const initial = initialState({
    ...outlineOf(lesson),
    replay: mode.kind === "replay",
    auto,
    from,
    introduced,
    notes,
    noAfresh: null,
    sizes: {},
    columns,
    rows,
  });
  const store = createStore(initial, (effect) => effects.push(effect));
  const viewOf = createView({ timeline, lesson, mode });
  const panes = createPanes();
  const paint = options.paint ?? paintPlain;
  const stage: Stage = {
    timeline,
    effects,
    state: store.getState,
    view: () => viewOf(store.getState()),
    panes,
    send(...messages) {
      for (const message of messages) store.dispatch(message);
      return stage;
    },
    grow(events) {
      timeline.append(events);
      return stage.send({ kind: "grown", events });
    },
    frame() {
      const rows = frameLines(viewOf(store.getState()), panes).map(paint);
      return rows.map((row) => row.trimEnd()).join("\n");
    },
  };
  return stage;
}
