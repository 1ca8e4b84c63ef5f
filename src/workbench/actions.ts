import { clearFilter, follow } from "./filtering.ts";
import { jumpBack } from "./jumping.ts";
import { heldAt, leave, moveTo, type Next, only, runStep } from "./next.ts";
import { closePicked, openPicked, pickedHere } from "./picking.ts";
import { present } from "./scrubbing.ts";
import { hasRun, isLastStep, looksBack, type WorkbenchState } from "./state.ts";

/** Presses of Enter closer together than this are one press (milliseconds). */
const ENTER_QUIET = 150;

/**
 * The obvious next thing: what the step asks, where that is out of sight (`question` is where the
 * explanation must stand then); run this step; once it ran, the next step; at the end, finish.
 */
export function proceed(state: WorkbenchState, at: number, question: number | null): Next {
  const entry = pickedHere(state);
  if (entry !== null) return only(openPicked({ ...state, enterAt: at }, entry));
  const pressed = { ...state, enterAt: at };
  if (at - state.enterAt < ENTER_QUIET) return only(pressed);
  // What is done there is done now: whoever wants it has to see now first.
  if (state.scrubbing !== null) return present(pressed);
  if (state.byHand) return only(say(pressed, "x ends your own try; then Enter runs the step"));
  if (state.running !== null) return only(pressed);
  if (state.welcome) return only({ ...pressed, welcome: false, scroll: {} });
  if (question !== null) return only(readOn(pressed, question));
  if (!hasRun(state, state.step)) return runStep(pressed, state.step);
  if (isLastStep(state)) return leave(pressed, "finished");
  const moved = moveTo(pressed, state.step + 1);
  return state.auto && !hasRun(moved, moved.step) ? runStep(moved, moved.step) : only(moved);
}

function readOn(state: WorkbenchState, question: number): WorkbenchState {
  const zoomed = state.zoomed && state.focus === "lesson";
  return { ...state, zoomed, focus: "lesson", scroll: { ...state.scroll, lesson: question } };
}

export function again(state: WorkbenchState, at: number): Next {
  if (state.running !== null) return only(say(state, "it is running already; x interrupts it"));
  if (state.replay && hasRun(state, state.step))
    return only(say(state, "a replay plays each step once; b looks back"));
  return runStep({ ...state, enterAt: at }, state.step);
}

export function back(state: WorkbenchState): Next {
  if (state.running !== null) return only(say(state, "not while a step runs; x interrupts it"));
  if (state.welcome || (state.step === 0 && !state.introduced))
    return only(say(state, "this is the beginning"));
  if (state.step === 0) return only({ ...moveTo(byHand(state), 0), welcome: true });
  return only(moveTo(byHand(state), state.step - 1));
}

export function forward(state: WorkbenchState): Next {
  if (state.running !== null) return only(say(state, "not while a step runs; x interrupts it"));
  if (state.welcome) return only({ ...state, welcome: false, scroll: {} });
  if (state.scrubbing !== null && state.step === state.reached) return present(state);
  if (state.step < state.reached) return only(moveTo(byHand(state), state.step + 1));
  if (!hasRun(state, state.step)) return only(say(state, "run this step first (Enter)"));
  if (isLastStep(state)) return only(say(state, "this is the last step; Enter finishes"));
  return only(moveTo(byHand(state), state.step + 1));
}

/** A learner who turns the pages is no longer led, until Enter goes on. */
function byHand(state: WorkbenchState): WorkbenchState {
  return { ...state, resting: null };
}

function say(state: WorkbenchState, notice: string): WorkbenchState {
  return { ...state, notice };
}

export function zoom(state: WorkbenchState): Next {
  return only({ ...state, zoomed: !state.zoomed });
}

/** Freezes the display. Events keep coming and are counted; going on shows them. */
export function pause(state: WorkbenchState): Next {
  if (state.scrubbing !== null) return only(say(state, "what you see stands still already"));
  if (!state.paused) {
    const held = state.held ?? state.end;
    return only({ ...state, paused: true, held });
  }
  const resumed = { ...state, paused: false, held: heldAt(state, state.step) };
  const { resting } = state;
  if (resting === null || !state.auto) return only(resumed);
  return { state: resumed, effects: [{ kind: "rest", step: resting.step }] };
}

export function interrupt(state: WorkbenchState): Next {
  if (state.running === null) return only(say(state, "nothing is running"));
  const effects = [{ kind: "interrupt" }] as const;
  if (state.replay) return { state: say(state, "the rest of the step plays at once"), effects };
  const stopped = say({ ...state, goal: null, auto: false }, "interrupted; the step ends as it is");
  return { state: stopped, effects };
}

export function close(state: WorkbenchState): Next {
  const entry = pickedHere(state);
  if (entry !== null && entry.opened !== "no") return only(closePicked(state, entry));
  const back = jumpBack(state);
  if (back !== null) return only(back);
  if (entry !== null) return only(closePicked(state, entry));
  const { focus, filters, followed } = state;
  if (filters[focus] !== undefined) return only(clearFilter(state, focus));
  if (followed !== null && focus === "events") return follow(state, null);
  if (looksBack(state)) return present(state);
  return only({ ...state, zoomed: false });
}

/** Backspace: to where the last jump began, also out of an entry that was opened there. */
export function unjump(state: WorkbenchState): Next {
  return only(jumpBack(state) ?? state);
}

/** The entry itself, whole, wherever Enter would lead. */
export function whole(state: WorkbenchState): Next {
  const entry = pickedHere(state);
  if (entry !== null) return only(openPicked(state, entry));
  return only(say(state, "v shows the whole of a line: choose one with ↑ ↓"));
}

/** Asks once when something runs: leaving would cut it off. */
export function quit(state: WorkbenchState): Next {
  // Who only watches cuts nothing off.
  const free = state.running === null || state.watching;
  if (free || state.leaving === "asked") return leave(state, "left");
  const question = "a step is running: q again interrupts it and leaves, any other key stays";
  return only({ ...say(state, question), leaving: "asked" });
}
