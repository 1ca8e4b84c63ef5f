import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  asNobody,
  hostFingerprint,
  type Line,
  labOf,
  parseLines,
  remains,
  remainsWithin,
  startUntil,
  tsinternals,
  whyNotLive,
} from "./program.ts";

const why = whyNotLive();
const folder = mkdtempSync(join(tmpdir(), "tsi-live-"));
/** Emulated machines take fewer (test/vm). */
const ROUNDS = Number(process.env.TSI_ROUNDS ?? 5);
const running = (step: string) => (line: Line) => line.kind === "run.start" && line.step === step;

describe.skipIf(why !== null)(`the cgroups lesson${why === null ? "" : ` (${why})`}`, () => {
  const recording = join(folder, "session.ndjson");
  let before = "";

  beforeAll(() => {
    before = hostFingerprint();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("runs live to its end, every check passed, and leaves nothing", async () => {
    const { stdout, stderr, exitCode } = await tsinternals([
      ...["lesson", "cgroups", "--auto", "--json"],
      ...["--record", recording],
    ]);
    const lines = parseLines(stdout);
    const summary = lines.at(-1);
    expect(stderr).toBe("");
    expect(summary).toMatchObject({ kind: "summary", lesson: "cgroups", mode: "live", failed: 0 });
    expect(summary?.skipped).toBe(0);
    expect(Number(summary?.steps)).toBeGreaterThanOrEqual(10);
    expect(summary?.passed).toBe(summary?.checks);
    expect(exitCode).toBe(0);
    expect(remains(labOf(lines))).toEqual([]);
    expect(hostFingerprint()).toBe(before);
  });

  test("what it showed is real: an OOM kill, exit 137, system calls, counters", () => {
    const events = parseLines(readFileSync(recording, "utf8"));
    const has = (wanted: Partial<Line>) =>
      events.some((event) =>
        Object.entries(wanted).every(([name, value]) => event[name] === value),
      );
    expect(has({ kind: "process.exit", signal: "SIGKILL" })).toBe(true);
    expect(has({ kind: "run.exit", code: 137 })).toBe(true);
    expect(has({ kind: "syscall", name: "mkdir", result: "0" })).toBe(true);
    expect(has({ kind: "cgroup.write", file: "cgroup.procs" })).toBe(true);
    expect(has({ kind: "observer.cost", observer: "strace" })).toBe(true);
  });

  test("the recording replays to the same outcome, as anybody, without a lab", async () => {
    const args = ["lesson", "cgroups", "--auto", "--json", "--replay", recording];
    const { stdout, exitCode } = await tsinternals(args);
    const lines = parseLines(stdout);
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatchObject({ kind: "summary", mode: "replay", failed: 0, skipped: 0 });
    const recorded = parseLines(readFileSync(recording, "utf8"));
    const observed = (events: Line[]) =>
      events.filter(({ kind }) => !["session.end", "summary"].includes(kind));
    expect(observed(lines)).toEqual(observed(recorded));
  });

  test("--from runs what comes before, and counts what comes after", async () => {
    const args = ["lesson", "cgroups", "--auto", "--json", "--from", "clean"];
    const { stdout, exitCode } = await tsinternals(args);
    expect(parseLines(stdout).at(-1)).toMatchObject({ steps: 1, failed: 0 });
    expect(exitCode).toBe(0);
  });

  test.each([
    ["the UI", (session: { pid?: number }, _lines: Line[]) => session.pid],
    ["the lab's PID 1", (_session: { pid?: number }, lines: Line[]) => labOf(lines).pid],
  ])(
    "kill -9 of %s in the middle of a step leaves nothing within a second",
    async (_who, pidOf) => {
      const args = ["lesson", "cgroups", "--auto", "--json"];
      const { session, lines } = await startUntil(args, running("accounting"));
      process.kill(pidOf(session, lines) as number, "SIGKILL");
      const { left, took } = await remainsWithin(labOf(lines), 1000);
      expect(left).toEqual([]);
      expect(took).toBeLessThan(1000);
      await session;
    },
  );

  test("kill -9 of the helper ends the session with a word, and leaves nothing", async () => {
    const args = ["lesson", "cgroups", "--auto", "--json"];
    const { session, lines } = await startUntil(args, running("accounting"));
    process.kill(helperOf(session.pid as number), "SIGKILL");
    const { left } = await remainsWithin(labOf(lines), 1000);
    expect(left).toEqual([]);
    const { stdout, exitCode } = await session;
    const said = parseLines(stdout).filter(({ kind }) => kind === "diagnostic");
    expect(said.map(({ message }) => message).join()).toContain("helper");
    expect(exitCode).toBe(1);
  });

  test("Ctrl-C ends in order: 130, and the recording plays", async () => {
    const file = join(folder, "cut.ndjson");
    const args = ["lesson", "cgroups", "--auto", "--json", "--record", file];
    const { session, lines } = await startUntil(args, running("accounting"));
    session.kill("SIGINT");
    const { exitCode } = await session;
    expect(exitCode).toBe(130);
    expect(remains(labOf(lines))).toEqual([]);
    const replayed = await tsinternals(["lesson", "cgroups", "--auto", "--json", "--replay", file]);
    expect(parseLines(replayed.stdout).at(-1)).toMatchObject({ mode: "replay", failed: 0 });
  });

  test("without root the recording plays, and says why", async () => {
    const { stdout, exitCode } = await asNobody(["lesson", "cgroups", "--auto"], folder);
    expect(stdout).toContain("REPLAY of a session recorded");
    expect(stdout).toContain("Not live because it needs cgroups");
    expect(exitCode).toBe(0);
    // A rootless lab there is, and the doctor says which lessons it is not enough for.
    const doctor = await asNobody(["doctor"], folder);
    expect(doctor.stdout).toMatch(/user 65534 has no cgroups: lessons about them need root/);
    expect(doctor.stdout).toMatch(/\n\d+ of \d+ lessons run live here, the others play/);
    expect((await asNobody(["lesson", "test", "cgroups"], folder)).exitCode).toBe(3);
  });

  test(`${ROUNDS} times in a row leave nothing`, { timeout: 900_000 }, async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stdout, exitCode } = await tsinternals(["lesson", "cgroups", "--auto", "--json"]);
      const lines = parseLines(stdout);
      expect([round, exitCode, remains(labOf(lines))]).toEqual([round, 0, []]);
    }
    expect(hostFingerprint()).toBe(before);
  });
});

/** The helper among the children of a session: /proc/PID/task/PID/children (proc(5)). */
function helperOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const helper = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").includes("tsi-lab"),
  );
  if (helper === undefined) throw new Error("the session has no helper");
  return Number(helper);
}
