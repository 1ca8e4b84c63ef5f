import type { PaneName } from "../lesson/panes.ts";
import type { WorkbenchState } from "./state.ts";

/** The entry of a pane's list that the learner has chosen, and whether it is opened. */
export interface Picked {
  readonly pane: PaneName;
  /** The pane's own name for the entry. */
  readonly key: string;
  /** `folded` leaves out what says nothing. */
  readonly opened: "no" | "folded" | "whole";
  /** Where the list stood when it was opened; null: at its end. */
  readonly listScroll: number | null;
}

/** The entry that keys are meant for: the one of the pane in focus. */
export function pickedHere({ picked, focus }: WorkbenchState): Picked | null {
  return picked !== null && picked.pane === focus ? picked : null;
}

/** Opens what is picked, and unfolds what is open. */
export function openPicked(state: WorkbenchState, picked: Picked): WorkbenchState {
  const { pane, opened } = picked;
  if (opened !== "no")
    return { ...state, picked: { ...picked, opened: opened === "folded" ? "whole" : "folded" } };
  const listScroll = state.scroll[pane] ?? null;
  const scroll = { ...state.scroll, [pane]: 0 };
  return { ...state, scroll, picked: { ...picked, opened: "folded", listScroll } };
}

/** Closes what is open, lets go of what is picked. */
export function closePicked(state: WorkbenchState, picked: Picked): WorkbenchState {
  const { pane, opened, listScroll } = picked;
  const next = opened === "no" ? null : { ...picked, opened: "no" as const };
  const to = opened === "no" ? null : listScroll;
  return { ...state, picked: next, scroll: scrolledTo(state.scroll, pane, to) };
}

/** `to` null: the pane follows what is new. */
export function scrolledTo(
  scroll: WorkbenchState["scroll"],
  pane: PaneName,
  to: number | null,
): WorkbenchState["scroll"] {
  const { [pane]: _, ...others } = scroll;
  return to === null ? others : { ...others, [pane]: to };
}
