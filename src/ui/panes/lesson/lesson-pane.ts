import type { Prose } from "../../../lesson/lesson.ts";
import type { RunState } from "../../../timeline/world.ts";
import { hintsShown } from "../../../workbench/assistance.ts";
import { endSpan, oneLine, summary } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { type Line, type Span, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { wrapSpans } from "../../wrap.ts";
import { answerRevealed, askLines } from "./ask-lines.ts";
import { resultLines } from "./check-lines.ts";
import { hintBlocks, hintCount, noteBlocks } from "./hint-lines.ts";
import { linkLines } from "./links.ts";
import { renderMarkdown } from "./markdown.ts";
import { runBox } from "./run-box.ts";
import { stepChangeLines } from "./step-changes.ts";

interface Built {
  readonly key: string;
  readonly lines: readonly Line[];
  /** Where the part begins that came with the run. */
  readonly result: number;
  readonly question: { readonly first: number; readonly end: number } | null;
  /** Where the last hint begins; null: none was asked for. */
  readonly hint: number | null;
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
    anchor(view, width) {
      const { hint, result } = build(view, width);
      if (view.state.hinted && hint !== null) return hint;
      return hasEnded(view) ? result : 0;
    },
    question: (view, width) => build(view, width).question,
  };
}

type RenderPart = (part: Prose, width: number) => readonly Line[];

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
    view.world.lab?.mode,
    view.step.id,
    width,
    view.attempt?.start,
    view.attempt?.end,
    view.state.allChanges,
    view.state.notes,
    view.answer,
    hintCount(view).shown,
    runs.join(""),
  ].join(" ");
}

/** The page before the first step. */
function buildWelcome(view: View, width: number, key: string): Built {
  const { intro, steps, minutes } = view.lesson;
  const size = `${steps.length} steps, about ${minutes} minutes; ${howTheyRun(view)}.`;
  const title = wrapSpans([span(oneLine(view.lesson.title), "heading")], width);
  const lines = [
    ...title,
    [],
    ...renderMarkdown(intro, width),
    [],
    ...wrapSpans([span(size, "strong")], width),
    [],
    ...linkLines([intro], width),
  ];
  return { key, lines, result: 0, question: null, hint: null };
}

/** With which rights, before anything runs with them: Enter is the consent. */
function howTheyRun({ mode, world }: View): string {
  if (mode.kind !== "live") return "a recording of each is played";
  const how = "each really runs here, in a private lab";
  if (world.lab?.mode === undefined) return how;
  return world.lab.mode === "root"
    ? `${how}, as root; what it changes goes when the lab goes`
    : `${how} of your own: root in there, and you for everything outside`;
}

function buildLesson(view: View, width: number, key: string, markdown: RenderPart): Built {
  const { step } = view;
  const lines: Line[] = [];
  const add = (block: readonly Line[]): void => {
    if (block.length === 0) return;
    if (lines.length > 0) lines.push([]);
    lines.push(...block);
  };
  const at = (): number => (lines.length === 0 ? 0 : lines.length + 1);
  for (const block of beforeBlocks(view, width, markdown)) add(block);
  const asked = askLines(view, width);
  const question = asked.length === 0 ? null : { first: at(), end: at() + asked.length };
  add(asked);
  const result = at();
  if (hasEnded(view)) for (const block of afterBlocks(view, width, markdown)) add(block);
  let hint: number | null = null;
  for (const block of hintBlocks(view, width)) {
    hint = at();
    add(block);
  }
  for (const block of noteBlocks(view, width)) add(block);
  if (hasEnded(view) && step.other.length > 0) add(otherLines(view, width, markdown));
  add(linkLines(textsShown(view), width));
  return { key, lines, result, question, hint };
}

/** All Markdown that the step shows by now. */
function textsShown(view: View): string[] {
  const { step, state } = view;
  const parts = hasEnded(view) ? [...step.before, ...step.after, ...step.other] : step.before;
  return [
    ...parts.flatMap((part) => (part.kind === "prose" ? [part.markdown] : [])),
    ...step.hints.slice(0, hintsShown(state).texts),
    ...(state.notes ? step.notes : []),
  ];
}

/** What is about to happen, and what one may expect of it. */
function beforeBlocks(view: View, width: number, markdown: RenderPart): (readonly Line[])[] {
  const { step, attempt } = view;
  // A solved step has run other blocks than these.
  const runs = attempt?.solved === true && step.solves.length > 0 ? [] : runsOf(view);
  let index = 0;
  const parts = step.before.map((part) => {
    if (part.kind === "run") return runBox(part, runLabel(runs[index++], view), width);
    if (part.kind === "watch") return runBox(part, watchLabel(view), width);
    return markdown(part, width);
  });
  const title = wrapSpans([span(oneLine(step.title), "heading")], width);
  return [title, ...parts];
}

/** What came of it. What it explains may not have been to be seen; the text stays readable. */
function afterBlocks(view: View, width: number, markdown: RenderPart): (readonly Line[])[] {
  const { step, attempt } = view;
  const runs = runsOf(view);
  const solves = attempt?.solved === true ? step.solves : [];
  return [
    [resultRule(view, runs, width)],
    ...solves.map((block, index) => runBox(block, runLabel(runs[index], view), width)),
    answerRevealed(view, width),
    ...step.after.flatMap((part) => (part.kind === "prose" ? [markdown(part, width)] : [])),
    resultLines(view.results, width),
    stepChangeLines(view, width),
  ];
}

function watchLabel({ mode }: View): Line {
  const verb = mode.kind === "live" ? "goes on" : "went on";
  return [span(`${verb} in the background; its lines become events`, "dim")];
}

function runLabel(run: RunState | undefined, view: View): Line {
  if (run === undefined) return [span(whereItRuns(view), "dim")];
  return run.exit === null ? [span("● running", "good")] : [endSpan(run.exit)];
}

function whereItRuns({ mode, world }: View): string {
  if (mode.kind !== "live") return "ran in a lab";
  if (world.lab?.mode === undefined) return "runs in the lab";
  return world.lab.mode === "root" ? "runs in the lab, as root" : "runs in the lab, as its root";
}

function ranHow({ attempt }: View): string {
  if (attempt?.byHand === true) return "you did it yourself";
  return attempt?.solved === true ? "it was solved for you" : "it ran";
}

function resultRule(view: View, runs: readonly RunState[], width: number): Line {
  const unable = view.results.some(({ outcome }) => outcome === "unable");
  const ran = ranHow(view);
  const words: Span[] = [span("── "), span(unable ? "it did not run" : ran, "strong")];
  const last = runs.at(-1);
  if (runs.length === 1 && last?.exit) words.push(span(", "), endSpan(last.exit));
  const checks = unable ? "" : summary(view.results);
  if (checks !== "") words.push(span(` · ${checks}`));
  words.push(span(" "));
  const used = words.reduce((sum, { text }) => sum + text.length, 0);
  return [...words, span("─".repeat(Math.max(0, width - used)), "dim")];
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
