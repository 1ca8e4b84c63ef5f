import type { Event } from "../timeline/event.ts";
import { type Next, only } from "./next.ts";
import { hasRun, type WorkbenchState } from "./state.ts";

/** What was predicted; `at` is how many events were on the timeline before. */
export interface Answer {
  readonly step: string;
  /** From 1. */
  readonly answer: number;
  readonly at: number;
}

/** The answers among `events`, the first of which has index `from` on the timeline. */
export function answersOf(events: readonly Event[], from: number): Answer[] {
  return events.flatMap((event, index) => {
    if (event.kind !== "ask.answer") return [];
    return [{ step: event.step, answer: event.answer, at: from + index }];
  });
}

/** The answer that counts at a cursor; null: none was given. */
export function answerAt(answers: readonly Answer[], step: string, cursor: number): number | null {
  const given = answers.findLast((answer) => answer.step === step && answer.at <= cursor);
  return given?.answer ?? null;
}

/** How many answers the step on screen waits for one of; 0: nothing is asked, or not any more. */
export function openAnswers(state: WorkbenchState): number {
  const { asks, step, steps, answers, welcome, running, paused, scrubbing } = state;
  const count = asks[step] ?? 0;
  if (
    count === 0 ||
    welcome ||
    paused ||
    scrubbing !== null ||
    running !== null ||
    hasRun(state, step)
  )
    return 0;
  return answerAt(answers, steps[step] ?? "", state.end) === null ? count : 0;
}

/** The learner answers what the step asks. */
export function answer(state: WorkbenchState, digit: string): Next {
  const { steps, step, end, answers } = state;
  const count = openAnswers(state);
  const chosen = Number(digit);
  const id = steps[step];
  if (id === undefined || chosen > count) {
    const notice = `1 to ${count} answer the question, Enter runs the step without`;
    return only({ ...state, notice });
  }
  // Its event comes a little later; a second digit must not be a second answer meanwhile.
  return {
    state: { ...state, answers: [...answers, { step: id, answer: chosen, at: end }] },
    effects: [{ kind: "answer", step: id, answer: chosen }],
  };
}
