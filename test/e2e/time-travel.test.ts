import { describe, expect, test } from "vitest";
import { atFirstStep, type Learner } from "./learner.ts";

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
    const now = await it.settled();
    expect(now).not.toMatch(LATER);
    const first = moment(await it.press("[", LATER));
    expect(first.step).toBe(2);
    const second = moment(await it.press("[[[", new RegExp(`(?! ${first.later} later)\\d later`)));
    expect(second.at).toBeLessThanOrEqual(first.at);
    expect(it.screen()).toContain("REPLAY  in the past");
    await it.press("]", /later/);
    await it.press("\x1b", /Enter goes on/);
    expect(await it.settled()).toBe(now);
    await it.press("[", LATER);
    await it.press("\x1b[F", /Enter goes on/);
    expect(await it.settled()).toBe(now);
  });

  test("{ goes back into the step before, } on again and to now; no tick is left there", async () => {
    const it = await afterTwoSteps({ columns: 200, rows: 60, env: { NO_COLOR: "1" } });
    const now = await it.settled();
    for (let press = 0; press < 12; press++) it.write("{");
    const early = await it.until(/step 1 [▁-█·◆]{20,}/);
    expect(early).toMatch(/step 1\/22 Where am I\?/);
    expect(early).not.toContain("the check holds");
    expect(early).toContain("◆");
    for (let press = 0; press < 60; press++) it.write("}");
    await it.until(/Enter goes on/);
    expect(await it.settled()).toBe(now);
  });

  test("Enter comes back to now before it goes on", async () => {
    const it = await afterTwoSteps();
    await it.press("[", LATER);
    await it.enter(/Enter goes on/);
    expect(await it.settled()).toContain("step 2/22");
    await it.enter(/step 3\/22/);
  });
});

describe("lists", () => {
  test("an event is chosen and opened, and Enter is the next thing again", async () => {
    const it = await afterTwoSteps();
    await it.press("\x1b[A", /▸ +\+\d/);
    await it.press("\x1b[A", /Enter opens this/);
    const whole = await it.press("\r", /Esc goes back to the list/);
    expect(whole).toMatch(/\[1 events\].*\n \+\d/);
    await it.press("\x1b", /Enter opens this/);
    await it.press("\x1b", /Enter goes on/);
    await it.enter(/step 3\/22/);
  });
});
