import { isSeq, type Node } from "yaml";
import { isEventKind } from "../timeline/event-shape.ts";
import type { Check, Claim, CommandClaim, EventClaim, FileClaim, Matcher } from "./lesson.ts";
import { LOOKS, readLook, readMatcher } from "./parse-matcher.ts";
import { type Fail, type Fields, fieldsOf, readYaml } from "./yaml-text.ts";

export interface PlacedCheck {
  readonly check: Omit<Check, "id">;
  readonly line: number;
}

/** The YAML list inside a check fence. `firstLine` is the line of the file it begins on. */
export function parseChecks(text: string, file: string, firstLine: number): PlacedCheck[] {
  const yaml = readYaml(text, file, firstLine);
  const list = yaml.document.contents;
  if (!isSeq(list) || list.items.length === 0)
    return yaml.fail("a check block is a list of at least one claim", list);
  return list.items.map((item) => {
    const { fields, fail } = fieldsOf(yaml, item, "a claim is a list item with fields");
    return { check: readCheck(fields, fail), line: yaml.place(item as Node).line };
  });
}

const SENTENCES = ["that", "otherwise"];
/** What a claim may be about, and how it is read. */
const CLAIMS: Readonly<Record<Claim["kind"], (fields: Fields, fail: Fail) => Claim>> = {
  file: readFile,
  command: readCommand,
  event: readEvent,
};

function readCheck(fields: Fields, fail: Fail): Omit<Check, "id"> {
  for (const name of SENTENCES)
    if (typeof fields[name] !== "string") fail(`a claim needs "${name}", a sentence`, name);
  const kinds = Object.keys(CLAIMS) as Claim["kind"][];
  const [kind, ...more] = kinds.filter((name) => name in fields);
  if (kind === undefined || more.length > 0)
    return fail('a claim has either "file", "command" or "event"', more[0]);
  const claim = CLAIMS[kind](fields, fail);
  return { that: fields.that as string, otherwise: fields.otherwise as string, claim };
}

function readFile(fields: Fields, fail: Fail): FileClaim {
  refuseOthers(fields, ["file", "field", ...LOOKS], fail);
  const { file } = fields;
  if (typeof file !== "string" || !file.startsWith("/"))
    return fail('"file" is an absolute path', "file");
  return {
    kind: "file",
    path: file,
    field: readField(fields, fail),
    matcher: readLook(fields, fail),
  };
}

function readCommand(fields: Fields, fail: Fail): CommandClaim {
  refuseOthers(fields, ["command", "field", ...LOOKS], fail);
  const { command } = fields;
  if (typeof command !== "string" || command.trim() === "")
    return fail('"command" is what /bin/sh -c runs', "command");
  return {
    kind: "command",
    command,
    field: readField(fields, fail),
    matcher: readLook(fields, fail),
  };
}

function readField({ field = null }: Fields, fail: Fail): string | null {
  return field === null || typeof field === "string" ? field : fail('"field" is a word', "field");
}

function readEvent(fields: Fields, fail: Fail): EventClaim {
  refuseOthers(fields, ["event", "where", "count"], fail);
  const { event, where = {}, count } = fields;
  if (typeof event !== "string" || !isEventKind(event))
    return fail(`"event" is the kind of an event (src/timeline/event.ts)`, "event");
  if (typeof where !== "object" || where === null || Array.isArray(where))
    return fail('"where" has fields', "where");
  const matchers = Object.entries(where).map(([name, value]): [string, Matcher] => [
    name,
    readMatcher(value, (what) => fail(what, "where"), name),
  ]);
  return {
    ...{ kind: "event", event, where: Object.fromEntries(matchers) },
    count: count === undefined ? null : readCount(count, fail),
  };
}

function readCount(value: unknown, fail: Fail): Matcher {
  const matcher = readMatcher(value, fail, "count");
  if ("value" in matcher && typeof matcher.value === "number") return matcher;
  return fail('"count" is a number, or has at-least, at-most or equals with one', "count");
}

function refuseOthers(fields: Fields, known: readonly string[], fail: Fail): void {
  for (const name of Object.keys(fields))
    if (!SENTENCES.includes(name) && !known.includes(name))
      fail(`unknown field "${name}"; known: ${[...SENTENCES, ...known].join(", ")}`, name);
}
