import type { Part, Variant } from "./lesson.ts";
import { LessonError } from "./lesson-error.ts";
import { parseAsk } from "./parse-ask.ts";
import { parseChecks } from "./parse-checks.ts";

/** A fenced block whose info string says `language verb`, and the step it stands in so far. */
export interface Fence {
  readonly info: string;
  readonly text: string;
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line: number;
  readonly step: string;
  readonly variant: Variant | null;
  readonly earlier: readonly Part[];
}

interface Verb {
  readonly language: string;
  read(fence: Fence): Part[];
}

/** What a fence may mean: the second word of its info string. */
const VERBS: Readonly<Record<string, Verb>> = {
  run: { language: "sh", read: (fence) => [{ kind: "run", ...scriptOf(fence) }] },
  watch: { language: "sh", read: (fence) => [{ kind: "watch", ...scriptOf(fence) }] },
  check: { language: "yaml", read: checkParts },
  ask: { language: "yaml", read: askPart },
  hint: { language: "md", read: (fence) => [{ kind: "hint", ...markdownOf(fence) }] },
  solve: { language: "sh", read: (fence) => [{ kind: "solve", ...scriptOf(fence) }] },
  note: { language: "md", read: (fence) => [{ kind: "note", ...markdownOf(fence) }] },
};

/** What the fence adds to its step; null: it has no verb and is only shown. */
export function parseFence(fence: Fence): Part[] | null {
  const [language = "", name, ...rest] = fence.info.split(/\s+/);
  if (name === undefined || language === "") return null;
  if (rest.length > 0) fail(fence, `a fence says "language verb", not "${fence.info}"`);
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined)
    return fail(fence, `unknown fence verb "${name}"; known: ${Object.keys(VERBS).join(", ")}`);
  if (language !== verb.language)
    fail(fence, `${article(name)} ${name} block is ${verb.language}, not ${language}`);
  if (fence.text.trim() === "") fail(fence, `this ${name} block is empty`);
  return verb.read(fence);
}

function fail({ file, line }: Fence, what: string): never {
  throw new LessonError(file, line, 1, what);
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}

function scriptOf({ variant, line, text }: Fence) {
  return { variant, line, script: text };
}

function markdownOf({ variant, line, text }: Fence) {
  return { variant, line, markdown: text.trim() };
}

function askPart(fence: Fence): Part[] {
  const { variant, line, text, file, step } = fence;
  if (sameHost(fence).some((part) => part.kind === "ask"))
    fail(fence, `step "${step}" asks twice; one question a step and cgroup version`);
  // The fence's own line comes first, so the YAML begins one line below it.
  return [{ kind: "ask", variant, line, ask: parseAsk(text, file, line + 1) }];
}

function checkParts(fence: Fence): Part[] {
  const { variant, line, text, file, step } = fence;
  const reached = sameHost(fence).filter((part) => part.kind === "check").length;
  return parseChecks(text, file, line + 1).map(({ check, line: checkLine }, index) => {
    const id = `${step}/${reached + index + 1}`;
    return { kind: "check", variant, line: checkLine, check: { ...check, id } };
  });
}

/** The earlier parts that some host has together with this one. */
function sameHost({ earlier, variant }: Fence): readonly Part[] {
  return earlier.filter(
    (part) => part.variant === null || variant === null || part.variant === variant,
  );
}
