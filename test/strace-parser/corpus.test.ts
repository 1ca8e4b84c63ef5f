import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readCorpus } from "./corpus-files.ts";

const folder = new URL("../../fixtures/strace/", import.meta.url).pathname;
const files = readdirSync(folder).map((name) => folder + name);

test("there are traces", () => expect(files.length).toBeGreaterThan(10));

test.each(files)("%s comes back, every byte, and all of it is understood", (file) => {
  const read = readCorpus([file]);
  expect(read.lines).toBeGreaterThan(0);
  expect(read.differing.map(({ roundTrip }) => roundTrip.first)).toEqual([]);
  expect(read.opaqueScalars).toBe(0);
  expect(read.straces).toEqual([]);
});
