import type { FailedCall } from "../lesson/failed-calls.ts";
import type { Ask } from "../lesson/lesson.ts";
import { printable } from "../timeline/printable.ts";
import type { RenderMarkdown } from "./transcript.ts";

/** What a transcript says to help with a step: its question, hints, notes for trainers. */

export function askLines({ question, answers }: Ask): string[] {
  return [`? ${question}`, ...answers.map((text, index) => `    ${index + 1}  ${text}`), ""];
}

/** `given`: what was predicted, from 1; null: nothing. */
export function revealLines({ answers, right, because }: Ask, given: number | null): string[] {
  const answer = `${right}: ${answers[right - 1] ?? ""}`;
  const expected = given === null ? "" : ` (expected: ${given})`;
  const outcome = given === right ? `✓ as expected, ${answer}` : `· it is ${answer}${expected}`;
  return [`  ${outcome}`, `      ${because}`, ""];
}

export function hintLines(
  markdown: string,
  number: number,
  all: number,
  render: RenderMarkdown,
): string[] {
  return [`hint ${number} of ${all}:`, "", render(markdown).trimEnd(), ""];
}

/** So many failed calls are told; the others are among the events. */
const CALLS_TOLD = 4;

export function failedCallLines(calls: readonly FailedCall[]): string[] {
  const shown = calls.slice(0, CALLS_TOLD);
  const lines = shown.map(({ labPid, sentence }) => `  ✗ [${labPid}] ${printable(sentence)}`);
  return ["hint, from what was seen to fail:", ...lines, ""];
}

export function noteLines(notes: readonly string[], render: RenderMarkdown): string[] {
  return notes.flatMap((markdown) => ["For trainers:", "", render(markdown).trimEnd(), ""]);
}
