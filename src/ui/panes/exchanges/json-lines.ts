import { oneLine } from "../../labels.ts";
import { type Line, span } from "../../text.ts";

/**
 * JSON as lines, two columns a level. Folded, what says nothing (null, false, 0, empty) is counted:
 * half of what docker sends is that.
 */
export function jsonLines(value: unknown, folded: boolean): Line[] {
  return valueLines("", value, "", folded, 0);
}

/** Deeper than this it stands on one line. */
const DEEPEST = 12;

function valueLines(
  name: string,
  value: unknown,
  comma: string,
  folded: boolean,
  depth: number,
): Line[] {
  const indent = "  ".repeat(depth);
  const label = name === "" ? [] : [span(JSON.stringify(oneLine(name)), "name"), span(": ")];
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null || depth > DEEPEST || isPlain(value))
    return [[span(indent), ...label, span(oneLine(JSON.stringify(value) ?? "null") + comma)]];
  const entries = Object.entries(value);
  const shown = folded && !isList ? entries.filter(([, each]) => saysSomething(each)) : entries;
  const left = entries.length - shown.length;
  const inner = shown.flatMap(([key, each], index) => {
    const last = index === shown.length - 1 && left === 0;
    return valueLines(isList ? "" : key, each, last ? "" : ",", folded, depth + 1);
  });
  const more = `${indent}  … ${left} more: null, false, 0 or empty`;
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return [
    [span(indent), ...label, span(open)],
    ...inner,
    ...(left > 0 ? [[span(more, "dim")]] : []),
    [span(`${indent}${close}${comma}`)],
  ];
}

/** Short enough to stand on one line: a list of a few words, an empty object. */
function isPlain(value: object): boolean {
  const parts = Object.values(value);
  if (parts.length === 0) return true;
  const flat = parts.every((part) => typeof part !== "object" || part === null);
  return Array.isArray(value) && flat && JSON.stringify(value).length <= 60;
}

function saysSomething(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === "") return false;
  if (typeof value !== "object") return true;
  return Object.values(value).some(saysSomething);
}
