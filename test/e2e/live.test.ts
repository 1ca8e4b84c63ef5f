import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Line,
  labOf,
  parseLines,
  remains,
  remainsWithin,
  whyNotLive,
} from "../live/program.ts";
import { type Learner, LIVE, learner } from "./learner.ts";

/** The whole program in a terminal, with a lab under it. */

const why = whyNotLive();
const folder = mkdtempSync(join(tmpdir(), "tsi-e2e-"));
const LARGE = { columns: 200, rows: 60 };
const V2 = existsSync("/sys/fs/cgroup/cgroup.controllers");

beforeEach((context) => {
  if (why !== null) context.skip(why);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("steps run for real: system calls, output, a group's files before and after", async () => {
  const recording = recordingFile();
  const it = learner([...LIVE, "--from", "attach", ...recording.args], LARGE);
  const before = await it.until(/step 4\/22 Put a process in[\s\S]*Enter runs this step/);
  expect(before).toContain("LIVE");
  expect(before).not.toContain("REPLAY");
  const attached = await it.enter(/checks? holds? {2}Enter goes on/);
  // The step's last command: on v2 the pane has no room for the ones before it.
  const last = V2 ? /execve\("[a-z/]*\/echo", .*\) = 0/ : /execve\("[a-z/]*\/grep", .*\) = 0/;
  expect(attached).toMatch(last);
  expect(attached).toMatch(/demo cgroup\.procs \(empty\) → [\d ]+ {2}← write by \d+/);
  // The list may have been read while the writer was still in it: who stays is what counts.
  const lists = [...attached.matchAll(/demo cgroup\.procs .*? → ([\d ]+?) {2}←/g)];
  const member = lists.at(-1)?.[1]?.split(" ").at(-1);
  expect(member).toBeDefined();
  // The command printed the same pid that the group was seen to get.
  expect(attached).toMatch(new RegExp(`\\n[^\\n]*│ {3}${member}\\s`));
  await it.enter(/step 5\/22/);
  const counted = await it.enter(/checks hold {2}Enter goes on/);
  expect(counted).toMatch(/demo memory\.(usage_in_bytes|current) \d+ → \d{8}.*← kernel/);
  it.write("q");
  expect(await it.ended()).toBe(0);
  expect(await it.leftBehind()).toEqual([]);
  expect(remains(labOf(recording.lines()))).toEqual([]);
});

test("x interrupts what runs, and the step ends as it is", async () => {
  const recording = recordingFile();
  const it = await inTheMiddle(recording);
  const began = performance.now();
  it.write("x");
  await it.until(/interrupted; the step ends as it is/);
  await it.until(/✗ killed by SIGTERM[\s\S]*✗ \d of \d checks failed {2}(h hint {2})?r again/);
  // Undisturbed, the step takes longer than a check is waited for.
  expect(performance.now() - began).toBeLessThan(5000);
  const runs = recording.lines().filter(({ kind }) => kind === "run.exit");
  expect(runs.at(-1)).toMatchObject({ signal: "SIGTERM" });
  it.write("q");
  expect(await it.ended()).toBe(1);
  expect(remains(labOf(recording.lines()))).toEqual([]);
});

describe("ended in the middle of a step, nothing is left", () => {
  test("q asks once, then leaves", async () => {
    const recording = recordingFile();
    const it = await inTheMiddle(recording);
    await it.press("q", /q again interrupts it and leaves/);
    it.write("q");
    expect(await it.ended()).toBe(0);
    await gone(it, recording);
  });

  test("SIGTERM: 130", async () => {
    const recording = recordingFile();
    const it = await inTheMiddle(recording);
    process.kill(it.pid(), "SIGTERM");
    expect(await it.ended()).toBe(130);
    await gone(it, recording);
  });

  test("kill -9 of the program: within a second", async () => {
    const recording = recordingFile();
    const it = await inTheMiddle(recording);
    process.kill(it.pid(), "SIGKILL");
    const { left, took } = await remainsWithin(labOf(recording.lines()), 1000);
    expect(left).toEqual([]);
    expect(took).toBeLessThan(1000);
  });

  test("kill -9 of the helper: the screen goes, and the reason stays", async () => {
    const recording = recordingFile();
    const it = await inTheMiddle(recording);
    process.kill(helperOf(it.pid()), "SIGKILL");
    const { left } = await remainsWithin(labOf(recording.lines()), 1000);
    expect(left).toEqual([]);
    await it.until(/^tsinternals: the helper ended by itself/m);
    expect(await it.ended()).toBe(1);
    await gone(it, recording);
  });

  test("the window is closed", async () => {
    const recording = recordingFile();
    const it = await inTheMiddle(recording);
    const pid = it.pid();
    it.close();
    const { left } = await remainsWithin(labOf(recording.lines()), 5000);
    expect(left).toEqual([]);
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });
});

interface RecordingFile {
  readonly args: readonly string[];
  lines(): Line[];
}

function recordingFile(): RecordingFile {
  const file = join(folder, `${readdirSync(folder).length}.ndjson`);
  return {
    args: ["--record", file],
    // A line may be half written when its writer is killed.
    lines: () => parseLines(readFileSync(file, "utf8").replace(/[^\n]*$/, "")),
  };
}

/** The step about memory accounting is running its command, which takes more than a second. */
async function inTheMiddle(recording: RecordingFile): Promise<Learner> {
  const it = learner([...LIVE, "--from", "accounting", ...recording.args]);
  await it.until(/step 5\/22[\s\S]*Enter runs this step/);
  await it.enter(/execve\([^\n]*"sleep", "1"/);
  expect(it.screen()).toMatch(/● running {2}x interrupts/);
  return it;
}

async function gone(it: Learner, recording: RecordingFile): Promise<void> {
  expect(await it.leftBehind()).toEqual([]);
  expect(remains(labOf(recording.lines()))).toEqual([]);
}

/** The program's child that brings up the lab (proc(5), /proc/PID/task/TID/children). */
function helperOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const helper = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").includes("tsi-lab"),
  );
  if (helper === undefined) throw new Error("the program has no helper");
  return Number(helper);
}
