import { expect, test } from "vitest";
import { openTerminal, type Terminal } from "./terminal.ts";

/** The linear transcript on a terminal, where it asks before each step. */

const QUESTION = /Enter runs this step, q leaves: $/;

async function atTheQuestion(args: readonly string[] = [], env = {}): Promise<Terminal> {
  const it = openTerminal(["lesson", "cgroups", "--replay", ...args], { env });
  await it.until(QUESTION);
  return it;
}

test("Enter plays a step, q leaves", async () => {
  const it = await atTheQuestion(["--plain"]);
  it.write("\r");
  await it.until(/== 2\/22 [\s\S]*Enter runs this step, q leaves: $/);
  it.write("q\r");
  expect(await it.ended()).toBe(0);
  expect(it.raw()).toContain("cgroups (replay): 1 step, 1 check: 1 passed");
  expect(await it.leftBehind()).toEqual([]);
});

test("Ctrl-C at the question interrupts", async () => {
  const it = await atTheQuestion(["--plain"]);
  it.write("\x03");
  expect(await it.ended()).toBe(130);
  expect(await it.leftBehind()).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s at the question ends it at once", async (signal) => {
  const it = await atTheQuestion(["--plain"]);
  process.kill(it.pid(), signal);
  expect(await it.ended(3000)).toBe(130);
});

test("a dumb terminal gets the transcript, and not one cursor movement of a screen", async () => {
  const it = await atTheQuestion([], { TERM: "dumb" });
  it.write("\x04");
  expect(await it.ended()).toBe(0);
  expect(it.raw()).not.toContain("\x1b[?1049h");
});
