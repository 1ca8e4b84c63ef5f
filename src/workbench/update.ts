import {
  again,
  back,
  close,
  forward,
  interrupt,
  pause,
  proceed,
  quit,
  unjump,
  whole,
  zoom,
} from "./actions.ts";
import { afresh } from "./afresh.ts";
import { answer, answersOf, openAnswers } from "./answers.ts";
import { hint, solve } from "./assistance.ts";
import { beginFilter, endFilter, filterTyped, follow } from "./filtering.ts";
import { jump } from "./jumping.ts";
import { marksOf } from "./marks.ts";
import type { Action, Message } from "./message.ts";
import { leave, moveTo, type Next, only, runStep } from "./next.ts";
import { focusBy, focusOn, LESSON_DIGIT, paneOf } from "./pane-choice.ts";
import { scrolledTo } from "./picking.ts";
import { present, scrub } from "./scrubbing.ts";
import { shell, shellEnded, typed } from "./shell.ts";
import { putAway, resize } from "./sizing.ts";
import { hasRun, isTooSmall, type LeaveReason, looksBack, type WorkbenchState } from "./state.ts";

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
    const answers = answersOf(events, state.end);
    return only({
      ...state,
      end: state.end + events.length,
      marks: marks.length === 0 ? state.marks : [...state.marks, ...marks],
      answers: answers.length === 0 ? state.answers : [...state.answers, ...answers],
      notice: labGoneNotice(state, events) ?? state.notice,
    });
  },
  ran: (state, message) => ran(state, message),
  rested: (state, { step }) => rested(state, step),
  resized: (state, { columns, rows }) => only({ ...state, columns, rows }),
  asked: (state, message) => asked(state, message),
  scrolled: (state, { pane, to }) => only({ ...state, scroll: scrolledTo(state.scroll, pane, to) }),
  picked: (state, message) => picked(state, message),
  scrubbed: (state, { to }) => scrubbed(state, to),
  jumped: (state, message) => only(isLeaving(state) ? state : jump(state, message.jump).state),
  filter: (state, { pane }) => beginFilter(state, pane),
  "filter-typed": (state, { text }) => filterTyped(state, text),
  "filter-ended": (state, { kept }) => endFilter(state, kept),
  followed: (state, { process }) => follow(state, process),
  focused: (state, { pane }) => only(focusOn({ ...state, notice: null, jumps: [] }, pane)),
  digit: (state, { digit, question = null }) =>
    digitTyped(
      { ...state, notice: null, solving: false, renewing: false },
      digit,
      question === null,
    ),
  typed: (state, { data }) => typed(state, data),
  "shell-ended": (state, { opened }) =>
    isLeaving(state) ? only(state) : shellEnded(state, opened),
  hinted: (state, message) =>
    hint({ ...state, notice: null, solving: false, renewing: false }, message),
  left: (state, { reason }) => leaveOnce(state, reason),
};

/** It answers while the step asks; else it chooses a pane, and beyond those it means nothing. */
function digitTyped(state: WorkbenchState, digit: string, inSight: boolean): Next {
  if (inSight && openAnswers(state) > 0 && digit !== LESSON_DIGIT) return answer(state, digit);
  const pane = paneOf(state, digit);
  return only(pane === null ? state : focusOn({ ...state, jumps: [] }, pane));
}

function picked(state: WorkbenchState, message: Extract<Message, { kind: "picked" }>): Next {
  const { pane, key, scroll } = message;
  const entry = key === null ? null : ({ pane, key, opened: "no", listScroll: null } as const);
  const scrolled = scrolledTo(state.scroll, pane, scroll);
  return only({ ...state, notice: null, picked: entry, scroll: scrolled });
}

