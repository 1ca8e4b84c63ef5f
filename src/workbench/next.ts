import type { Way } from "../drivers/driver.ts";
import { attemptAt } from "./marks.ts";
import type { Effect } from "./message.ts";
import { atStep } from "./pane-choice.ts";
import type { LeaveReason, WorkbenchState } from "./state.ts";

/** What a message came to. */
export interface Next {
  readonly state: WorkbenchState;
  readonly effects: readonly Effect[];
}

export function only(state: WorkbenchState): Next {
  return { state, effects: [] };
}

/** Shows a step: the present when it is the furthest one, else the moment it had just run. */
export function moveTo(state: WorkbenchState, step: number): WorkbenchState {
  const reached = Math.max(state.reached, step);
  const held = heldAt({ ...state, reached }, step);
  return {
    ...atStep(state, step),
    reached,
    held,
    paused: false,
    scrubbing: null,
    scroll: {},
    hinted: false,
    picked: null,
    jumps: [],
    resting: null,
  };
}

/** Where the cursor is held to show a step; null: nowhere, it follows the end. */
export function heldAt(state: WorkbenchState, step: number): number | null {
  if (step === state.reached || state.running !== null) return null;
  const end = attemptAt(state.marks, state.steps[step] ?? "", state.end)?.end ?? null;
  return end === null ? null : end + 1;
}

/** Runs a step in the lab; the screen follows what happens. */
export function runStep(state: WorkbenchState, step: number, way?: Way | "hand"): Next {
  const id = state.steps[step];
  if (id === undefined || state.running !== null) return only(state);
  const bringing = state.goal === null ? null : `bringing the lab to step ${state.goal + 1}`;
  const hurries = state.replay && state.goal !== null;
  return {
    state: {
      ...atStep(state, step),
      welcome: false,
      held: null,
      paused: false,
      scrubbing: null,
      running: id,
      byHand: way === "hand",
      resting: null,
      scroll: {},
      hinted: false,
      picked: null,
      jumps: [],
      notice: bringing,
    },
    // Nobody waits for pauses on the way to the step they asked for.
    effects: [
      { kind: "run", step: id, ...(way && { way }) },
      ...(hurries ? ([{ kind: "interrupt" }] as const) : []),
    ],
  };
}

export function leave(state: WorkbenchState, reason: LeaveReason): Next {
  const effects: Effect[] = [{ kind: "leave", reason }];
  // Whatever still runs is ended first, so that the lab can be taken down at once.
  if (state.running !== null) effects.unshift({ kind: "interrupt" });
  const notice = state.watching ? "leaving…" : "taking the lab down…";
  return { state: { ...state, leaving: reason, resting: null, notice }, effects };
}
