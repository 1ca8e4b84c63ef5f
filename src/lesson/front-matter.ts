import { parseDocument } from "yaml";
import type { Lesson } from "./lesson.ts";
import { LessonError } from "./lesson-error.ts";
import { NEEDS, unknownNeed } from "./needs.ts";

export interface FrontMatter {
  readonly fields: Omit<Lesson, "intro" | "steps" | "file">;
  readonly body: string;
  /** The line of the file on which the body begins, from 1. */
  readonly bodyLine: number;
}

/** The YAML between the two `---` lines at the top of a lesson. */
export function parseFrontMatter(source: string, file: string): FrontMatter {
  const match = /^---\n([\s\S]*?\n)---\n/.exec(source);
  if (match === null)
    throw new LessonError(file, 1, 1, 'a lesson begins with front matter between "---" lines');
  const [whole, yaml] = match as unknown as [string, string];
  const document = parseDocument(yaml);
  const problem = document.errors[0];
  if (problem !== undefined) {
    const at = problem.linePos?.[0] ?? { line: 1, col: 1 };
    throw new LessonError(file, at.line + 1, at.col, problem.message.split("\n")[0] ?? "bad YAML");
  }
  const fields = readFields(document.toJS() as unknown, file);
  return { fields, body: source.slice(whole.length), bodyLine: whole.split("\n").length };
}

function readFields(value: unknown, file: string): FrontMatter["fields"] {
  const fail = (problem: string): never => {
    throw new LessonError(file, 1, 1, `front matter: ${problem}`);
  };
  if (typeof value !== "object" || value === null) return fail("expected fields");
  const fields = value as Record<string, unknown>;
  const text = (name: string): string => {
    const field = fields[name];
    return typeof field === "string" && field !== "" ? field : fail(`"${name}" must be a text`);
  };
  const list = (name: string): string[] => {
    const field = fields[name];
    const isList = Array.isArray(field) && field.every((item) => typeof item === "string");
    return isList ? (field as string[]) : fail(`"${name}" must be a list of words`);
  };
  if (fields.format !== 1) fail(`"format" must be 1, the format this version reads`);
  if (typeof fields.minutes !== "number") fail(`"minutes" must be a number`);
  if (!/^[a-z][a-z0-9-]*$/.test(text("id"))) fail(`"id" must be lower-case letters, digits and -`);
  const needs = list("needs");
  for (const need of needs) if (!NEEDS.includes(need)) fail(unknownNeed(need));
  return {
    format: 1,
    id: text("id"),
    title: text("title"),
    summary: text("summary"),
    minutes: fields.minutes as number,
    needs,
    trace: list("trace"),
  };
}
