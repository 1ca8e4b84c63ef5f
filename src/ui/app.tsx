import { type Key, useApp, useInput, usePaste } from "ink";
import { useEffect, useSyncExternalStore } from "react";
import type { WorkbenchState } from "../workbench/state.ts";
import type { Store } from "../workbench/store.ts";
import { requestOf } from "./keys.ts";
import type { Panes } from "./panes.ts";
import { pickTarget } from "./picking.ts";
import { presses } from "./presses.ts";
import { questionTarget } from "./question.ts";
import { Screen } from "./screen.tsx";
import { scrollTarget } from "./scroll.ts";
import { onSuspending } from "./suspending.ts";
import type { Paint } from "./theme.ts";
import { typedText } from "./typed-text.ts";
import type { View } from "./view.ts";

export interface AppProps {
  readonly store: Store;
  readonly viewOf: (state: WorkbenchState) => View;
  readonly panes: Panes;
  readonly paint: Paint;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** The terminal's half of the workbench: keys in, frames out. */
export function App({ store, viewOf, panes, paint, now }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const view = viewOf(state);
  const { suspendTerminal } = useApp();
  useEffect(() => onSuspending(suspendTerminal), [suspendTerminal]);
  useInput((input, key) => {
    if (store.getState().typing) {
      const application = panes.shell.applicationCursor?.(viewOf(store.getState())) ?? false;
      store.dispatch({ kind: "typed", data: typedText(input, key, application) });
      return;
    }
    for (const press of presses(input, key)) ask(press.input, press.key);
  });
  // Pasted text is no sequence of keys: a `q` in it must not end the lesson.
  usePaste((data) => {
    if (store.getState().typing) store.dispatch({ kind: "typed", data });
  });

  const ask = (input: string, key: Partial<Key>): void => {
    const request = requestOf(input, key);
    if (request === null) return;
    const question = questionTarget(viewOf(store.getState()), panes.lesson);
    if (request.kind === "action")
      store.dispatch({ kind: "asked", action: request.action, at: now(), question });
    if (request.kind === "digit") store.dispatch({ kind: "digit", digit: request.digit, question });
    if (request.kind === "hint") {
      const { failedCalls, step } = viewOf(store.getState());
      store.dispatch({ kind: "hinted", calls: failedCalls.length > 0, texts: step.hints.length });
    }
    if (request.kind === "scroll") {
      const pane = store.getState().focus;
      const now = viewOf(store.getState());
      const pick = pickTarget(now, panes[pane], request.by);
      if (pick !== null) store.dispatch({ kind: "picked", pane, ...pick });
      else
        store.dispatch({ kind: "scrolled", pane, to: scrollTarget(now, panes[pane], request.by) });
    }
  };
  return <Screen view={view} panes={panes} paint={paint} />;
}
