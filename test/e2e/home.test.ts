import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Progress } from "../../src/lesson/progress.ts";
import { root } from "../live/program.ts";
import { learner, point } from "./learner.ts";

const folder = mkdtempSync(join(tmpdir(), "tsi-home-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Somebody who stopped after the second step of the namespaces lesson. */
const progress: Progress = {
  format: 1,
  lessons: {
    namespaces: {
      last: "uts",
      at: "2026-11-20T10:00:00.000Z",
      passed: { uts: { at: "2026-11-20T10:00:00.000Z", mode: "live", by: "run" } },
    },
  },
};
mkdirSync(join(folder, "tsinternals"));
writeFileSync(join(folder, "tsinternals/progress.json"), JSON.stringify(progress));
const env = { XDG_STATE_HOME: folder };

test("home shows the lessons and what has been passed; q leaves the terminal as it was", async () => {
  const it = learner([], { env });
  const screen = await it.until(/q quit/);
  expect(screen).toMatch(/▸ namespaces +Namespaces +1\/\d+ /);
  expect(screen).toMatch(/Enter goes on with step \d+\/\d+, /);
  it.write("q");
  expect(await it.ended()).toBe(0);
  expect(await it.leftBehind()).toEqual([]);
});

test("what is found in a lesson's text is opened, and the home screen is gone then", async () => {
  const it = learner([], { env });
  await it.until(/q quit/);
  await it.press("/", /Type words/);
  await it.press("account for limit", /▸ cgroups +Control groups/);
  await it.press("\r", /Enter begins/);
  // Before the program reads its keys, the terminal would make a signal of a Ctrl-C, for all in it.
  await it.settled();
  it.write("\u0003");
  await it.ended();
  expect(await it.leftBehind()).toEqual([]);
});

test("Ctrl-Z gives the terminal back as it was, and fg draws the screen again", async () => {
  const it = learner([], { env, jobs: true });
  const before = await it.until(/q quit/);
  await it.press("\u001a", /\[stopped, modes restored\]\s*$/);
  expect((await it.leftBehind()).filter((what) => what !== "raw mode")).toEqual([]);
  expect(await it.press("\r", /▸ namespaces[\s\S]*q quit/)).toBe(before);
  it.write("q");
  expect(await it.ended()).toBe(0);
});

test("a click chooses a lesson and a second one opens it", async () => {
  const it = learner([], { env });
  await it.until(/q quit/);
  point(it, 0, "overlayfs");
  await it.until(/▸ overlayfs/);
  point(it, 64, "overlayfs");
  await it.until(/▸ namespaces/);
  point(it, 0, "blackbox-2013");
  await it.until(/▸ blackbox-2013/);
  point(it, 0, "blackbox-2013");
  await it.until(/0 lesson[\s\S]*Enter begins/);
  await it.settled();
  it.write("q");
  await it.ended();
  expect(await it.leftBehind()).toEqual([]);
});

test("--no-mouse leaves the mouse to the terminal, in the lesson as well", async () => {
  const it = learner(["--no-mouse"], { env });
  await it.until(/q quit/);
  await it.press("f", /0 lesson[\s\S]*Enter begins/);
  await it.settled();
  it.write("q");
  await it.ended();
  expect(it.raw()).not.toContain("?1000");
});

test("d: the doctor, on the plain terminal", async () => {
  const it = learner([], { env });
  await it.until(/q quit/);
  await it.press("d", /(✓|✗) linux .*\n[\s\S]*essons (run live|play their recordings) here/);
  expect([0, 3]).toContain(await it.ended());
  expect(await it.leftBehind()).toEqual([]);
});

test("not on a terminal it is the help", () => {
  const program = join(root, "dist/tsinternals.mjs");
  const { stdout, status } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: tsinternals/);
});
