import type { Message } from "./message.ts";
import { type Next, only, runStep } from "./next.ts";
import { hasRun, type WorkbenchState } from "./state.ts";

/** How much help a learner has asked for in a step. */
export interface HintsShown {
  /** The calls that failed. */
  readonly calls: boolean;
  /** So many of the author's hints. */
  readonly texts: number;
}

const NONE: HintsShown = { calls: false, texts: 0 };

export function hintsShown({ hints, steps, step }: WorkbenchState): HintsShown {
  return hints.get(steps[step] ?? "") ?? NONE;
}

/** One more hint: first the calls that were seen to fail, then the author's, one by one. */
export function hint(
  state: WorkbenchState,
  { calls, texts }: Extract<Message, { kind: "hinted" }>,
): Next {
  const shown = hintsShown(state);
  const more = calls && !shown.calls ? { ...shown, calls } : { ...shown, texts: shown.texts + 1 };
  if (state.welcome) return only({ ...state, notice: "hints belong to steps" });
  if (!calls && texts === 0) return only({ ...state, notice: "this step has no hints" });
  // Whoever asks again wants to read the last one, wherever they have scrolled to.
  const seen = more.texts > texts ? shown : more;
  const notice = more.texts > texts ? "that was the last hint" : null;
  const hints = new Map(state.hints).set(state.steps[state.step] ?? "", seen);
  const { lesson: _, ...scroll } = state.scroll;
  // Hints stand in the explanation.
  const focus = state.zoomed ? "lesson" : state.focus;
  return only({ ...state, hints, notice, scroll, focus, hinted: true });
}

/** Asks once; then another way to the step's end is run, and marked as such. */
export function solve(state: WorkbenchState): Next {
  const refusal = whyNotSolve(state);
  if (refusal !== null) return only({ ...state, notice: refusal });
  if (state.solving) return runStep({ ...state, solving: false }, state.step, "solve");
  const notice = "s again solves this step for you, and marks it so; any other key does not";
  return only({ ...state, notice, solving: true });
}

function whyNotSolve(state: WorkbenchState): string | null {
  if (state.welcome) return "Enter begins";
  if (state.replay) return "a replay shows what was recorded: there is nothing to solve";
  if (state.running !== null) return "it is running already; x interrupts it";
  const failed = state.failed.includes(state.steps[state.step] ?? "");
  return hasRun(state, state.step) && !failed ? "this step is done: its checks hold" : null;
}
