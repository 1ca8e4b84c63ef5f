import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { followRecording, labOfRecording } from "../../src/sources/follow-recording.ts";

const folder = mkdtempSync(join(tmpdir(), "tsi-follow-"));
const file = join(folder, "session.ndjson");
afterAll(() => rmSync(folder, { recursive: true }));

const line = (message: string) =>
  `${JSON.stringify({ kind: "diagnostic", t: 1, source: "é", message })}\n`;

test("a recording is followed from its end, by whole lines", () => {
  writeFileSync(file, line("before"));
  const followed = followRecording(file);
  expect(followed.poll()).toEqual([]);
  const two = Buffer.from(line("one") + line("two"));
  // A cut in the middle of a letter.
  const cut = two.lastIndexOf("é") + 1;
  appendFileSync(file, two.subarray(0, cut));
  expect(followed.poll()).toMatchObject([{ message: "one" }]);
  expect(followed.poll()).toEqual([]);
  appendFileSync(file, two.subarray(cut));
  expect(followed.poll()).toMatchObject([{ message: "two", source: "é" }]);
  appendFileSync(file, "no event\n");
  expect(followed.poll()).toEqual([]);
  followed.close();
});

test("it says which lab it is of", () => {
  expect(labOfRecording(file)).toBeNull();
  expect(labOfRecording(join(folder, "none"))).toBeNull();
});
