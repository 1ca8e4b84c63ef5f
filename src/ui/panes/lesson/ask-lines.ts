import { oneLine } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { wrapSpans } from "../../wrap.ts";

/** The question, its answers, and which one was given. */
export function askLines(view: View, width: number): Line[] {
  const { ask } = view.step;
  if (ask === null) return [];
  const hang = { first: [span("? ", "key")], rest: [span("  ")], width: 2 };
  return [
    ...wrapSpans([span(oneLine(ask.question), "strong")], width, hang),
    ...ask.answers.flatMap((text, index) =>
      answerLines(text, index + 1, view.answer === index + 1, width),
    ),
  ];
}

function answerLines(text: string, number: number, given: boolean, width: number): Line[] {
  const mark = given ? span("▸ ", "selected") : span("  ");
  const first = [mark, span(`${number}`, "key"), span("  ")];
  const hang = { first, rest: [span("     ")], width: 5 };
  return wrapSpans([span(oneLine(text), given ? "selected" : undefined)], width, hang);
}

/** What it comes to now that the step has run, and why. */
export function answerRevealed({ step, answer }: View, width: number): Line[] {
  const { ask } = step;
  if (ask === null) return [];
  const right = oneLine(ask.answers[ask.right - 1] ?? "");
  const asExpected = answer === ask.right;
  const expected = answer === null || asExpected ? "" : ` (expected: ${answer})`;
  const mark = asExpected ? span("✓ ", "good") : span("· ", "key");
  const hang = { first: [mark], rest: [span("  ")], width: 2 };
  const outcome = asExpected ? `as you expected, ${ask.right}: ` : `it is ${ask.right}: `;
  return [
    ...wrapSpans([span(outcome, "strong"), span(right), span(expected, "dim")], width, hang),
    ...wrapSpans([span(oneLine(ask.because))], width, {
      ...{ first: [span("  ")], rest: [span("  ")], width: 2 },
    }),
  ];
}
