import { leave, type Next, only } from "./next.ts";
import type { WorkbenchState } from "./state.ts";

/**
 * Back for real: this lab goes, and a new one is brought to the beginning of the step on screen. Asks
 * once, for all that was done in this lab goes with it.
 */
export function afresh(state: WorkbenchState): Next {
  const refusal = whyNotAfresh(state);
  if (refusal !== null) return only({ ...state, notice: refusal });
  const step = state.steps[state.step] ?? null;
  if (state.renewing) return leave({ ...state, afresh: step }, "left");
  const what = state.replay ? "plays the recording up to" : "makes a new lab, brought to";
  return only({ ...state, renewing: true, notice: `R again ${what} this step's beginning` });
}

function whyNotAfresh(state: WorkbenchState): string | null {
  if (state.welcome) return "Enter begins";
  if (state.running !== null) return "not while a step runs; x interrupts it";
  return state.noAfresh;
}
