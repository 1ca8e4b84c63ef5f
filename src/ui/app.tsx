import { type Key, useInput, usePaste } from "ink";
import type { Jump } from "../workbench/jumping.ts";
import { looksBack, type WorkbenchState } from "../workbench/state.ts";
import type { Store } from "../workbench/store.ts";
import { enterCommand } from "./entering.ts";
import { filterMessage, filterPasted, passesFilterKeys } from "./filter-keys.ts";
import { followTarget } from "./following.ts";
import { linkOf } from "./jumps.ts";
import { type Request, requestOf, type ScrollStep } from "./keys.ts";
import { useLending } from "./lending.ts";
import type { Panes } from "./panes.ts";
import { pickTarget } from "./picking.ts";
import { presses } from "./presses.ts";
import { questionTarget } from "./question.ts";
import type { Screen } from "./screen.ts";
import { scrollTarget } from "./scroll.ts";
import { scrubTarget } from "./scrubbing.ts";
import { typedText } from "./typed-text.ts";
import type { View } from "./view.ts";

export interface AppProps {
  readonly store: Store;
  readonly viewOf: (state: WorkbenchState) => View;
  readonly panes: Panes;
  /** Is lent to the shell while the job is stopped. */
  readonly screen: Pick<Screen, "lend" | "takeBack">;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Keys in. Frames do not come from here (screen.ts), so nothing of it is ever drawn. */
export function App({ store, viewOf, panes, screen, now }: AppProps) {
  useLending(screen);
  useInput((input, key) => {
    if (store.getState().typing) {
      const application = panes.shell.applicationCursor?.(viewOf(store.getState())) ?? false;
      store.dispatch({ kind: "typed", data: typedText(input, key, application) });
      return;
    }
    for (const press of presses(input, key)) {
      const { filtering, filters } = store.getState();
      const passes = filtering === null || passesFilterKeys(press.input, press.key);
      const message = passes
        ? null
        : filterMessage(filters[filtering] ?? "", press.input, press.key);
      if (message !== null) store.dispatch(message);
      if (passes) ask(press.input, press.key);
    }
  });
  // Pasted text is no sequence of keys: a `q` in it must not end the lesson.
  usePaste((data) => {
    const { typing, filtering, filters } = store.getState();
    if (typing) store.dispatch({ kind: "typed", data });
    else if (filtering !== null) store.dispatch(filterPasted(filters[filtering] ?? "", data));
  });

  const ask = (input: string, key: Partial<Key>): void => {
    const request = requestOf(input, key);
    if (request === null) return;
    const question = questionTarget(viewOf(store.getState()), panes.lesson);
    const link = linkFor(request);
    if (link !== null) store.dispatch({ kind: "jumped", jump: link });
    else if (request.kind === "action") {
      const enter = request.action === "shell" ? enterCommand(viewOf(store.getState())) : null;
      store.dispatch({ kind: "asked", action: request.action, at: now(), question });
      if (enter !== null) store.dispatch({ kind: "typed", data: `${enter}\r` });
    }
    if (request.kind === "digit") store.dispatch({ kind: "digit", digit: request.digit, question });
    if (request.kind === "hint") {
      const { failedCalls, step } = viewOf(store.getState());
      store.dispatch({ kind: "hinted", calls: failedCalls.length > 0, texts: step.hints.length });
    }
    if (request.kind === "scroll") scroll(request.by);
    if (request.kind === "scrub") {
      const to = scrubTarget(viewOf(store.getState()), request.by);
      store.dispatch({ kind: "scrubbed", to });
    }
    if (request.kind === "filter") {
      const { focus, tab } = store.getState();
      const pane = focus === "lesson" ? tab : focus;
      store.dispatch({ kind: "filter", pane: panes[pane].picks === undefined ? null : pane });
    }
    if (request.kind === "follow")
      store.dispatch({ kind: "followed", process: followTarget(viewOf(store.getState())) });
    if (request.kind === "end") {
      if (looksBack(store.getState())) store.dispatch({ kind: "scrubbed", to: null });
      else scroll("bottom");
    }
  };
  /** Enter on an entry leads to what it is about, unless there is nothing but itself. */
  const linkFor = (request: Request): Jump | null => {
    const { overlay, filtering } = store.getState();
    if (request.kind !== "action" || request.action !== "proceed" || overlay !== null) return null;
    return filtering === null ? linkOf(viewOf(store.getState())) : null;
  };
  const scroll = (by: ScrollStep): void => {
    const pane = store.getState().focus;
    const now = viewOf(store.getState());
    const pick = pickTarget(now, panes[pane], by);
    if (pick !== null) store.dispatch({ kind: "picked", pane, ...pick });
    else store.dispatch({ kind: "scrolled", pane, to: scrollTarget(now, panes[pane], by) });
  };
  return null;
}
