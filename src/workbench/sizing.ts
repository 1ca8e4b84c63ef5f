import type { KernelPaneName } from "../lesson/pane-plan.ts";
import { type Next, only } from "./next.ts";
import { inSight, MOST_STEPS } from "./pane-sizes.ts";
import type { WorkbenchState } from "./state.ts";

/** The pane in focus takes more room, or leaves more to the others. */
export function resize(state: WorkbenchState, by: 1 | -1): Next {
  const { focus, sizes, zoomed } = state;
  if (zoomed) return only({ ...state, notice: "this pane has the whole screen; z shows the rest" });
  const size = (sizes[focus] ?? 0) + by;
  if (Math.abs(size) > MOST_STEPS)
    return only({ ...state, notice: `${focus} gets no ${by > 0 ? "larger" : "smaller"}` });
  return only({ ...state, sizes: { ...sizes, [focus]: size } });
}

/** Away with the pane in focus, until its digit calls it. The explanation and one more pane stay. */
export function putAway(state: WorkbenchState): Next {
  const { focus, plan, away } = state;
  if (focus === "lesson") return only({ ...state, notice: "the explanation stays; Tab, then H" });
  const rest = inSight(plan.panes, [...away, focus]);
  const [next] = rest;
  if (next === undefined) return only({ ...state, notice: "this is the last pane" });
  const tab = rest.find((pane) => plan.panes.indexOf(pane) > plan.panes.indexOf(focus)) ?? next;
  const notice = `${focus} is put away; its digit brings it back`;
  const gone: readonly KernelPaneName[] = [...away, focus];
  return only({ ...state, away: gone, focus: tab, tab, chosen: tab, zoomed: false, notice });
}
