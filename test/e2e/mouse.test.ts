import { expect, test } from "vitest";
import { atFirstStep, point, REPLAY, still } from "./learner.ts";

test("a click chooses panes and entries, the wheel scrolls, and the terminal is as before", async () => {
  const it = await atFirstStep();
  await it.enter(/Enter goes on/);
  await still(it);
  point(it, 0, "execve(");
  await it.until(/▸ \[1 events\][\s\S]*\n▸ .*execve\(/);
  point(it, 65, "0 lesson");
  await it.until(/0 lesson.*↑14/);
  point(it, 0, "4 output");
  await it.until(/▸ .*\[\d output\]/);
  it.write("q");
  await it.ended();
  expect(await it.leftBehind()).toEqual([]);
});

test("--no-mouse leaves it to the terminal", async () => {
  const it = await atFirstStep([...REPLAY, "--no-mouse"]);
  it.write("q");
  await it.ended();
  expect(it.raw()).not.toContain("?1000");
});
