import type { FailedCall } from "../../../lesson/failed-calls.ts";
import { hintsShown } from "../../../workbench/assistance.ts";
import { oneLine } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { wrapSpans } from "../../wrap.ts";
import { renderMarkdown } from "./markdown.ts";

/** So many failed calls are told. */
const CALLS_TOLD = 4;

/** How many hints there are, the one about failed calls among them, and how many are shown. */
export function hintCount(view: View): { readonly shown: number; readonly all: number } {
  const { calls, texts } = hintsShown(view.state);
  const failed = view.failedCalls.length > 0;
  return {
    shown: (calls && failed ? 1 : 0) + texts,
    all: (failed ? 1 : 0) + view.step.hints.length,
  };
}

/** The hints asked for so far, each with its number. */
export function hintBlocks(view: View, width: number): Line[][] {
  const { calls, texts } = hintsShown(view.state);
  const { all } = hintCount(view);
  const blocks: Line[][] = [];
  const title = (): Line => [span(`hint ${blocks.length + 1} of ${all}`, "strong")];
  if (calls && view.failedCalls.length > 0)
    blocks.push([title(), ...failedCallLines(view.failedCalls, width)]);
  for (const markdown of view.step.hints.slice(0, texts))
    blocks.push([title(), ...renderMarkdown(markdown, width)]);
  return blocks;
}

function failedCallLines(calls: readonly FailedCall[], width: number): Line[] {
  const hang = { first: [span("✗ ", "bad")], rest: [span("  ")], width: 2 };
  const more = calls.length - CALLS_TOLD;
  return [
    ...calls
      .slice(0, CALLS_TOLD)
      .flatMap(({ sentence, labPid }) =>
        wrapSpans([span(`${labPid} `, "dim"), span(oneLine(sentence))], width, hang),
      ),
    ...(more > 0 ? [[span(`  … and ${more} more, in the events`, "dim")]] : []),
  ];
}

/** For trainers. */
export function noteBlocks({ state, step }: View, width: number): Line[][] {
  if (!state.notes) return [];
  return step.notes.map((markdown) => [
    [span("for trainers", "caution")],
    ...renderMarkdown(markdown, Math.max(1, width - 2)).map(
      (line): Line => [span("│ ", "dim"), ...line],
    ),
  ]);
}
