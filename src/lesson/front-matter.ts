import type { Lesson } from "./lesson.ts";
import { LessonError } from "./lesson-error.ts";
import { NEEDS, unknownNeed } from "./needs.ts";
import { isPane, type PaneName, unknownPane } from "./panes.ts";
import { type Fail, type Fields, fieldsOf, readYaml } from "./yaml-text.ts";

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
  const read = readYaml(yaml, file, 2);
  const map = fieldsOf(read, read.document.contents, "front matter has fields");
  const fields = readFields(map.fields, (problem, field) =>
    map.fail(`front matter: ${problem}`, field),
  );
  return { fields, body: source.slice(whole.length), bodyLine: whole.split("\n").length };
}

const FIELDS = "format id title summary minutes order needs trace strings panes".split(" ");

/** How many bytes of a string strace prints when the lesson does not say (its own -s is 32). */
const STRINGS = 256;
const FEWEST_STRINGS = 32;
const MOST_STRINGS = 1_048_576;

function readFields(fields: Fields, fail: Fail): FrontMatter["fields"] {
  const text = (name: string): string => {
    const field = fields[name];
    return typeof field === "string" && field !== ""
      ? field
      : fail(`"${name}" must be a text`, name);
  };
  const list = (name: string): string[] => {
    const field = fields[name];
    const isList = Array.isArray(field) && field.every((item) => typeof item === "string");
    return isList ? (field as string[]) : fail(`"${name}" must be a list of words`, name);
  };
  for (const name of Object.keys(fields))
    if (!FIELDS.includes(name)) fail(`unknown field "${name}"; known: ${FIELDS.join(", ")}`, name);
  if (fields.format !== 1) fail(`"format" must be 1, the format this version reads`, "format");
  if (typeof fields.minutes !== "number") fail(`"minutes" must be a number`, "minutes");
  if (!/^[a-z][a-z0-9-]*$/.test(text("id")))
    fail(`"id" must be lower-case letters, digits and -`, "id");
  const needs = list("needs");
  for (const need of needs) if (!NEEDS.includes(need)) fail(unknownNeed(need), "needs");
  return {
    format: 1,
    id: text("id"),
    title: text("title"),
    summary: text("summary"),
    minutes: fields.minutes as number,
    ...(fields.order !== undefined && { order: readOrder(fields.order, fail) }),
    needs,
    trace: list("trace"),
    strings: readStrings(fields.strings, fail),
    panes: fields.panes === undefined ? null : readPanes(list("panes"), fail),
  };
}

function readOrder(value: unknown, fail: Fail): number {
  if (!Number.isInteger(value) || Number(value) < 1) fail('"order" is a number from 1', "order");
  return Number(value);
}

function readStrings(value: unknown, fail: Fail): number {
  if (value === undefined) return STRINGS;
  if (!Number.isInteger(value) || Number(value) < FEWEST_STRINGS || Number(value) > MOST_STRINGS)
    fail(`"strings" is a number of bytes, ${FEWEST_STRINGS} to ${MOST_STRINGS}`, "strings");
  return Number(value);
}

function readPanes(words: readonly string[], fail: Fail): readonly PaneName[] {
  if (words.length === 0) fail(`"panes" lists nothing`, "panes");
  return words.map((word) => (isPane(word) ? word : fail(unknownPane(word), "panes")));
}
