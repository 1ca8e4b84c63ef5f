import { expect, test } from "vitest";
import { atFirstStep, REPLAY, still } from "./learner.ts";

/** Job control: the terminal is the shell's while the program is stopped, and ours again after. */

test.each([
  ["Ctrl-Z", () => "\x1a"],
  ["SIGTSTP", null],
] as const)(
  "%s gives the terminal back as it was, and fg draws the screen again",
  async (_, key) => {
    const it = await atFirstStep(REPLAY, { jobs: true });
    await it.enter(/Enter goes on/);
    const before = await still(it);
    for (let time = 0; time < 2; time++) {
      if (key === null) process.kill(it.pid(), "SIGTSTP");
      else it.write(key());
      const stopped = await it.until(/\[stopped, modes restored\]\s*$/);
      expect(stopped).not.toContain("0 lesson");
      expect((await it.leftBehind()).filter((what) => what !== "raw mode")).toEqual([]);
      it.write("\r");
      await it.until(/0 lesson[\s\S]*Enter goes on[\s\S]*q quit/);
      expect(await it.settled()).toBe(before);
    }
    await it.enter(/step 2\//);
    it.write("q");
    expect(await it.ended()).toBe(0);
  },
);

test("the window's size is asked for anew", async () => {
  const it = await atFirstStep(REPLAY, { jobs: true });
  await it.press("\x1a", /\[stopped, modes restored\]/);
  it.resize(100, 30);
  await it.press("\r", /0 lesson/);
  const rows = (await it.settled()).split("\n");
  expect(rows.length).toBe(30);
  expect(rows.at(-1)).toContain("q quit");
  expect(rows[1]).toMatch(/^.{99}/);
});
