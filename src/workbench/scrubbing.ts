import { latestAttempt } from "./marks.ts";
import { type Next, only } from "./next.ts";
import { scrolledTo } from "./picking.ts";
import { looksBack, type WorkbenchState } from "./state.ts";

/** The learner goes through time. */
export interface Scrubbing {
  /** The step that the present shows. */
  readonly from: number;
}

/**
 * Shows the moment at which `to` events are in the past, with the step that was going on then. The
 * setting up of the lab is before the first moment.
 */
export function scrub(state: WorkbenchState, to: number): Next {
  const first = state.marks[0];
  if (state.goal !== null) return only(say(state, "not on the way to the step you asked for"));
  if (first === undefined || state.welcome) return only(say(state, "nothing has happened yet"));
  const held = Math.max(first.at + 1, Math.min(to, state.end));
  const { step: id } = latestAttempt(state.marks, held) ?? first;
  const step = Math.max(0, state.steps.indexOf(id));
  const { lesson } = state.scroll;
  return only({
    ...state,
    held,
    step,
    paused: false,
    scrubbing: state.scrubbing ?? { from: looksBack(state) ? state.reached : state.step },
    // Panes show the moment's own end; what is being read stays where it is.
    scroll: step === state.step ? scrolledTo({}, "lesson", lesson ?? null) : {},
    picked: null,
    hinted: false,
    solving: false,
    renewing: false,
    notice: null,
  });
}

/** Back to now, however the learner looked back. */
export function present(state: WorkbenchState): Next {
  const { scrubbing, resting, auto } = state;
  const step = scrubbing?.from ?? state.reached;
  const now = { ...state, step, held: null, paused: false, scrubbing: null };
  const next = { ...now, scroll: {}, picked: null, jumps: [], hinted: false, notice: null };
  if (resting === null || !auto) return only(next);
  return { state: next, effects: [{ kind: "rest", step: resting.step }] };
}

function say(state: WorkbenchState, notice: string): WorkbenchState {
  return { ...state, notice };
}
