import type { PaneName } from "../../src/lesson/panes.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";
import { labEvents, limitEndEvents, limitRunningEvents, makeEvents } from "./sample-session.ts";

const ENTER = { kind: "asked", action: "proceed" } as const;

/** Two steps have run; nothing is looked at yet. */
export function ranTwo(options: StageOptions = {}): Stage {
  return createStage(options)
    .grow(labEvents())
    .send({ ...ENTER, at: 1000 })
    .grow(makeEvents())
    .send({ kind: "ran", step: "make", failedChecks: 0, at: 2000 })
    .send({ ...ENTER, at: 5000 }, { ...ENTER, at: 10_000 })
    .grow(limitRunningEvents())
    .grow(limitEndEvents("v1", 1))
    .send({ kind: "ran", step: "limit", failedChecks: 0, at: 20_000 });
}

export function focus(stage: Stage, pane: PaneName): Stage {
  return stage.send({ kind: "focused", pane });
}
