import type { PaneName } from "../lesson/panes.ts";
import { again, back, close, forward, interrupt, pause, proceed, quit, zoom } from "./actions.ts";
import { marksOf } from "./marks.ts";
import type { Action, Message } from "./message.ts";
import { leave, moveTo, type Next, only, runStep } from "./next.ts";
import { focusBy, focusOn, paneOf } from "./pane-choice.ts";
import { hasRun, isTooSmall, type LeaveReason, type WorkbenchState } from "./state.ts";

/** The workbench's one transition: a message in, the next state and what to do about it out. */
export function update(state: WorkbenchState, message: Message): Next {
  const handler = handlers[message.kind] as (state: WorkbenchState, message: Message) => Next;
  return handler(state, message);
}

type Handler<K extends Message["kind"]> = (
  state: WorkbenchState,
  message: Extract<Message, { kind: K }>,
) => Next;

const handlers: { readonly [K in Message["kind"]]: Handler<K> } = {
  started: (state) => {
    if (isLeaving(state)) return only(state);
    if (state.goal !== null) return runStep(state, 0);
    return state.auto ? runStep(state, state.step) : only(state);
  },
  grown: (state, { events }) => {
    const marks = marksOf(events, state.end);
    return only({
      ...state,
      end: state.end + events.length,
      marks: marks.length === 0 ? state.marks : [...state.marks, ...marks],
      notice: labGoneNotice(state, events) ?? state.notice,
    });
  },
  ran: (state, message) => ran(state, message),
  rested: (state, { step }) => rested(state, step),
  resized: (state, { columns, rows }) => only({ ...state, columns, rows }),
  asked: (state, { action, at }) => asked(state, action, at),
  scrolled: (state, { pane, to }) => only({ ...state, scroll: scrolled(state, pane, to) }),
  focused: (state, { pane }) => only(focusOn({ ...state, notice: null }, pane)),
  digit: (state, { digit }) => only(chosenBy({ ...state, notice: null }, digit)),
  left: (state, { reason }) => leaveOnce(state, reason),
};

function scrolled(
  state: WorkbenchState,
  pane: PaneName,
  to: number | null,
): WorkbenchState["scroll"] {
  const { [pane]: _, ...others } = state.scroll;
  return to === null ? others : { ...others, [pane]: to };
}

/** Beyond the lesson's panes a digit means nothing. */
function chosenBy(state: WorkbenchState, digit: string): WorkbenchState {
  const pane = paneOf(state, digit);
  return pane === null ? state : focusOn(state, pane);
}

function labGoneNotice(
  state: WorkbenchState,
  events: Extract<Message, { kind: "grown" }>["events"],
): string | null {
  const gone = events.find((event) => event.kind === "lab.gone");
  if (gone === undefined || (state.leaving !== null && state.leaving !== "asked")) return null;
  return `the lab is gone: ${gone.reason}`;
}

const NOT_RECORDED = "the recording holds no run of this step: it may have been cut off";

function ran(state: WorkbenchState, message: Extract<Message, { kind: "ran" }>): Next {
  const { step, failedChecks, at } = message;
  // A second Enter meant for the run must not act on what came of it.
  const idle = { ...state, running: null, enterAt: Math.max(state.enterAt, at) };
  // A recording that was cut off holds nothing for the steps behind the cut.
  const missing = state.replay && !hasRun(idle, state.step) ? NOT_RECORDED : null;
  const settled: WorkbenchState = {
    ...idle,
    // What was said about the run is over with it; what comes next is to be seen.
    notice: missing,
    scroll: scrolled(state, "lesson", null),
  };
  if (isLeaving(state)) return only(idle);
  // Nobody is led through steps that show nothing.
  if (missing !== null) return only({ ...settled, goal: null, auto: false });
  if (state.goal !== null) return towardsGoal(settled, state.goal);
  if (!state.auto) return only(settled);
  const resting = { step, failed: failedChecks > 0 };
  return { state: { ...settled, resting }, effects: [{ kind: "rest", step }] };
}

function towardsGoal(state: WorkbenchState, goal: number): Next {
  const next = state.step + 1;
  if (next < goal) return runStep(moveTo(state, next), next);
  const there = moveTo({ ...state, goal: null, notice: null }, goal);
  return state.auto ? runStep(there, goal) : only(there);
}

function rested(state: WorkbenchState, step: string): Next {
  const { resting } = state;
  if (resting?.step !== step || !state.auto || state.paused || isLeaving(state)) return only(state);
  const awake = { ...state, resting: null };
  if (resting.failed) return leave(awake, "failed");
  const next = state.step + 1;
  if (next === state.steps.length) return leave(awake, "finished");
  return runStep(moveTo(awake, next), next);
}

function isLeaving(state: WorkbenchState): boolean {
  return state.leaving !== null && state.leaving !== "asked";
}

function leaveOnce(state: WorkbenchState, reason: LeaveReason): Next {
  return isLeaving(state) ? only(state) : leave(state, reason);
}

const actions: Readonly<Record<Action, (state: WorkbenchState, at: number) => Next>> = {
  proceed,
  again,
  back,
  forward,
  "focus-next": (state) => only(focusBy(state, 1)),
  "focus-previous": (state) => only(focusBy(state, -1)),
  zoom,
  pause,
  changes: (state) => only({ ...state, allChanges: !state.allChanges }),
  interrupt,
  help: (state) => only({ ...state, help: true }),
  close,
  quit,
  abort: (state) => leave(state, "interrupted"),
};

function asked(state: WorkbenchState, action: Action, at: number): Next {
  if (isLeaving(state)) return only(state);
  const ends = action === "quit" || action === "abort";
  if (isTooSmall(state) && !ends) return only(state);
  if (state.help && !ends) return only({ ...state, help: false, enterAt: at });
  // "q again leaves" holds for the very next key only.
  const leaving = action === "quit" ? state.leaving : null;
  return actions[action]({ ...state, notice: null, leaving }, at);
}
