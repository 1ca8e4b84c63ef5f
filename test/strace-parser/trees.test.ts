import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, printValue, valuesOf } from "../../src/strace-parser/src/index.ts";
import { describeValue } from "./describe-value.ts";

const document = readFileSync(new URL("./values.md", import.meta.url), "utf8");
const sections = [...document.matchAll(/^## (.+?)\n.*?^```values\n(.*?)^```$/gms)];

test("the document has its cases", () => expect(sections.length).toBeGreaterThan(8));

/** Pairs of lines: a value as strace prints it, and the tree it is. */
describe.each(sections.map(([, title = "", body = ""]) => ({ title, body })))(
  "$title",
  ({ body }) => {
    const lines = body.split("\n").filter((line) => line !== "");
    const pairs = lines.flatMap((line, i) => (i % 2 === 0 ? [[line, lines[i + 1] ?? ""]] : []));
    test.each(pairs)("%s", (printed, tree) => {
      const [value] = parse(`write(${printed}, 0, 0) = 0\n`).flatMap(valuesOf);
      expect(value && describeValue(value)).toBe(tree.trim());
      expect(value && printValue(value)).toBe(printed);
    });
  },
);
