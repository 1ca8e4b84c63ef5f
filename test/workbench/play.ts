import { panePlan } from "../../src/lesson/pane-plan.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { Action, Effect, Message } from "../../src/workbench/message.ts";
import {
  initialState,
  type WorkbenchStart,
  type WorkbenchState,
} from "../../src/workbench/state.ts";
import { update } from "../../src/workbench/update.ts";

const START: WorkbenchStart = {
  steps: ["one", "two", "three"],
  replay: false,
  auto: false,
  from: null,
  introduced: false,
  plan: panePlan({ panes: null, steps: [] }),
  asks: [],
  watching: false,
  notes: false,
  noAfresh: null,
  sizes: {},
  columns: 80,
  rows: 24,
};

/** Plays messages and collects what they ask for. */
export function play(start: WorkbenchState, ...messages: readonly Message[]) {
  const effects: Effect[] = [];
  let state = start;
  for (const message of messages) {
    const next = update(state, message);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

export function begin(given: Partial<WorkbenchStart> = {}): WorkbenchState {
  return initialState({ ...START, ...given });
}

/** Keys are a second apart unless the test says otherwise. */
let clock = 0;
export function ask(action: Action, at?: number): Message {
  clock += 1000;
  return { kind: "asked", action, at: at ?? clock };
}

export function grown(...kinds: readonly string[]): Message {
  const events = kinds.map((kind) => {
    const [name, step] = kind.split(" ");
    return { kind: name, step, t: 0, reason: "stopped" } as unknown as Event;
  });
  return { kind: "grown", events };
}

export function ran(step: string, failedChecks = 0, at?: number): Message {
  clock += 1000;
  return { kind: "ran", step, failedChecks, at: at ?? clock };
}

export function runs(step: string): Message[] {
  return [ask("proceed"), grown(`step.start ${step}`, "output", `step.end ${step}`), ran(step)];
}
