import { describe, expect, test } from "vitest";
import { atFirstStep, type Learner, learner, REPLAY, still } from "./learner.ts";

/** Two steps of the recording played, the list of events in focus. */
async function afterTwoSteps(options?: Parameters<typeof atFirstStep>[1]): Promise<Learner> {
  const it = await atFirstStep(undefined, options);
  await it.enter(/Enter goes on/);
  await it.enter(/step 2\/22/);
  await it.enter(/Enter goes on/);
  await it.press("1", /▸ \[?1 events/);
  return it;
}

const LATER = /step (\d+) +[▁-█·◆]+ \+([\d.]+) s of ([\d.]+) s +(\d+) (events )?later/;

function moment(screen: string): { step: number; at: number; of: number; later: number } {
  const [, step, at, of, later] = (LATER.exec(screen) ?? []).map(Number) as number[];
  return { step: step ?? 0, at: at ?? -1, of: of ?? -1, later: later ?? -1 };
}

describe("a cursor in time", () => {
  test("[ and ] go by what happened, Esc and End come back to now", async () => {
    const it = await afterTwoSteps();
    const now = await still(it);
    expect(now).not.toMatch(LATER);
    const first = moment(await it.press("[", LATER));
    expect(first.step).toBe(2);
    const second = moment(await it.press("[[[", new RegExp(`(?! ${first.later} later)\\d later`)));
    expect(second.at).toBeLessThanOrEqual(first.at);
    expect(it.screen()).toContain("REPLAY  in the past");
    await it.press("]", /later/);
    await it.press("\x1b", /Enter goes on/);
    expect(await still(it)).toBe(now);
    await it.press("[", LATER);
    await it.press("\x1b[F", /Enter goes on/);
    expect(await still(it)).toBe(now);
  });

  test("{ goes back into the step before, } on again and to now; no tick is left there", async () => {
    const it = await afterTwoSteps({ columns: 200, rows: 60, env: { NO_COLOR: "1" } });
    const now = await still(it);
    for (let press = 0; press < 12; press++) it.write("{");
    const early = await it.until(/step 1 [▁-█·◆]{20,}/);
    expect(early).toMatch(/step 1\/22 Where am I\?/);
    expect(early).not.toContain("the check holds");
    expect(early).toContain("◆");
    for (let press = 0; press < 60; press++) it.write("}");
    await it.until(/Enter goes on/);
    expect(await still(it)).toBe(now);
  });

  test("Enter comes back to now before it goes on", async () => {
    const it = await afterTwoSteps();
    await it.press("[", LATER);
    await it.enter(/Enter goes on/);
    expect(await still(it)).toContain("step 2/22");
    await it.enter(/step 3\/22/);
  });
});

describe("lists", () => {
  test("an event is chosen and opened, and Enter is the next thing again", async () => {
    const it = await afterTwoSteps();
    await it.press("\x1b[A", /▸ +\+\d/);
    await it.press("\x1b[A", /Enter shows its exec {2}v opens this/);
    const whole = await it.press("v", /Esc goes back to the list/);
    expect(whole).toMatch(/\[1 events\].*\n \+\d/);
    await it.press("\x1b", /v opens this/);
    await it.press("\x1b", /Enter goes on/);
    await it.enter(/step 3\/22/);
  });
});

describe("filter and follow", () => {
  test("/ shows what passes while it is typed, Enter keeps it, Esc takes it away", async () => {
    const it = await afterTwoSteps({ columns: 120, rows: 30, env: { NO_COLOR: "1" } });
    const before = await still(it);
    const typing = await it.press("/q1?kind:exec", /\/ q1\?kind:exec.*Enter keeps, Esc clears/);
    expect(typing).toMatch(/1 events {2}0 of \d+/);
    await it.press("\x15kind:exec mkdir", /\/ kind:exec mkdir/);
    const kept = await it.press("\r", /kind:exec mkdir +Esc clears/);
    expect(kept).toMatch(/1 events {2}2 of \d+/);
    expect(kept).toMatch(/execve\("\/usr\/bin\/mkdir"/);
    await it.press("\x1b", /^(?![\s\S]*Esc clears)/);
    expect(await still(it)).toBe(before);
  });

  test("what is pasted while a filter is typed is its text, of several lines the first", async () => {
    const it = await afterTwoSteps();
    await it.press("/", /Enter keeps/);
    await it.press("\x1b[200~mkdir\x1b[2J\rq\r\x1b[201~", /\/ mkdir/);
    expect(it.screen()).toContain("step 2/22");
    await it.press("\x1b", /Enter goes on/);
  });

  test("f on a process shows its events alone, f again all", async () => {
    const it = await afterTwoSteps({ columns: 200, rows: 60 });
    await it.press("2", /▸ 2 processes/);
    await it.press("\x1b[A", /▸ +\d+ +\d+ .*exit 0/);
    const followed = await it.press(
      "f",
      /1 events {2}\d+ of \d+ · only \d+ .* and its descendants/,
    );
    expect(followed).toMatch(/1 events {2}[1-9]/);
    await it.press("f", /1 events {2}strace slows/);
  });
});

describe("jumps", () => {
  test("from a write to what it changed and back, from a process to its events", async () => {
    const it = learner([...REPLAY, "--from", "attach"], { columns: 200, rows: 60 });
    await it.until(/step 4\/22[\s\S]*Enter plays this step/);
    await it.enter(/Enter goes on/);
    await it.press("1", /▸ 1 events/);
    await it.press("/kind:write cgroup.procs\r", /\/ kind:write cgroup\.procs +Esc clears/);
    const picked = await it.press("\x1b[A", /Enter shows what it changed/);
    expect(picked).toMatch(/▸ +\+\d\.\d+ +\d+ write\(1</);
    expect(picked).toMatch(/▹memory\/demo cgroup\.procs/);
    const change = await it.enter(/Enter shows the write that did it/);
    expect(change).toMatch(/▸memory\/demo cgroup\.procs .*← write by/);
    expect(change).toMatch(/▹ +\+\d\.\d+ +\d+ write\(1</);
    await it.press("\x7f", /Enter shows what it changed/);
    await it.press("v", /write {2}3 arguments → \d/);
    await it.press("\x1b", /Enter shows what it changed/);
    await it.press("2", /▸ 2 processes/);
    await it.press("\x1b[A", /Enter shows its events/);
    await it.enter(/▸ 1 events {2}\d+ of \d+ · only \d+/);
    await it.press("\x1b", /▸ 2 processes[\s\S]*Enter shows its events/);
  });
});
