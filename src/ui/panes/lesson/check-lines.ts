import type { CheckResult } from "../../../lesson/check.ts";
import { oneLine } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import { wrapSpans } from "../../wrap.ts";

/** A step that could not run has one thing to say, not one for each of its checks. */
export function resultLines(results: readonly CheckResult[], width: number): Line[] {
  const unable = results.find(({ outcome }) => outcome === "unable");
  if (unable === undefined) return results.flatMap((result) => checkLines(result, width));
  const hang = { first: [MARKS.unable], rest: [span("  ")], width: 2 };
  return wrapSpans([span(`could not run here: ${oneLine(unable.detail)}`)], width, hang);
}

const MARKS = {
  passed: span("✓ ", "good"),
  failed: span("✗ ", "bad"),
  skipped: span("· ", "dim"),
  pending: span("  "),
  unable: span("! ", "caution"),
} as const;

/** Passed; not yet, and why; could not be checked, and why. */
function checkLines({ check, outcome, detail }: CheckResult, width: number): Line[] {
  const mark = MARKS[outcome];
  const hang = { first: [mark], rest: [span("  ")], width: 2 };
  const inset = { first: [span("    ")], rest: [span("    ")], width: 4 };
  const claim = wrapSpans([span(oneLine(check.that))], width, hang);
  if (outcome === "failed")
    return [
      ...claim,
      ...wrapSpans([span(`not yet: ${oneLine(check.otherwise)}`, "bad")], width, inset),
      ...wrapSpans([span(oneLine(detail), "dim")], width, inset),
    ];
  if (outcome === "skipped")
    return [
      ...claim,
      ...wrapSpans([span(`could not check: ${oneLine(detail)}`, "dim")], width, inset),
    ];
  return claim;
}
