import { beforeEach, expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { atFirstStep, LIVE, learner } from "./learner.ts";

/** A shell in the lab, beside the panes. */

const why = whyNotLive();

beforeEach((context) => {
  if (why !== null) context.skip(why);
});

test("a step is done by what the learner types, and its checks see it", async () => {
  const it = await atFirstStep(LIVE);
  await it.press("!", /▸.*\[\d shell\][\s\S]*● yours {2}the step is done when its checks hold/);
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

test("! on a process of the tree is a shell in its namespaces", async () => {
  const it = learner(["lesson", "namespaces", "--from", "clone"], { columns: 120, rows: 40 });
  await it.until(/step 17\/\d+[\s\S]*Enter (runs|reads)/);
  await it.press("!", /lab:.*[#$]/);
  const asleep = "unshare --pid --uts --fork sh -c 'hostname inner; sleep 1000; :' &\r";
  await it.press(asleep, /\[1\] \d+/);
  await it.press("\x1d", /\? help/);
  await it.press("x", /checks? failed/);
  // The processes' pane, and up from its last line to the sleeper.
  const number = /(\d) processes/.exec(it.screen())?.[1] ?? "";
  await it.press(number, /▸ \d processes/);
  for (let up = 0; !/▸ .*sleep 1000/.test(it.screen()); up++) {
    expect(up).toBeLessThan(10);
    await it.press("\x1b[A", /Esc lets go of it/);
    await it.settled();
  }
  await it.press("!", /# nsenter -t \d+ -a sh/);
  // What is typed before the prompt stands before it, and its output after it.
  await it.press("hostname; echo $$\r", /│ (# )?inner\s[\s\S]*│ (# )?[2-9]\s/);
});
