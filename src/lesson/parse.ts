import { lexer, type Token, type Tokens } from "marked";
import { parseFrontMatter } from "./front-matter.ts";
import type { Lesson, Part, Step, Variant } from "./lesson.ts";
import { LessonError } from "./lesson-error.ts";
import { parseFence } from "./parse-fence.ts";
import { parseStepHeading, type StepHeading } from "./parse-heading.ts";

/**
 * A lesson file → Lesson. The format is described in lessons/README.md.
 *
 * @param text the whole Markdown file
 * @param file its name, for messages
 * @throws LessonError with file:line:column for the first mistake
 */
export function parseLesson(text: string, file: string): Lesson {
  const source = text.replaceAll("\r\n", "\n");
  const front = parseFrontMatter(source, file);
  const tokens = placedTokens(front.body, front.bodyLine);
  const steps = collectSteps(tokens, file);
  const lesson = { ...front.fields, intro: introOf(tokens), steps, file };
  requireRunnable(lesson, front.bodyLine);
  return lesson;
}

interface PlacedToken {
  readonly token: Token;
  readonly line: number;
}

/** marked's tokens cover the text without gaps, so their lengths give the lines. */
function placedTokens(body: string, firstLine: number): PlacedToken[] {
  let line = firstLine;
  return lexer(body).map((token) => {
    const placed = { token, line };
    line += token.raw.split("\n").length - 1;
    return placed;
  });
}

/** What stands between the lesson's title and its first step. */
function introOf(tokens: readonly PlacedToken[]): string {
  const first = tokens.findIndex(({ token }) => token.type === "heading" && token.depth === 2);
  const before = tokens.slice(0, first < 0 ? tokens.length : first).map(({ token }) => token);
  const prose = before.filter((token) => token.type !== "heading" && token.type !== "space");
  return prose.map((token) => token.raw.trim()).join("\n\n");
}

/** The closed set of `###` headings that say where the following parts apply. */
const VARIANT_HEADINGS: Readonly<Record<string, Variant | null>> = {
  "On cgroup v1": "v1",
  "On cgroup v2": "v2",
  "On both": null,
};

interface OpenStep {
  readonly heading: StepHeading;
  readonly line: number;
  readonly parts: Part[];
  variant: Variant | null;
}

function collectSteps(tokens: readonly PlacedToken[], file: string): Step[] {
  const steps: OpenStep[] = [];
  for (const { token, line } of tokens) {
    const step = steps.at(-1);
    if (token.type === "heading" && token.depth === 2)
      steps.push(openStep(parseStepHeading(token.text, file, line), line));
    else if (step === undefined) continue;
    else if (token.type === "heading" && token.depth === 3)
      step.variant = variantOf(token.text, line, file);
    else if (token.type === "code") addFence(step, token as Tokens.Code, line, file);
    else if (token.type !== "space") addProse(step, token.raw, line);
  }
  requireDistinct(steps, file);
  return steps.map(({ heading, parts }) => ({ ...heading, parts }));
}

function openStep(heading: StepHeading, line: number): OpenStep {
  return { heading, line, parts: [], variant: null };
}

function addFence(step: OpenStep, token: Tokens.Code, line: number, file: string): void {
  const { heading, variant, parts } = step;
  const fence = { info: token.lang ?? "", text: token.text, line, file, variant };
  const added = parseFence({ ...fence, step: heading.id, earlier: parts });
  if (added === null) addProse(step, token.raw, line);
  else parts.push(...added);
}

function variantOf(heading: string, line: number, file: string): Variant | null {
  const variant = VARIANT_HEADINGS[heading];
  if (variant !== undefined) return variant;
  const known = Object.keys(VARIANT_HEADINGS).map((name) => `"### ${name}"`);
  throw new LessonError(
    file,
    line,
    1,
    `unknown heading "### ${heading}"; a step may have ${known.join(", ")}`,
  );
}

function addProse(step: OpenStep, raw: string, line: number): void {
  const last = step.parts.at(-1);
  if (last?.kind === "prose" && last.variant === step.variant) {
    step.parts[step.parts.length - 1] = { ...last, markdown: `${last.markdown}\n\n${raw.trim()}` };
    return;
  }
  step.parts.push({ kind: "prose", variant: step.variant, line, markdown: raw.trim() });
}

function requireDistinct(steps: readonly OpenStep[], file: string): void {
  const seen = new Set<string>();
  for (const { heading, line } of steps) {
    const { id } = heading;
    if (seen.has(id)) throw new LessonError(file, line, 1, `two steps have the id "${id}"`);
    seen.add(id);
  }
}

/** Zero runnable blocks or zero checks would make a lesson that proves nothing. */
function requireRunnable(lesson: Lesson, bodyLine: number): void {
  const { file, steps } = lesson;
  if (steps.length === 0) throw new LessonError(file, bodyLine, 1, "the lesson has no step (##)");
  for (const step of steps)
    for (const variant of ["v1", "v2"] as const)
      for (const kind of ["run", "check"] as const) requirePart(step, variant, kind, lesson);
}

function requirePart(step: Step, variant: Variant, kind: "run" | "check", lesson: Lesson): void {
  const applies = (part: Part): boolean => part.variant === null || part.variant === variant;
  if (step.parts.some((part) => part.kind === kind && applies(part))) return;
  const line = step.parts[0]?.line ?? 1;
  throw new LessonError(
    lesson.file,
    line,
    1,
    `step "${step.id}" has no ${kind} block on cgroup ${variant}`,
  );
}
