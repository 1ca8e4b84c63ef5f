import { beforeEach, expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { learner } from "./learner.ts";

/** Another way to a step's end, run for the learner. */

const why = whyNotLive();

beforeEach((context) => {
  if (why !== null) context.skip(why);
});

test("s asks once, runs the other commands, and the summary tells it apart", async () => {
  const it = learner(["lesson", "namespaces", "--from", "join"], { columns: 120, rows: 40 });
  await it.until(/step 3\/\d+[\s\S]*Enter runs this step/);
  await it.press("s", /! s again solves this step for you/);
  await it.press("s", /it was solved for you[^\n]* · ✓/);
  it.write("q");
  expect(await it.ended()).toBe(0);
  expect(it.raw()).toMatch(/namespaces \(live\): \d+ steps? \(1 solved for you\), .* 0 failed/);
});
