import { beforeEach, expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { atFirstStep, LIVE } from "./learner.ts";

/** A shell in the lab, beside the panes. */

const why = whyNotLive();

beforeEach((context) => {
  if (why !== null) context.skip(why);
});

test("a step is done by what the learner types, and its checks see it", async () => {
  const it = await atFirstStep(LIVE);
  await it.press("!", /▸.*\[5 shell\][\s\S]*● yours {2}the step is done when its checks hold/);
  await it.until(/lab:.*[#$]/);
  await it.press("cat /proc/self/cgroup; stty size\r", /done, by your own hand: Ctrl-\]/);
  expect(await it.until(/\n 8 78\s/)).toMatch(/you did it yourself · ✓ the check holds/);
  // q is a character here, and Ctrl-C the shell's.
  await it.press("echo q$((20+3))q\r", /q23q/);
  await it.press("sleep 100\r", /sleep 100/);
  await it.press("\x03", /\^C/);
  await it.press("\x1d", /▸ 0 lesson[\s\S]*Enter goes on/);
  await it.enter(/step 2\/22/);
  await it.press("!", /● yours/);
  await it.press("exit\r", /the shell has ended; ! opens another/);
  await it.press("x", /✗ .* failed[\s\S]*r again {2}s solves/);
  it.write("q");
  expect(await it.ended()).toBe(1);
  expect(await it.leftBehind()).toEqual([]);
});

test("its terminal is as large as its pane", async () => {
  const it = await atFirstStep(LIVE, { columns: 100, rows: 30 });
  await it.press("!", /lab:.*[#$]/);
  // Asked again and again: when the resize comes through is the machine's business.
  await it.press("while sleep 0.3; do stty size; done\r", /\n 11 98\s/);
  it.resize(90, 28);
  await it.until(/\n 10 88\s/);
});
