import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { progressFile, readProgress, updateProgress } from "../../src/host/progress-file.ts";
import { NO_PROGRESS, stepEnded } from "../../src/lesson/progress.ts";

const source = join(import.meta.dirname, "../../src");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsi-progress-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
  vi.stubEnv("SUDO_UID", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const passed = { at: "now", mode: "live", by: "run" } as const;
const pass = (step: string) =>
  updateProgress((progress) => stepEnded(progress, "demo", step, "now", passed));

/** A process of its own that passes steps PREFIX0, PREFIX1, … */
function passMany(prefix: string, count: number) {
  const script = `
    const { updateProgress } = await import("${source}/host/progress-file.ts");
    const { stepEnded } = await import("${source}/lesson/progress.ts");
    console.log("go");
    for (let i = 0; i < ${count}; i++)
      updateProgress((p) => stepEnded(p, "demo", "${prefix}" + i, "now", ${JSON.stringify(passed)}));`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("the progress file", () => {
  test("is nothing at first, then a file of the user's own that a person can read", () => {
    expect(readProgress()).toEqual(NO_PROGRESS);
    pass("a");
    expect(readProgress().lessons.demo?.passed).toEqual({ a: passed });
    expect(readFileSync(progressFile(), "utf8")).toMatch(/\n {8}"a": \{\n/);
    expect(statSync(progressFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "tsinternals"))).toEqual(["progress.json"]);
  });

  test("that cannot be understood is put aside, and said", () => {
    mkdirSync(join(folder, "tsinternals"));
    const said: string[] = [];
    for (const text of ["{", "[]", '{"format":2}', '{"format":1,"lessons":{"x":{}}}', ""]) {
      writeFileSync(progressFile(), text);
      expect(readProgress((message) => said.push(message))).toEqual(NO_PROGRESS);
      expect(readFileSync(`${progressFile()}.broken`, "utf8")).toBe(text);
    }
    expect(said).toHaveLength(5);
    expect(said[0]).toContain("progress.json.broken");
  });

  test("two sessions lose nothing of each other's", async () => {
    const both = [passMany("a", 60), passMany("b", 60)];
    await Promise.all(both.map((child) => once(child, "exit")));
    expect(Object.keys(readProgress().lessons.demo?.passed ?? {})).toHaveLength(120);
  });

  test("is whole whenever its writer is killed, and the next one can write", async () => {
    for (let round = 0; round < 6; round++) {
      const child = passMany(`r${round}-`, 100_000);
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 7));
      child.kill("SIGKILL");
      await once(child, "exit");
      const said: string[] = [];
      readProgress((message) => said.push(message));
      expect(said).toEqual([]);
    }
    // What the dead may have left locked is taken after a while.
    const lock = `${progressFile()}.lock`;
    if (existsSync(lock)) utimesSync(lock, 0, 0);
    pass("after");
    expect(readProgress().lessons.demo?.passed).toHaveProperty("after");
  });

  test("is not held up by a lock of a time to come: the clock was put back", () => {
    mkdirSync(join(folder, "tsinternals"));
    const lock = `${progressFile()}.lock`;
    writeFileSync(lock, "");
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(lock, tomorrow, tomorrow);
    pass("a");
    expect(readProgress().lessons.demo?.passed).toHaveProperty("a");
  });

  test("is refused at once where the kernel makes no folder and says ENOENT", () => {
    vi.stubEnv("XDG_STATE_HOME", "/proc/nowhere/deep");
    expect(() => pass("a")).toThrow("ENOENT");
  });

  test("a full disk leaves the old one", () => {
    pass("a");
    const before = readFileSync(progressFile(), "utf8");
    // RLIMIT_FSIZE: write(2) fails as it does on a full disk, with EFBIG.
    const script = `process.on("SIGXFSZ", () => {});
      const { updateProgress } = await import("${source}/host/progress-file.ts");
      try { updateProgress((p) => ({ ...p, lessons: { ...p.lessons, x: { last: "x".repeat(4e6), at: "", passed: {} } } })); }
      catch (error) { console.log(error.code); }`;
    const limited = ["-c", `ulimit -f 1024; exec "$0" --input-type=module -e '${script}'`];
    const { stdout } = spawnSync("bash", [...limited, process.execPath], { encoding: "utf8" });
    expect(stdout).toBe("EFBIG\n");
    expect(readFileSync(progressFile(), "utf8")).toBe(before);
    expect(readdirSync(join(folder, "tsinternals"))).toEqual(["progress.json"]);
  });
});
