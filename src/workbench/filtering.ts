import type { PaneName } from "../lesson/panes.ts";
import { type Next, only } from "./next.ts";
import { focusOn } from "./pane-choice.ts";
import { scrolledTo } from "./picking.ts";
import type { WorkbenchState } from "./state.ts";

/** A process whose events alone are shown, with those of its descendants. */
export interface Followed {
  /** On the host. */
  readonly pid: number;
  readonly labPid: number | null;
}

/** `/`: what is typed from now on is the filter of this list; null: there is no list to filter. */
export function beginFilter(state: WorkbenchState, pane: PaneName | null): Next {
  if (pane === null)
    return only({ ...state, notice: "/ shows only some lines of a list: choose one" });
  const begun = { ...focusOn(state, pane), filtering: pane, jumps: [], picked: null };
  return only({ ...begun, notice: null });
}

/** The whole text as it is now. */
export function filterTyped(state: WorkbenchState, text: string): Next {
  const pane = state.filtering;
  if (pane === null) return only(state);
  return only(withFilter(state, pane, text));
}

/** Enter keeps it, Esc takes it away. */
export function endFilter(state: WorkbenchState, kept: boolean): Next {
  const pane = state.filtering;
  if (pane === null) return only(state);
  const typed = { ...state, filtering: null };
  return only(kept && (state.filters[pane] ?? "").trim() !== "" ? typed : clearFilter(typed, pane));
}

export function clearFilter(state: WorkbenchState, pane: PaneName): WorkbenchState {
  return withFilter(state, pane, "");
}

function withFilter(state: WorkbenchState, pane: PaneName, text: string): WorkbenchState {
  const { [pane]: _, ...others } = state.filters;
  const filters = text === "" ? others : { ...others, [pane]: text };
  const picked = state.picked?.pane === pane ? null : state.picked;
  return { ...state, filters, picked, scroll: scrolledTo(state.scroll, pane, null) };
}

/** `f`: this process and its descendants alone; the same again, or null: all. */
export function follow(state: WorkbenchState, process: Followed | null): Next {
  const same = process === null || process.pid === state.followed?.pid;
  if (process === null && state.followed === null)
    return only({ ...state, notice: "f follows the process of a line: choose one with ↑ ↓" });
  const followed = same ? null : process;
  const scroll = scrolledTo(state.scroll, "events", null);
  const picked = state.picked?.pane === "events" ? null : state.picked;
  return only({ ...state, followed, scroll, picked, jumps: [], notice: null });
}
