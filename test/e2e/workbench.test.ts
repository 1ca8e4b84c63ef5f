import { describe, expect, test } from "vitest";
import { atFirstStep, learner, REPLAY, still } from "./learner.ts";

/** The whole program in a terminal, playing the recording that comes with it: anybody can. */

const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 200, rows: 60 };
const ESC = "\x1b";
/** SGR parameters that choose a colour (console_codes(4)). */
const COLOUR = new RegExp(`${ESC}\\[(\\d+;)*(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;\\d+)*m`);

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("what is on screen", () => {
  test.each([
    ["80×24", SMALL, ["0 lesson", "[1 events]"]],
    ["200×60", LARGE, ["0 lesson", "─ 1 events", "─ 2 processes", "─ 3 cgroups", "─ 4 output"]],
  ])("at %s: the introduction, then the first step", async (_, size, panes) => {
    const it = learner(REPLAY, size);
    const introduction = await it.until(/Enter begins/);
    expect(introduction).toContain("A container is an ordinary process");
    const step = await it.enter(/Enter plays this step/);
    expect(step).toMatch(/step 1\/22 Where am I\?/);
    expect(step).toContain("$ cat /proc/self/cgroup");
    for (const pane of panes) expect(step).toContain(pane);
    // The header and each pane say what they show.
    expect(count(step, " REPLAY ")).toBe(1 + panes.length);
    expect(step).not.toContain("LIVE");
    const rows = step.split("\n");
    expect(rows.length).toBe(size.rows);
    expect(rows.at(-1)).toMatch(/Enter next .* q quit/);
  });

  test("Enter plays a step: its system calls, its output, its check", async () => {
    const it = await atFirstStep(REPLAY, LARGE);
    const played = await it.enter(/✓ the check holds {2}Enter goes on/);
    expect(played).toMatch(/execve\("\/usr\/bin\/cat", \["cat", "\/proc\/self\/cgroup"\], …\) = 0/);
    expect(played).toMatch(/cat \/proc\/self\/cgroup {2}exit 0/);
    expect(played).toMatch(/\d+:memory:\//);
    expect(played).toMatch(/── it ran, exit 0 · ✓ the check holds/);
    await it.enter(/step 2\/22 A group is a directory/);
  });

  test("in CI=true it draws all the same", async () => {
    const it = learner(REPLAY, { env: { CI: "true" } });
    await it.until(/Enter begins/);
    await it.enter(/Enter plays this step/);
    it.write("q");
    expect(await it.ended()).toBe(0);
    expect(await it.leftBehind()).toEqual([]);
  });

  test("with NO_COLOR=1 there is no colour, and everything else", async () => {
    const colourful = await atFirstStep();
    const without = await atFirstStep(REPLAY, { env: { NO_COLOR: "1" } });
    expect(colourful.raw()).toMatch(COLOUR);
    expect(await without.enter(/✓ the check holds {2}Enter/)).toContain("▸ 0 lesson");
    expect(without.raw()).not.toMatch(COLOUR);
    expect(without.raw()).toContain("\x1b[1m");
  });

  test("it follows the terminal's size, and says when that is too small", async () => {
    const it = await atFirstStep();
    it.resize(200, 60);
    const large = await it.until(/─ 3 cgroups[\s\S]*─ 4 output[\s\S]*\n.*q quit/);
    expect(large.split("\n")[0]).toMatch(/^ tsinternals .* {2}REPLAY {2}of/);
    it.resize(50, 12);
    const small = await it.until(/needed/);
    expect(small.replaceAll(/\s+/g, " ").trim()).toBe(
      "This terminal has 50×12; 60×16 or more is needed. q quits.",
    );
    it.resize(100, 30);
    const again = await it.until(/0 lesson[\s\S]*\[1 events\][\s\S]*\n.*q quit/);
    expect(again).toContain("Enter plays this step");
    expect(count(again, "0 lesson")).toBe(1);
    expect(again).not.toContain("This terminal has");
  });
});

describe("keys", () => {
  test("ten quick Enters go one way, not ten", async () => {
    const it = await atFirstStep();
    await it.enter(/./);
    for (let press = 0; press < 9; press++) {
      it.write("\r");
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await it.until(/✓ the check holds {2}Enter goes on/);
    expect(await it.settled()).toContain("step 1/22");
    await it.enter(/step 2\/22/);
    await it.enter(/Enter goes on/);
    expect(await it.settled()).toContain("step 2/22");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await it.press("\r".repeat(10), /step 3\/22/);
    expect(await it.settled()).toMatch(/step 3\/22[\s\S]*Enter plays this step/);
  });

  test("keys that mean nothing do nothing, neither does pasted text", async () => {
    const it = await atFirstStep();
    const before = it.screen();
    for (const keys of ["k", "Z", "Q", "\x01", "\x1b[15~", "é", "9"]) it.write(keys);
    expect(await it.settled()).toBe(before);
    expect(it.raw()).toContain("\x1b[?2004h");
    it.write("\x1b[200~q\rqq\r\x1b[201~");
    expect(await it.settled()).toBe(before);
  });

  test("Tab and numbers choose a pane, z shows it alone", async () => {
    const it = await atFirstStep();
    await it.enter(/Enter goes on/);
    await it.press("\t", /▸ \[1 events\]/);
    await it.press("\t", /▸ {2}1 events \[2 processes\][\s\S]*\/proc\/self\/cgroup {2}exit 0/);
    await it.press("\x1b[Z", /▸ \[1 events\]/);
    await it.press("4", /▸.*\[4 output\][\s\S]*\d+:memory:\//);
    const alone = await it.press("z", /▸ 4 output/);
    expect(alone).not.toContain("0 lesson");
    expect(alone).toContain("$ cat /proc/self/cgroup");
    await it.press("\x1b", /0 lesson[\s\S]*▸.*\[4 output\]/);
    await it.press("0", /▸ 0 lesson/);
  });

  test("arrows, pages, g and G move through a pane", async () => {
    const it = await atFirstStep();
    await it.enter(/↑(\d+) ↓(\d+)[\s\S]*Enter goes on/);
    const [above, below] = positionOf(await still(it));
    await it.press("\x1b[B", new RegExp(`↑${above + 1} ↓${below - 1} `));
    await it.press("\x1b[A", new RegExp(`↑${above} ↓${below} `));
    await it.press("\x1b[6~", new RegExp(`↑${above + 10} ↓${below - 10} `));
    const top = await it.press("g", new RegExp(`─ ↓${above + below} `));
    expect(top).toMatch(/\n Where am I\?/);
    await it.press("G", new RegExp(`─ ↑${above + below} `));
  });

  test("? lists every key, and any key closes it", async () => {
    const it = await atFirstStep();
    const before = it.screen();
    const help = await it.press("?", /Marks/);
    for (const words of ["run this step again", "freeze the screen", "leave at once"])
      expect(help).toContain(words);
    await it.press("\r", /▸ 0 lesson/);
    expect(it.screen()).toBe(before);
  });

  test("p freezes the screen while events keep coming, p goes on", async () => {
    const it = learner([...REPLAY, "--from", "accounting"]);
    await it.until(/step 5\/22[\s\S]*Enter plays this step/);
    await it.enter(/● running[\s\S]*q quit/);
    await it.press("p", /paused {2}[1-9]\d* events have come since; p goes on/);
    expect(it.screen()).toMatch(/REPLAY {2}paused/);
    expect(it.screen()).not.toContain("checks hold");
    await it.press("p", /checks hold {2}Enter goes on/);
  });

  test("b looks back and says so, n goes forward", async () => {
    const it = await atFirstStep();
    await it.enter(/Enter goes on/);
    await it.enter(/step 2\/22/);
    await it.enter(/Enter goes on/);
    const back = await it.press("b", /step 1\/22[\s\S]*n goes forward {2}Esc back to now/);
    expect(count(back, "after step 1")).toBe(2);
    expect(back).toContain('execve("/usr/bin/cat"');
    expect(back).not.toContain("/usr/bin/mkdir");
    const forward = await it.press("n", /step 2\/22[\s\S]*Enter goes on/);
    expect(forward).not.toContain("after step");
    expect(forward).toContain('mkdir("…/memory/demo", 0777) = 0');
  });
});

describe("leaving gives the terminal back as it was", () => {
  test("what goes wrong before there is a frame is said where it can be read", async () => {
    const it = learner(["lesson", "cgruops"]);
    expect(await it.ended()).toBe(2);
    expect(it.raw()).toContain("one moment");
    expect(it.screen()).toMatch(/there is no lesson "cgruops"\s+try: tsinternals lesson cgroups/);
    expect(await it.leftBehind()).toEqual([]);
  });

  test("q: 0, and one line says how far it went", async () => {
    const it = await atFirstStep();
    await it.enter(/Enter goes on/);
    it.write("q");
    expect(await it.ended()).toBe(0);
    expect(it.screen().trim()).toMatch(/^cgroups \(replay\): 1 step, 1 check: 1 passed, .*\n/);
    expect(await it.leftBehind()).toEqual([]);
  });

  test("Ctrl-C: 130", async () => {
    const it = await atFirstStep();
    it.write("\x03");
    expect(await it.ended()).toBe(130);
    expect(await it.leftBehind()).toEqual([]);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s: 130", async (signal) => {
    const it = await atFirstStep();
    process.kill(it.pid(), signal);
    expect(await it.ended()).toBe(130);
    expect(await it.leftBehind()).toEqual([]);
  });

  test("SIGKILL cannot, and these tests see it", async () => {
    const it = await atFirstStep();
    process.kill(it.pid(), "SIGKILL");
    expect(await it.ended()).toBe(137);
    expect(await it.leftBehind()).toEqual(
      expect.arrayContaining([
        "the alternate screen",
        "a hidden cursor",
        "mouse reports",
        "bracketed paste",
        "raw mode",
      ]),
    );
  });

  test("--auto plays to the end: 0, and the summary after the screen has gone", async () => {
    const it = learner([...REPLAY, "--auto", "--from", "docker"]);
    await it.until(/AUTO/);
    await it.until(/step 20\/22 Docker, by hand[\s\S]*checks hold/);
    await it.until(/step 22\/22[\s\S]*(check holds|checks hold)/);
    expect(await it.ended()).toBe(0);
    expect(it.screen().trim()).toMatch(
      /^cgroups \(replay\): 3 steps, (\d+) checks: \1 passed, 0 failed, 0 skipped\n/,
    );
    expect(await it.leftBehind()).toEqual([]);
  });
});

/** How many lines the lesson pane's title says are above and below. */
function positionOf(screen: string): [number, number] {
  const found = /0 lesson.* ↑(\d+) ↓(\d+) /.exec(screen);
  return [Number(found?.[1]), Number(found?.[2])];
}
