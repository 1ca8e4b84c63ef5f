import { describe, expect, test } from "vitest";
import { atFirstStep } from "./learner.ts";
import { openTerminal } from "./terminal.ts";

/** A lesson that asks before its steps, played: anybody can answer. */

const ASKING = ["lesson", "namespaces", "--replay"] as const;

describe("a question on the screen", () => {
  test("a digit answers it, the next one chooses a pane, and the run says what it is", async () => {
    const it = await atFirstStep(ASKING);
    expect(it.screen()).toMatch(/Enter reads on to the question, before it plays this step/);
    await it.press("z", /\? [A-Z][\s\S]* 1 {2}\S[\s\S]*1 to \d says what you expect; Enter plays/);
    await it.press("1", /▸ 1 {2}\S[\s\S]*Enter plays this step {2}\$/);
    await it.press("\x1b", /\[1 namespaces\]/);
    await it.press("4", /▸.*\[4 events\]/);
    const played = await it.enter(/checks? holds? {2}Enter goes on/);
    expect(played).toMatch(/(as you expected, 1: |it is [2-4]: .*)/);
  });

  test("Enter shows all of it first, however quickly it is pressed; digits choose panes", async () => {
    const it = await atFirstStep(ASKING);
    expect(it.screen()).not.toContain("\n ? ");
    await it.press("4", /▸.*\[4 events\]/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const asked = await it.press("\r\r", /\n \? [A-Z][\s\S]*1 to \d says what you expect/);
    for (const answer of ["1", "2", "3"]) expect(asked).toMatch(new RegExp(`\n +${answer} {2}\\S`));
    expect(await it.settled()).toMatch(/step 1\/[\s\S]*1 to \d says what you expect/);
    await it.press("\x1b[A", /Enter reads on/);
    await it.enter(/1 to \d says what you expect/);
    await it.enter(/checks? holds? {2}Enter goes on/);
  });

  test("Enter runs the step without an answer, a digit too large is none", async () => {
    const it = await atFirstStep(ASKING);
    await it.enter(/1 to \d says what you expect/);
    await it.press("9", /! 1 to \d answer the question, Enter runs the step without/);
    await it.press("0", /▸ 0 lesson/);
    const played = await it.enter(/checks? holds? {2}Enter goes on/);
    expect(played).toMatch(/(·|✓) it is \d: /);
    expect(played).not.toContain("(expected");
  });
});

describe("help with a step", () => {
  test("h gives hints one by one and counts them", async () => {
    const it = await atFirstStep(ASKING);
    expect(it.screen()).toMatch(/h hint 0\/\d/);
    const hinted = await it.press("h", /hint 1 of \d/);
    expect(hinted).toMatch(/h hint 1\/\d/);
    for (let press = 0; press < 3; press++) it.write("h");
    await it.until(/! that was the last hint/);
  });

  test("o shows what each step came to, and any key closes it", async () => {
    const it = await atFirstStep(ASKING);
    await it.enter(/1 to \d says what you expect/);
    await it.enter(/Enter goes on/);
    const outcomes = await it.press("o", /▸ {2}1 .*✓ .*hold/);
    expect(outcomes).toMatch(/\n +2 {2}.* not run/);
    await it.press("o", /0 lesson/);
  });

  test("a replay has no shell and nothing to solve, and says so", async () => {
    const it = await atFirstStep(ASKING);
    await it.press("!", /! a replay has no lab to type in/);
    await it.press("s", /! a replay shows what was recorded: there is nothing to solve/);
    await it.press("t", /! notes for trainers are shown/);
  });
});

test("--plain: a number answers at the prompt and plays the step", async () => {
  const it = openTerminal([...ASKING, "--plain"]);
  await it.until(/1 to \d answers and runs it, Enter runs it without,[\s\S]*q leaves: $/);
  it.write("h\r");
  await it.until(/hint 1 of \d:[\s\S]*q leaves: $/);
  it.write("2\r");
  await it.until(/== 2\/\d+ [\s\S]*q leaves: $/);
  expect(it.raw()).toMatch(/(✓ as expected, 2: |· it is \d: .* \(expected: 2\))/);
  it.write("q\r");
  expect(await it.ended()).toBe(0);
});
