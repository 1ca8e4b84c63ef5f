import type { CheckResult } from "../../lesson/check.ts";
import type { RunState } from "../../timeline/world.ts";
import { endSpan, oneLine, summary } from "../labels.ts";
import { renderMarkdown } from "../markdown.ts";
import type { Pane } from "../pane.ts";
import { runBox } from "../run-box.ts";
import { stepChangeLines } from "../step-changes.ts";
import { type Line, type Span, span } from "../text.ts";
import type { View } from "../view.ts";
import { wrapSpans } from "../wrap.ts";

interface Built {
  readonly key: string;
  readonly lines: readonly Line[];
  /** Where the part begins that came with the run. */
  readonly result: number;
}

/** The explanation: what is about to happen and, once it ran, what came of it. */
export function createLessonPane(): Pane {
  const markdown = createMarkdownCache();
  let built: Built | null = null;
  const build = (view: View, width: number): Built => {
    const key = keyOf(view, width);
    if (built?.key === key) return built;
    const { welcome } = view.state;
    built = welcome ? buildWelcome(view, width, key) : buildLesson(view, width, key, markdown);
    return built;
  };
  return {
    id: "lesson",
    about: (view) => [summary(view.results)],
    count: (view, width) => build(view, width).lines.length,
    lines: (view, width, from, count) => build(view, width).lines.slice(from, from + count),
    anchor: (view, width) => (hasEnded(view) ? build(view, width).result : 0),
  };
}

type RenderPart = (part: { readonly markdown: string }, width: number) => readonly Line[];

/** Parts are objects of the lesson and never change, so they are keys themselves. */
function createMarkdownCache(): RenderPart {
  const known = new WeakMap<object, { width: number; lines: readonly Line[] }>();
  return (part, width) => {
    const cached = known.get(part);
    if (cached?.width === width) return cached.lines;
    const lines = renderMarkdown(part.markdown, width);
    known.set(part, { width, lines });
    return lines;
  };
}

function hasEnded(view: View): boolean {
  return view.attempt !== null && view.attempt.end !== null;
}

function runsOf(view: View): RunState[] {
  const { attempt } = view;
  if (attempt === null) return [];
  const runs = [...view.world.runs.values()];
  return runs.filter((run) => run.step === view.step.id && run.startedAt >= attempt.t);
}

function keyOf(view: View, width: number): string {
  const runs = runsOf(view).map((run) => (run.exit === null ? "r" : "e"));
  return [
    view.state.welcome,
    view.step.id,
    width,
    view.attempt?.start,
    view.attempt?.end,
    view.state.allChanges,
    runs.join(""),
  ].join(" ");
}

/** The page before the first step. */
function buildWelcome(view: View, width: number, key: string): Built {
  const { intro, steps, minutes } = view.lesson;
  const how =
    view.mode.kind === "live"
      ? "each really runs here, in a private lab"
      : "a recording of each is played";
  const size = `${steps.length} steps, about ${minutes} minutes; ${how}.`;
  const title = wrapSpans([span(oneLine(view.lesson.title), "heading")], width);
  const lines = [
    ...title,
    [],
    ...renderMarkdown(intro, width),
    [],
    ...wrapSpans([span(size, "strong")], width),
  ];
  return { key, lines, result: 0 };
}

function buildLesson(view: View, width: number, key: string, markdown: RenderPart): Built {
  const { step } = view;
  const runs = runsOf(view);
  const lines: Line[] = [];
  const add = (block: readonly Line[]): void => {
    if (block.length === 0) return;
    if (lines.length > 0) lines.push([]);
    lines.push(...block);
  };
  add(wrapSpans([span(oneLine(step.title), "heading")], width));
  let index = 0;
  for (const part of step.before) {
    if (part.kind === "run") add(runBox(part, runLabel(runs[index++], view), width));
    else if (part.kind === "watch") add(runBox(part, watchLabel(view), width));
    else add(markdown(part, width));
  }
  const result = lines.length === 0 ? 0 : lines.length + 1;
  if (!hasEnded(view)) return { key, lines, result };
  add([resultRule(view, runs, width)]);
  // What it explains was not to be seen; the lesson's text stays readable all the same.
  for (const part of step.after) if (part.kind === "prose") add(markdown(part, width));
  add(resultLines(view.results, width));
  add(stepChangeLines(view, width));
  if (step.other.length > 0) add(otherLines(view, width, markdown));
  return { key, lines, result };
}

function watchLabel({ mode }: View): Line {
  const verb = mode.kind === "live" ? "goes on" : "went on";
  return [span(`${verb} in the background; its lines become events`, "dim")];
}

function runLabel(run: RunState | undefined, view: View): Line {
  if (run === undefined)
    return [span(view.mode.kind === "live" ? "runs in the lab" : "ran in a lab", "dim")];
  return run.exit === null ? [span("● running", "good")] : [endSpan(run.exit)];
}

function resultRule(view: View, runs: readonly RunState[], width: number): Line {
  const unable = view.results.some(({ outcome }) => outcome === "unable");
  const words: Span[] = [span("── "), span(unable ? "it did not run" : "it ran", "strong")];
  const last = runs.at(-1);
  if (runs.length === 1 && last?.exit) words.push(span(", "), endSpan(last.exit));
  const checks = unable ? "" : summary(view.results);
  if (checks !== "") words.push(span(` · ${checks}`));
  words.push(span(" "));
  const used = words.reduce((sum, { text }) => sum + text.length, 0);
  return [...words, span("─".repeat(Math.max(0, width - used)), "dim")];
}

/** A step that could not run has one thing to say, not one for each of its checks. */
function resultLines(results: readonly CheckResult[], width: number): Line[] {
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

function checkLines({ check, outcome, detail }: CheckResult, width: number): Line[] {
  const mark = MARKS[outcome];
  const hang = { first: [mark], rest: [span("  ")], width: 2 };
  const inset = { first: [span("    ")], rest: [span("    ")], width: 4 };
  const claim = wrapSpans([span(oneLine(check.that))], width, hang);
  if (outcome === "failed")
    return [
      ...claim,
      ...wrapSpans([span(oneLine(check.otherwise), "bad")], width, inset),
      ...wrapSpans([span(oneLine(detail), "dim")], width, inset),
    ];
  if (outcome === "skipped")
    return [
      ...claim,
      ...wrapSpans([span(`not looked at: ${oneLine(detail)}`, "dim")], width, inset),
    ];
  return claim;
}

function otherLines(view: View, width: number, markdown: RenderPart): Line[] {
  const other = view.lesson.variant === "v1" ? "v2" : "v1";
  const lines: Line[] = [[span(`On cgroup ${other}`, "strong")]];
  for (const part of view.step.other) {
    const shown =
      part.kind === "prose"
        ? markdown(part, width)
        : runBox(part, [span("not run here", "dim")], width);
    lines.push([], ...shown.map(dimmed));
  }
  return lines;
}

function dimmed(line: Line): Line {
  return line.map(({ text }) => span(text, "dim"));
}
