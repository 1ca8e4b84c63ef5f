import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { learner } from "./learner.ts";

const folder = mkdtempSync(join(tmpdir(), "tsi-reset-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "tsinternals/progress.json");
const env = { XDG_STATE_HOME: folder };
const at = "2026-11-20T10:00:00.000Z";
const passed = { uts: { at, mode: "live", by: "run" } };
mkdirSync(join(folder, "tsinternals"));
writeFileSync(file, JSON.stringify({ format: 1, lessons: { namespaces: { at, passed } } }));

test("everything is forgotten only by somebody who says so", async () => {
  const before = readFileSync(file, "utf8");
  for (const answer of ["\r", "no\r", "\u0004"]) {
    const it = learner(["reset"], { env });
    await it.until(/Forget all that you have passed\? \[y\/N\]/);
    await it.press(answer, /nothing was forgotten/);
    expect(await it.ended()).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(before);
  }
  const it = learner(["reset"], { env });
  await it.until(/\[y\/N\]/);
  await it.press("y\r", /forgotten: everything/);
  expect(await it.ended()).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("uts");
});
