import type { Matcher } from "./lesson.ts";

/** Whether a value satisfies a matcher. `undefined` and null are "not there". */
export function matches(matcher: Matcher, value: unknown): boolean {
  switch (matcher.kind) {
    case "exists":
      return isThere(value) === matcher.value;
    case "equals":
      return equal(value, matcher.value);
    case "not-equals":
      return isThere(value) && !equal(value, matcher.value);
    case "matches":
      return isThere(value) && new RegExp(matcher.value, "m").test(`${value}`);
    case "not-matches":
      return isThere(value) && !new RegExp(matcher.value, "m").test(`${value}`);
    case "at-least":
      return isNumeric(value) && Number(value) >= matcher.value;
    case "at-most":
      return isNumeric(value) && Number(value) <= matcher.value;
  }
}

/** A matcher in words, for the sentence that says what was looked for. */
export function describeMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case "exists":
      return matcher.value ? "to exist" : "not to exist";
    case "equals":
      return `${JSON.stringify(matcher.value)}`;
    case "not-equals":
      return `not ${JSON.stringify(matcher.value)}`;
    case "not-matches":
      return `not to match /${matcher.value}/`;
    case "matches":
      return `to match /${matcher.value}/`;
    case "at-least":
      return `at least ${matcher.value}`;
    case "at-most":
      return `at most ${matcher.value}`;
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Kernel files hold numbers as text, so `"64"` equals 64. */
function equal(value: unknown, wanted: string | number | boolean | null): boolean {
  if (typeof wanted === "number") return isNumeric(value) && Number(value) === wanted;
  return value === wanted;
}

function isNumeric(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}
