import type { Ask } from "../lesson/lesson.ts";
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

export function noteLines(notes: readonly string[], render: RenderMarkdown): string[] {
  return notes.flatMap((markdown) => ["For trainers:", "", render(markdown).trimEnd(), ""]);
}
