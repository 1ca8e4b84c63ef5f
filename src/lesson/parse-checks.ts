import { isMap, isSeq, LineCounter, parseDocument } from "yaml";
import type { Check, EventClaim, FileClaim, Matcher } from "./lesson.ts";
import { LessonError } from "./lesson-error.ts";

export interface PlacedCheck {
  readonly check: Omit<Check, "id">;
  readonly line: number;
}

/** The YAML list inside a check fence. `firstLine` is the line of the file it begins on. */
export function parseChecks(yaml: string, file: string, firstLine: number): PlacedCheck[] {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const at = problem.linePos?.[0] ?? { line: 1, col: 1 };
    throw new LessonError(
      file,
      firstLine + at.line - 1,
      at.col,
      problem.message.split("\n")[0] ?? "",
    );
  }
  const list = document.contents;
  if (!isSeq(list) || list.items.length === 0)
    throw new LessonError(file, firstLine, 1, "a check block is a list of at least one claim");
  return list.items.map((item) => {
    const offset = isMap(item) ? (item.range?.[0] ?? 0) : 0;
    const line = firstLine + counter.linePos(offset).line - 1;
    const value = isMap(item) ? (item.toJS(document) as Record<string, unknown>) : null;
    const fail = (what: string): never => {
      throw new LessonError(file, line, 1, what);
    };
    if (value === null) return fail("a claim is a list item with fields");
    return { check: readCheck(value, fail), line };
  });
}

type Fail = (what: string) => never;
type Fields = Readonly<Record<string, unknown>>;

const SENTENCES = ["that", "otherwise"];
const MATCHERS = ["exists", "equals", "matches", "at-least", "at-most"] as const;

function readCheck(fields: Fields, fail: Fail): Omit<Check, "id"> {
  for (const name of SENTENCES)
    if (typeof fields[name] !== "string") fail(`a claim needs "${name}", a sentence`);
  if ("file" in fields === "event" in fields) fail('a claim has either "file" or "event"');
  const claim = "file" in fields ? readFile(fields, fail) : readEvent(fields, fail);
  return { that: fields.that as string, otherwise: fields.otherwise as string, claim };
}

function readFile(fields: Fields, fail: Fail): FileClaim {
  refuseOthers(fields, ["file", "field", ...MATCHERS], fail);
  const { file, field = null } = fields;
  if (typeof file !== "string" || !file.startsWith("/")) return fail('"file" is an absolute path');
  if (field !== null && typeof field !== "string") return fail('"field" is a word');
  return { kind: "file", path: file, field, matcher: readMatcher(fields, fail) };
}

function readEvent(fields: Fields, fail: Fail): EventClaim {
  refuseOthers(fields, ["event", "where"], fail);
  const { event, where = {} } = fields;
  if (typeof event !== "string") return fail('"event" is the kind of an event');
  if (typeof where !== "object" || where === null) return fail('"where" has fields');
  const matchers = Object.entries(where).map(([name, value]): [string, Matcher] => {
    const nested = typeof value === "object" && value !== null;
    return [
      name,
      nested ? readMatcher(value as Fields, fail) : readMatcher({ equals: value }, fail),
    ];
  });
  return { kind: "event", event, where: Object.fromEntries(matchers) };
}

function refuseOthers(fields: Fields, known: readonly string[], fail: Fail): void {
  for (const name of Object.keys(fields))
    if (!SENTENCES.includes(name) && !known.includes(name))
      fail(`unknown field "${name}"; known: ${[...SENTENCES, ...known].join(", ")}`);
}

function readMatcher(fields: Fields, fail: Fail): Matcher {
  const present = MATCHERS.filter((name) => name in fields);
  const [kind] = present;
  if (kind === undefined || present.length > 1)
    return fail(`a claim has exactly one of ${MATCHERS.join(", ")}`);
  return checkedMatcher(kind, fields[kind], fail);
}

function checkedMatcher(kind: (typeof MATCHERS)[number], value: unknown, fail: Fail): Matcher {
  switch (kind) {
    case "exists":
      return typeof value === "boolean" ? { kind, value } : fail('"exists" is true or false');
    case "equals":
      return isScalar(value) ? { kind, value } : fail('"equals" is a text or a number');
    case "matches":
      return isPattern(value) ? { kind, value } : fail('"matches" is a regular expression');
    case "at-least":
    case "at-most":
      return typeof value === "number" ? { kind, value } : fail(`"${kind}" is a number`);
  }
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isPattern(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    new RegExp(value, "m");
    return true;
  } catch {
    return false;
  }
}
