import { hasRun, isLastStep, looksBack } from "../workbench/state.ts";
import { oneLine } from "./labels.ts";
import { type Line, type Span, span } from "./text.ts";
import type { View } from "./view.ts";

/** The one line that says where the learner stands and what comes next. */
export function promptLine(view: View): Line {
  const { state } = view;
  if (state.notice !== null) return [span("! ", "caution"), span(oneLine(state.notice))];
  if (state.paused)
    return [
      span("paused", "strong"),
      span(`  ${later(state.end - view.cursor)}; `),
      ...keyDoes("p", "goes on"),
    ];
  if (state.running !== null) return [span("● running  ", "good"), ...keyDoes("x", "interrupts")];
  if (looksBack(state)) return [...keyDoes("n", "goes forward"), span(`  ${LOOKING_BACK}`, "dim")];
  if (!hasRun(state, state.step)) return keyDoes("Enter", "runs this step");
  return [...outcome(view), ...keyDoes("Enter", isLastStep(state) ? "finishes" : "goes on")];
}

const LOOKING_BACK = "the panes show that moment; nothing in the lab is touched";

function later(events: number): string {
  return events === 1 ? "1 event has come since" : `${events} events have come since`;
}

function keyDoes(key: string, does: string): Span[] {
  return [span(key, "key"), span(` ${does}`)];
}

function outcome(view: View): Span[] {
  const { results, state } = view;
  const failed = results.filter((result) => result.outcome === "failed").length;
  if (failed > 0) {
    const words = failed === 1 ? "a check failed" : `${failed} checks failed`;
    const again = state.auto ? [] : [...keyDoes("r", "runs it again"), span("  ")];
    return [span(`✗ ${words}  `, "bad"), ...again];
  }
  const passed = results.filter((result) => result.outcome === "passed").length;
  if (passed === 0) return [span("· it ran  ")];
  return [span(`✓ ${passed === 1 ? "the check holds" : `all ${passed} checks hold`}  `, "good")];
}
