import { beforeEach, expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { learner } from "./learner.ts";
import { openTerminal } from "./terminal.ts";

const why = whyNotLive();
beforeEach((context) => {
  if (why !== null) context.skip(why);
});

const LARGE = { columns: 120, rows: 36 };

test("charts of a lesson's lab on a second screen, while it runs and when it has gone", async () => {
  const lesson = learner(["lesson", "cgroups", "--root", "--from", "attach"]);
  await lesson.until(/step 4\/\d+[\s\S]*Enter runs this step/);
  const second = openTerminal(["dashboard", "cgroups"], LARGE);
  await second.until(/LIVE {2}tsi-cgroups-\d+[\s\S]*memory MiB: used [\d.]+/);
  expect(second.screen()).toMatch(/processes: pids [1-9]/);
  // The calls are of one look at a time: half a second later there are none again.
  const calls = second.until(/events \/s: calls [1-9]/);
  await Promise.all([calls, lesson.enter(/checks? holds? {2}Enter goes on/)]);
  await second.until(/ \/demo +\S+ \S+/);
  second.resize(80, 24);
  await second.until(/LIVE {2}tsi-cgroups-\d+ {2}\/ +q quit/);
  lesson.write("q");
  expect(await lesson.ended()).toBe(0);
  await second.until(/GONE {2}tsi-cgroups-\d+/);
  second.write("q");
  expect(await second.ended()).toBe(0);
  expect(await second.leftBehind()).toEqual([]);
});

test.each([
  ["SIGTERM", (pid: number) => process.kill(pid, "SIGTERM")],
  ["SIGHUP", (pid: number) => process.kill(pid, "SIGHUP")],
])("%s gives the terminal back", async (_, kill) => {
  const terminal = openTerminal(["dashboard", "/"], LARGE);
  await terminal.until(/LIVE {2}/);
  kill(terminal.pid());
  expect(await terminal.ended()).toBe(0);
  expect(await terminal.leftBehind()).toEqual([]);
});

test("what cannot be shown is said in one sentence", async () => {
  const none = openTerminal(["dashboard", "no-such-lab"], LARGE);
  expect(await none.ended()).toBe(3);
  expect(none.screen()).toMatch(/no running lab, container or cgroup is called no-such-lab/);
  const small = openTerminal(["dashboard", "/"], { columns: 50, rows: 12 });
  expect(await small.ended()).toBe(2);
});