function scrubbed(state: WorkbenchState, to: number | null): Next {
  if (isLeaving(state) || isTooSmall(state)) return only(state);
  if (state.overlay !== null) return only({ ...state, overlay: null });
  if (to !== null) return scrub({ ...state, jumps: [] }, to);
  return looksBack(state) ? present(state) : only(state);
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
  const idle = { ...state, running: null, byHand: false, enterAt: Math.max(state.enterAt, at) };
  // A recording that was cut off holds nothing for the steps behind the cut.
  const missing = state.replay && !hasRun(idle, state.steps.indexOf(step)) ? NOT_RECORDED : null;
  const settled: WorkbenchState = {
    ...idle,
    // What was said about the run is over with it; what comes next is to be seen.
    notice: missing ?? doneByHand(state, failedChecks),
    failed: failedNow(state, step, failedChecks),
    scroll: scrolledTo(state.scroll, "lesson", null),
  };
  if (isLeaving(state)) return only(idle);
  // Nobody is led through steps that show nothing.
  if (missing !== null) return only({ ...settled, goal: null, auto: false });
  if (state.goal !== null) return towardsGoal(settled, state.goal);
  if (!state.auto) return only(settled);
  const resting = { step, failed: failedChecks > 0 };
  return { state: { ...settled, resting }, effects: [{ kind: "rest", step }] };
}

function doneByHand({ byHand, typing }: WorkbenchState, failedChecks: number): string | null {
  if (!byHand || failedChecks > 0) return null;
  return `done, by your own hand: ${typing ? "Ctrl-], then Enter goes on" : "Enter goes on"}`;
}

function failedNow({ failed }: WorkbenchState, step: string, checks: number): readonly string[] {
  const others = failed.filter((each) => each !== step);
  return checks > 0 ? [...others, step] : others;
}

function towardsGoal(state: WorkbenchState, goal: number): Next {
  const next = state.step + 1;
  if (next < goal) return runStep(moveTo(state, next), next);
  const there = moveTo({ ...state, goal: null, notice: null }, goal);
  return state.auto ? runStep(there, goal) : only(there);
}

function rested(state: WorkbenchState, step: string): Next {
  const { resting } = state;
  if (resting?.step !== step || !state.auto || isHeld(state) || isLeaving(state))
    return only(state);
  const awake = { ...state, resting: null };
  if (resting.failed) return leave(awake, "failed");
  const next = state.step + 1;
  if (next === state.steps.length) return leave(awake, "finished");
  return runStep(moveTo(awake, next), next);
}

/** The learner looks at one moment, so nothing goes on by itself. */
function isHeld({ paused, scrubbing }: WorkbenchState): boolean {
  return paused || scrubbing !== null;
}

function isLeaving(state: WorkbenchState): boolean {
  return state.leaving !== null && state.leaving !== "asked";
}

function leaveOnce(state: WorkbenchState, reason: LeaveReason): Next {
  return isLeaving(state) ? only(state) : leave(state, reason);
}

type Acting = (state: WorkbenchState, at: number, question: number | null) => Next;

const actions: Readonly<Record<Action, Acting>> = {
  proceed,
  again,
  afresh,
  back,
  forward,
  "focus-next": (state) => only(focusBy({ ...state, jumps: [] }, 1)),
  "focus-previous": (state) => only(focusBy({ ...state, jumps: [] }, -1)),
  zoom,
  grow: (state) => resize(state, 1),
  shrink: (state) => resize(state, -1),
  "put-away": putAway,
  pause,
  changes: (state) => only({ ...state, allChanges: !state.allChanges }),
  interrupt,
  help: (state) => only({ ...state, overlay: "help" }),
  outcomes: (state) => only({ ...state, overlay: "outcomes" }),
  notes: (state) =>
    only({
      ...state,
      notes: !state.notes,
      notice: `notes for trainers are ${state.notes ? "hidden" : "shown, where a step has any"}`,
    }),
  solve,
  shell,
  close,
  unjump,
  whole,
  quit,
  abort: (state) => leave(state, "interrupted"),
  suspend: (state) => ({ state, effects: [{ kind: "suspend" }] }),
};

function asked(state: WorkbenchState, message: Extract<Message, { kind: "asked" }>): Next {
  const { action, at, question = null } = message;
  if (isLeaving(state)) return only(state);
  const ends = action === "quit" || action === "abort" || action === "suspend";
  if (isTooSmall(state) && !ends) return only(state);
  if (state.overlay !== null && !ends) return only({ ...state, overlay: null, enterAt: at });
  // "q again leaves" holds for the very next key only.
  const leaving = action === "quit" ? state.leaving : null;
  const solving = action === "solve" && state.solving;
  const renewing = action === "afresh" && state.renewing;
  return actions[action]({ ...state, notice: null, leaving, solving, renewing }, at, question);
}
