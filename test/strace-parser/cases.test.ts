import { describe, expect, test } from "vitest";
import { parse, print } from "../../src/strace-parser/src/index.ts";
import { describeEvent, documents, readCases } from "./case-documents.ts";

test("there are documents", () => expect(documents.length).toBeGreaterThan(0));

describe.each(documents)("%s", (document) => {
  test.each(readCases(document))("$title", ({ input, events }) => {
    const parsed = parse(input);
    expect(parsed.map(describeEvent)).toEqual(events);
    expect(print(parsed)).toBe(input);
  });
});
