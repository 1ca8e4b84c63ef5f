import { openAnswers } from "../workbench/answers.ts";
import { digitOf, panesByWorth } from "../workbench/pane-choice.ts";
import { type Picked, pickedHere } from "../workbench/picking.ts";
import { hasRun, isLastStep, looksBack, type WorkbenchState } from "../workbench/state.ts";
import { enterCommand } from "./entering.ts";
import { linkOf } from "./jumps.ts";
import { oneLine, summary } from "./labels.ts";
import { WIDE } from "./layout.ts";
import { hintCount } from "./panes/lesson/hint-lines.ts";
import { PANE_KINDS } from "./panes.ts";
import { type Line, type Span, span } from "./text.ts";
import type { View } from "./view.ts";

/**
 * The one line that says where the learner stands and what comes next; `inSight`: all that the
 * step asks is on screen.
 */
export function promptLine(view: View, inSight: boolean): Line {
  const { state } = view;
  if (state.notice !== null) return [span("! ", "caution"), span(oneLine(state.notice))];
  if (state.paused)
    return [
      span("paused", "strong"),
      span(`  ${later(state.end - view.cursor)}; `),
      ...keyDoes("p", "goes on"),
    ];
  if (state.filtering !== null) return FILTERING;
  const entry = pickedHere(state);
  if (entry !== null) return [...pickedLine(view, entry), ...entered(view)];
  if (state.scrubbing !== null) return lookingBack(state);
  if (state.byHand) return byHand(view);
  if (state.running !== null) {
    const what = state.watching ? "● watching  " : "● running  ";
    return [span(what, "good"), ...keyDoes("x", state.watching ? "stops" : "interrupts")];
  }
  if (looksBack(state)) return lookingBack(state);
  if (state.welcome) return keyDoes("Enter", "begins");
  if (openAnswers(state) > 0) return question(view, inSight);
  if (!hasRun(state, state.step)) return invitation(view);
  const enter = keyDoes("Enter", isLastStep(state) ? "finishes" : "goes on");
  return [...outcome(view), ...enter, ...(state.columns < WIDE ? behindTabs(view) : [])];
}

const FILTERING: Line = [
  span("all words of it must be in a line; "),
  span("pid:12 errno:EPERM kind:exec !not", "code"),
];

/** Enter means the entry as long as one is picked. */
function pickedLine(view: View, { opened }: Picked): Line {
  if (opened === "no") {
    const link = linkOf(view);
    const whole = link === null ? [] : [span("  "), ...keyDoes("v", "opens this")];
    const enter = keyDoes("Enter", link === null ? "opens this" : link.says);
    const esc = keyDoes("Esc", view.state.jumps.length > 0 ? "goes back" : "lets go of it");
    return [...enter, ...whole, span("  "), ...esc];
  }
  const more = opened === "folded" ? "unfolds it" : "folds it";
  return [...keyDoes("Enter", more), span("  "), ...keyDoes("Esc", "goes back to the list")];
}

function entered(view: View): Span[] {
  return enterCommand(view) === null ? [] : [span("  "), ...keyDoes("!", "a shell in there")];
}

/** How to get on from a moment in the past. */
function lookingBack({ scrubbing, running }: WorkbenchState): Line {
  const on = scrubbing === null ? keyDoes("n", "goes forward") : keyDoes("[ ]", "back and on");
  const tenths = scrubbing === null ? [] : [span("  "), ...keyDoes("{ }", "by tenths of the step")];
  const now = [span("  "), ...keyDoes("Esc", "back to now")];
  const untouched = scrubbing === null ? [span(`  ${LOOKING_BACK}`, "dim")] : [];
  const meanwhile = running === null ? [] : [span("● running  ", "good")];
  return [...meanwhile, ...on, ...tenths, ...now, ...untouched];
}

/** Where only one pane shows at a time, the text speaks of things that are out of sight. */
function behindTabs({ state }: View): Span[] {
  const offered = panesByWorth(state).filter(
    (pane) => pane !== state.tab && PANE_KINDS[pane].offers !== undefined,
  );
  return offered
    .slice(0, OFFERED)
    .flatMap((pane) => [
      span("  "),
      ...keyDoes(digitOf(state, pane), PANE_KINDS[pane].offers ?? pane),
    ]);
}

/** As many panes are named after a run. */
const OFFERED = 2;

/** The learner does the step. */
function byHand({ state }: View): Line {
  const yours = [span("● yours  ", "good"), span("the step is done when its checks hold")];
  if (state.typing) return yours;
  return [
    ...yours,
    span("  "),
    ...keyDoes("!", "types on"),
    span("  "),
    ...keyDoes("x", "ends it"),
  ];
}

/** What is asked is read before it is answered, or passed over. */
function question(view: View, inSight: boolean): Line {
  const verb = view.mode.kind === "live" ? "runs" : "plays";
  if (!inSight) return keyDoes("Enter", `reads on to the question, before it ${verb} this step`);
  return [
    ...keyDoes(`1 to ${openAnswers(view.state)}`, "says what you expect; "),
    ...keyDoes("Enter", `${verb} this step without`),
  ];
}

/** What Enter will do, with the command where there is room to say it. */
function invitation(view: View): Line {
  const verb = view.mode.kind === "live" ? "runs" : "plays";
  const lines = (view.step.runs[0]?.script ?? "").trim().split("\n");
  const more = lines.length > 1 || view.step.runs.length > 1 ? " …" : "";
  const command =
    lines[0] === "" ? [] : [span("  $ ", "dim"), span(`${oneLine(lines[0] ?? "")}${more}`, "dim")];
  return [...keyDoes("Enter", `${verb} this step`), ...command];
}

const LOOKING_BACK = "nothing in the lab is touched";

function later(events: number): string {
  return events === 1 ? "1 event has come since" : `${events} events have come since`;
}

function keyDoes(key: string, does: string): Span[] {
  return [span(key, "key"), span(` ${does}`)];
}

function outcome(view: View): Span[] {
  const { results, mode } = view;
  const words = summary(results);
  if (words === "") return [span("· it ran  ")];
  if (results.some((result) => result.outcome === "unable"))
    return [span(`! ${words}  `, "caution")];
  if (!results.some((result) => result.outcome === "failed")) return [span(`${words}  `, "good")];
  return [span(`${words}  `, "bad"), ...(mode.kind === "live" ? wayOut(view) : hintOffer(view))];
}

/** What to do about a check that does not hold. */
function wayOut(view: View): Span[] {
  return [
    ...hintOffer(view),
    ...keyDoes("r", "again"),
    span("  "),
    ...keyDoes("s", "solves"),
    span("  "),
  ];
}

function hintOffer(view: View): Span[] {
  const { shown, all } = hintCount(view);
  if (shown === all) return [];
  return [...keyDoes("h", shown === 0 ? "hint" : "next hint"), span("  ")];
}
