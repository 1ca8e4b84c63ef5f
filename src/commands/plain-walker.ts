import { lastAttempt } from "../lesson/check.ts";
import { type FailedCall, failedCalls } from "../lesson/failed-calls.ts";
import type { Ask } from "../lesson/lesson.ts";
import type { SelectedStep } from "../lesson/select.ts";
import { answerAt, answersOf } from "../workbench/answers.ts";
import type { Prompt } from "./prompt.ts";
import type { Session } from "./session.ts";
import { checkLines, partLines, type RenderMarkdown, stepTitle } from "./transcript.ts";
import { askLines, failedCallLines, hintLines, noteLines, revealLines } from "./transcript-help.ts";
import type { Walker } from "./walk.ts";

export interface PlainWalkerOptions {
  readonly render: RenderMarkdown;
  /** Null: nobody can be asked. */
  readonly prompt: Prompt | null;
  /** Notes for trainers are shown. */
  readonly notes: boolean;
  print(lines: readonly string[]): void;
}

/** A lesson as text, one step after the other, with a question before each where one can be asked. */
export function plainWalker(session: Session, options: PlainWalkerOptions): Walker {
  const { lesson, timeline } = session;
  const { render, prompt, notes, print } = options;
  const hints = createHints(session, options);
  return {
    begin(step) {
      print([...stepTitle(lesson, step), ...partLines(step.before, render)]);
      if (step.ask !== null) print(askLines(step.ask));
      if (notes) print(noteLines(step.notes, render));
    },
    ready: async (step) => prompt === null || readyToRun(session, step, prompt, hints),
    async again(step) {
      for (;;) {
        const answer = await prompt?.ask(
          `Enter tries again, ${offer(hints.left(step))}${SOLVE}, q leaves: `,
        );
        if (answer === undefined || answer === null || answer.startsWith("q")) return null;
        if (answer.startsWith("s")) return "solve";
        if (!answer.startsWith("h")) return "run";
        hints.give(step);
      }
    },
    ended(step, results) {
      const given = answerAt(answersOf(timeline.events, 0), step.id, timeline.events.length);
      print(["", ...(step.ask === null ? [] : revealLines(step.ask, given))]);
      print([...partLines(step.after, render), ...checkLines(results)]);
      if (step.other.length === 0) return;
      const version = lesson.variant === "v1" ? "v2" : "v1";
      print(["", `On cgroup ${version} instead:`, "", ...partLines(step.other, render)]);
    },
  };
}

const SOLVE = "s solves it";

function offer(hints: number): string {
  return hints === 0 ? "" : "h gives a hint, ";
}

/** Asks until the learner runs the step or leaves; an answer to its question runs it. */
async function readyToRun(
  { driver }: Session,
  step: SelectedStep,
  prompt: Prompt,
  hints: Hints,
): Promise<boolean> {
  for (;;) {
    const answer = await prompt.ask(`${choices(step.ask)}, ${offer(hints.left(step))}q leaves: `);
    if (answer === null || answer.startsWith("q")) return false;
    const number = Number(answer);
    if (answer.startsWith("h")) hints.give(step);
    else if (step.ask === null || answer === "") return true;
    else if (Number.isInteger(number) && number >= 1 && number <= step.ask.answers.length) {
      driver.answer(step.id, number);
      return true;
    }
  }
}

function choices(ask: Ask | null): string {
  if (ask === null) return "Enter runs this step";
  return `1 to ${ask.answers.length} answers and runs it, Enter runs it without`;
}

interface Hints {
  left(step: SelectedStep): number;
  give(step: SelectedStep): void;
}

/** Each hint is given once: first which calls failed in the last attempt, then the author's. */
function createHints({ timeline }: Session, { render, print }: PlainWalkerOptions): Hints {
  const given = new Map<string, number>();
  const told = new Set<string>();
  const callsOf = ({ id }: SelectedStep): readonly FailedCall[] =>
    told.has(id) ? [] : failedCalls(lastAttempt(timeline.events, id)?.events ?? []);
  return {
    left: (step) => {
      const calls = callsOf(step).length > 0 ? 1 : 0;
      return calls + step.hints.length - (given.get(step.id) ?? 0);
    },
    give(step) {
      const { id, hints } = step;
      const calls = callsOf(step);
      if (calls.length > 0) {
        told.add(id);
        return print(failedCallLines(calls));
      }
      const next = given.get(id) ?? 0;
      const markdown = hints[next];
      if (markdown === undefined) return print(["There are no more hints for this step."]);
      given.set(id, next + 1);
      print(hintLines(markdown, next + 1, hints.length, render));
    },
  };
}
