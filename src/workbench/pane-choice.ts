import type { KernelPaneName } from "../lesson/pane-plan.ts";
import type { PaneName } from "../lesson/panes.ts";
import { inSight } from "./pane-sizes.ts";
import type { WorkbenchState } from "./state.ts";

/** The digit of the explanation, whatever panes a lesson has. */
export const LESSON_DIGIT = "0";

/** The pane a digit calls; null where the lesson has no pane of that number. */
export function paneOf({ plan }: WorkbenchState, digit: string): PaneName | null {
  if (digit === LESSON_DIGIT) return "lesson";
  return plan.panes[Number(digit) - 1] ?? null;
}

/** The digit that calls a pane, the same during the whole session. Empty: there is none. */
export function digitOf({ plan }: WorkbenchState, pane: PaneName): string {
  if (pane === "lesson") return LESSON_DIGIT;
  const number = plan.panes.indexOf(pane) + 1;
  return number >= 1 && number <= 9 ? `${number}` : "";
}

/** The session's kernel panes, those first that matter most in the step on screen. */
export function panesByWorth({ plan, step }: WorkbenchState): KernelPaneName[] {
  return [...new Set([...(plan.steps[step] ?? []), ...plan.worth])];
}

/** The learner chose this pane: it stays through steps that ask for no pane of their own. */
export function focusOn(state: WorkbenchState, pane: PaneName): WorkbenchState {
  if (pane === "lesson") return { ...state, focus: pane };
  const away = state.away.filter((each) => each !== pane);
  return { ...state, away, focus: pane, tab: pane, chosen: pane };
}

export function focusBy(state: WorkbenchState, by: 1 | -1): WorkbenchState {
  const panes: readonly PaneName[] = ["lesson", ...inSight(state.plan.panes, state.away)];
  const index = (panes.indexOf(state.focus) + by + panes.length) % panes.length;
  return focusOn(state, panes[index] ?? "lesson");
}

/** A step begins: it shows the pane it asks for, until the learner chooses another one. */
export function atStep(state: WorkbenchState, step: number): WorkbenchState {
  const { plan, chosen, zoomed, focus } = state;
  // Whoever looks at one pane alone wants that one.
  if (step === state.step || (zoomed && focus !== "lesson")) return { ...state, step };
  const tab = plan.steps[step]?.[0] ?? chosen ?? plan.panes[0] ?? state.tab;
  return { ...state, step, tab, focus: focus === "lesson" ? focus : tab };
}
