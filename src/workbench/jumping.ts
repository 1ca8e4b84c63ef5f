import type { PaneName } from "../lesson/panes.ts";
import type { Followed } from "./filtering.ts";
import { type Next, only } from "./next.ts";
import { focusOn } from "./pane-choice.ts";
import { scrub } from "./scrubbing.ts";
import type { WorkbenchState } from "./state.ts";

/** From an entry to what it is about, in whatever pane and at whatever moment that is. */
export interface Jump {
  readonly pane: PaneName;
  /** The entry there; null: none in particular. */
  readonly key: string | null;
  /** Whose events alone are shown there. */
  readonly followed: Followed | null;
  /** So many events have to be in the past for it to be there; null: as many as are. */
  readonly cursor: number | null;
}

/** What the screen was before a jump. */
export type Place = Pick<
  WorkbenchState,
  | "focus"
  | "tab"
  | "chosen"
  | "step"
  | "held"
  | "scrubbing"
  | "scroll"
  | "picked"
  | "filters"
  | "followed"
>;

/** Who goes on jumping comes back as often at most. */
const MOST_JUMPS = 50;

export function jump(state: WorkbenchState, to: Jump): Next {
  const { pane, key, followed, cursor } = to;
  const jumps = [...state.jumps, placeOf(state)].slice(-MOST_JUMPS);
  const there = cursor === null ? state : scrub(state, cursor).state;
  const { [pane]: _, ...scroll } = there.scroll;
  const { [pane]: __, ...filters } = there.filters;
  const picked = key === null ? null : ({ pane, key, opened: "no", listScroll: null } as const);
  return only({ ...focusOn(there, pane), jumps, picked, scroll, filters, followed, notice: null });
}

/** Esc or Backspace where a jump led; null: no jump led here. */
export function jumpBack(state: WorkbenchState): WorkbenchState | null {
  const last = state.jumps.at(-1);
  if (last === undefined) return null;
  return { ...state, ...last, jumps: state.jumps.slice(0, -1), notice: null };
}

function placeOf(state: WorkbenchState): Place {
  const { focus, tab, chosen, step, held, scrubbing } = state;
  const { scroll, picked, filters, followed } = state;
  return { focus, tab, chosen, step, held, scrubbing, scroll, picked, filters, followed };
}
