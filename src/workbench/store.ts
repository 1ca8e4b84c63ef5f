import type { Effect, Message } from "./message.ts";
import type { WorkbenchState } from "./state.ts";
import { update } from "./update.ts";

/** Holds the one state; React only subscribes. */
export interface Store {
  getState(): WorkbenchState;
  dispatch(message: Message): void;
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
}

/** `perform` does what the updates ask for. It may dispatch, at once or later. */
export function createStore(initial: WorkbenchState, perform: (effect: Effect) => void): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(message) {
      const next = update(state, message);
      const changed = next.state !== state;
      state = next.state;
      if (changed) for (const listener of [...listeners]) listener();
      for (const effect of next.effects) perform(effect);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
