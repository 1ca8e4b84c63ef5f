import { expect, test } from "vitest";
import { atFirstStep, type Learner, REPLAY } from "./learner.ts";

/** What a terminal sends for the mouse (xterm, SGR mode 1006): button, then column and row from 1. */
function point(it: Learner, button: number, text: string): void {
  const lines = it.screen().split("\n");
  const row = lines.findIndex((line) => line.includes(text));
  const column = lines[row]?.indexOf(text) ?? -1;
  expect(column, `${text} is on the screen`).toBeGreaterThanOrEqual(0);
  it.write(`\x1b[<${button};${column + 1};${row + 1}M\x1b[<${button};${column + 1};${row + 1}m`);
}

test("a click chooses panes and entries, the wheel scrolls, and the terminal is as before", async () => {
  const it = await atFirstStep();
  await it.enter(/Enter goes on/);
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
