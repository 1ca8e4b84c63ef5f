import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { atFirstStep } from "./learner.ts";

/** Panes as a learner wants them, also the next time. */

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tsi-panes-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const open = () => atFirstStep(undefined, { env: { XDG_STATE_HOME: home } });
/** Where the rule between the explanation and the pane below it stands. */
const ruleOf = (screen: string): number =>
  screen.split("\n").findIndex((line) => /\[1 /.test(line));

test("+ and - move the rule between two panes, and it stays there", async () => {
  const it = await open();
  const usual = ruleOf(it.screen());
  it.write("+");
  expect(ruleOf(await it.settled())).toBeGreaterThan(usual);
  it.write("---");
  const smaller = ruleOf(await it.settled());
  expect(smaller).toBeLessThan(usual);
  it.write("q");
  expect(await it.ended()).toBe(0);
  const again = await open();
  expect(ruleOf(again.screen())).toBe(smaller);
});

test("H puts a pane away until its digit calls it", async () => {
  const it = await open();
  await it.press("H", /! the explanation stays/);
  await it.press("1", /▸.*\[1 events\]/);
  await it.press("H", /! events is put away; its digit brings it back/);
  expect(await it.settled()).not.toMatch(/events/);
  await it.press("1", /▸.*\[1 events\]/);
});
