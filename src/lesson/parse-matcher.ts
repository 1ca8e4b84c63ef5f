import type { Comparison, Matcher } from "./lesson.ts";
import type { Fail, Fields } from "./yaml-text.ts";

/** What a value is compared with. */
const MATCHERS = [
  "exists",
  "equals",
  "not-equals",
  "matches",
  "not-matches",
  "at-least",
  "at-most",
] as const;
/** What was found after the step, compared with what was found before it. */
const COMPARISONS = ["differs-from-before", "same-as-before"] as const;
export const LOOKS = [...MATCHERS, ...COMPARISONS];

/** A bare value means `equals`. */
export function readMatcher(value: unknown, fail: Fail, field: string): Matcher {
  if (typeof value !== "object" || value === null) return readEquals("equals", value, fail, field);
  const fields = value as Fields;
  const [kind, ...more] = Object.keys(fields);
  const known = MATCHERS.find((name) => name === kind);
  if (known === undefined || more.length > 0)
    return fail(`"${field}" has exactly one of ${MATCHERS.join(", ")}`, field);
  return readOne(known, fields[known], fail, field);
}

/** The one matcher or comparison among the fields of a claim. */
export function readLook(fields: Fields, fail: Fail): Matcher | Comparison {
  const [kind, ...more] = LOOKS.filter((name) => name in fields);
  if (kind === undefined || more.length > 0)
    return fail(`a claim has exactly one of ${LOOKS.join(", ")}`, more[0]);
  const comparison = COMPARISONS.find((name) => name === kind);
  if (comparison === undefined)
    return readOne(kind as (typeof MATCHERS)[number], fields[kind], fail, kind);
  if (fields[kind] !== true) fail(`"${kind}" is true, or is left out`, kind);
  return { kind: comparison };
}

function readOne(
  kind: (typeof MATCHERS)[number],
  value: unknown,
  fail: Fail,
  field: string,
): Matcher {
  switch (kind) {
    case "exists":
      return typeof value === "boolean"
        ? { kind, value }
        : fail('"exists" is true or false', field);
    case "equals":
    case "not-equals":
      return readEquals(kind, value, fail, field);
    case "matches":
    case "not-matches":
      return isPattern(value) ? { kind, value } : fail(`"${kind}" is a regular expression`, field);
    case "at-least":
    case "at-most":
      return typeof value === "number" ? { kind, value } : fail(`"${kind}" is a number`, field);
  }
}

function readEquals(
  kind: "equals" | "not-equals",
  value: unknown,
  fail: Fail,
  field: string,
): Matcher {
  return isScalar(value) ? { kind, value } : fail(`"${kind}" is a text or a number`, field);
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
