import { type CheckResult, checkResults } from "../../../lesson/check.ts";
import type { SelectedStep } from "../../../lesson/select.ts";
import { attemptAt } from "../../../workbench/marks.ts";
import { oneLine, summary } from "../../labels.ts";
import { clipLine, type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";

/** What each step came to, up to the cursor: passed, not yet and why, could not be checked and why. */
export function outcomeLines(view: View, width: number, rows: number): Line[] {
  const lines = view.lesson.steps.map((step, index) => outcomeOf(view, step, index));
  const at = Math.max(0, Math.min(view.state.step - Math.floor(rows / 2), lines.length - rows));
  const shown = lines.slice(at, at + rows);
  return shown.map((line) => clipLine(line, width));
}

function outcomeOf(view: View, step: SelectedStep, index: number): Line {
  const here = index === view.state.step ? span(" ▸", "selected") : span("  ");
  const start: Line = [here, span(`${index + 1}`.padStart(3)), span(`  ${oneLine(step.title)}  `)];
  const attempt = attemptAt(view.state.marks, step.id, view.cursor);
  if (attempt === null || attempt.end === null) return [...start, span("not run", "dim")];
  const results = checkResults(step.checks, view.events, step.id, attempt.end + 1);
  const solved = attempt.solved ? [span("  solved for you", "caution")] : [];
  return [...start, ...outcomeSpans(results), ...solved];
}

function outcomeSpans(results: readonly CheckResult[]): Line {
  const reasons = {
    unable: "could not run",
    failed: "not yet",
    skipped: "could not check",
  } as const;
  for (const outcome of ["unable", "failed", "skipped"] as const) {
    const result = results.find((each) => each.outcome === outcome);
    if (result === undefined) continue;
    const why = outcome === "failed" ? result.check.otherwise : result.detail;
    const mark = outcome === "failed" ? span("✗ ", "bad") : span("! ", "caution");
    return [mark, span(`${reasons[outcome]}: ${oneLine(why)}`)];
  }
  return [span(summary(results) || "it ran", "good")];
}
