import { expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { learner, REPLAY } from "./learner.ts";

/** Back for real: a new session at the beginning of the step on screen. */

const AT_THREE = /step 3\/\d+ [\s\S]*(Enter (plays|runs) this step|Enter reads on)/;

test("a replay begins again before the step, and what had been played is to come", async () => {
  const it = learner([...REPLAY, "--from", "controllers"], { columns: 120, rows: 40 });
  await it.until(AT_THREE);
  await it.enter(/✓ .*hold/);
  await it.press("R", /! R again plays the recording up to this step's beginning/);
  const screen = await it.press("R", AT_THREE);
  expect(screen).not.toMatch(/── it ran/);
  it.write("q");
  expect(await it.ended()).toBe(0);
  expect(it.raw().match(/cgroups \(replay\):/g)).toHaveLength(1);
});

test("live it is a new lab: what was made in the old one is gone", async ({ skip }) => {
  const why = whyNotLive();
  skip(why !== null, why ?? "");
  const it = learner(["lesson", "overlayfs", "--from", "upper"], { columns: 120, rows: 40 });
  await it.until(AT_THREE);
  const typed = async (command: string, wanted: RegExp): Promise<void> => {
    await it.press("!", /shell/);
    await it.press(`${command}\r`, wanted);
    await it.press("\u001d", /\? help/);
  };
  await typed("touch /etc/mine; ls /etc/mine | tr m M", /\/etc\/Mine/);
  // The learner's own try at the step goes on until it is ended.
  await it.press("x", /checks? failed/);
  await it.press("R", /! R again makes a new lab/);
  await it.press("R", AT_THREE);
  await typed("ls /etc/mine 2>&1 | tr N M", /Mo such file/);
  it.write("qq");
  // The second try was not finished either.
  expect(await it.ended()).toBe(1);
});
