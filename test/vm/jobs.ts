import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended, Job, Machine } from "./machine.ts";
import type { As, LessonResult, TestResult } from "./results.ts";

/** What is asked of a guest, and what its answers mean. */
export interface Asking {
  readonly machine: Machine;
  readonly as: As;
  /** Where the logs and recordings go. */
  readonly out: string;
  readonly say: (line: string) => void;
}

/** How much slower than the host's own an emulated processor is taken to be. */
const SLOW = 6;
/** How often a test repeats what it repeats to be sure: the host does that. */
const ROUNDS = 2;
const PROGRAM = "node dist/tsinternals.mjs";

/** How one logs in as each. */
export const LOGINS: Readonly<Record<As, Pick<Job, "user" | "terminal">>> = {
  root: { user: "root", terminal: "none" },
  user: { user: "learner", terminal: "none" },
  sudo: { user: "learner", terminal: "pty" },
  ssh: { user: "learner", terminal: "ssh" },
};

/** Makes of the guest what it is to be. The helper comes along as the host has built it. */
export async function prepare(machine: Machine, setup: string, out: string): Promise<void> {
  const job = { name: "setup", user: "root", terminal: "none", seconds: 120 } as const;
  const { status, log } = await machine.run({ ...job, script: setup });
  writeFileSync(join(out, "setup.log"), log);
  if (status !== 0) throw new Error(`the guest's setup failed: ${log}`);
}

/** The helper's sources mean the same to the guest's compiler and headers, without a warning. */
export async function makeHelper(asking: Asking): Promise<TestResult> {
  const ended = await ask(asking, "make", 600, [
    "make -s -j2 -C native BUILD=build/guest CFLAGS=-O1",
  ]);
  const passed = ended.status === 0;
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] };
}

export interface Promised {
  readonly kernel: string;
  readonly systemd: string;
  readonly cgroup: string;
  readonly doctor: { readonly live: boolean; readonly lacks: readonly string[] };
  readonly lessons: ReadonlyMap<string, "live" | "replay">;
}

/** What `doctor` and `list` say will run. */
export async function askDoctor(asking: Asking): Promise<Promised> {
  const ended = await ask(asking, "doctor", 120, [
    'uname -r >"$OUT/kernel"',
    `systemctl --version | sed -n '1s/systemd \\([0-9]*\\).*/\\1/p' >"$OUT/systemd"`,
    `${program(asking.as)} doctor --json >"$OUT/doctor.json"`,
    "case $? in 0 | 3) ;; *) exit 1 ;; esac",
    `${program(asking.as)} list --json >"$OUT/list.json"`,
  ]);
  if (ended.status !== 0) throw new Error(`doctor or list broke: ${ended.log}`);
  const text = (name: string): string => readFileSync(join(ended.out, name), "utf8").trim();
  const doctor = JSON.parse(text("doctor.json")) as DoctorAnswer;
  const list = JSON.parse(text("list.json")) as { id: string; live: boolean }[];
  const lacks = doctor.findings.filter(({ ok }) => !ok).map(({ id, found }) => `${id}: ${found}`);
  const cgroup = doctor.findings.find(({ id }) => id === "cgroup")?.found ?? "unknown";
  return {
    ...{ kernel: text("kernel"), systemd: text("systemd"), cgroup },
    doctor: { live: doctor.ok, lacks },
    lessons: new Map(list.map(({ id, live }) => [id, live ? "live" : "replay"])),
  };
}

interface DoctorAnswer {
  readonly ok: boolean;
  readonly findings: readonly { id: string; ok: boolean; found: string }[];
}

/** Takes a lesson; its recording is an artefact. Where it cannot be live, what it says instead. */
export async function takeLesson(
  asking: Asking,
  id: string,
  expected: "live" | "replay",
): Promise<LessonResult> {
  const lesson = `${program(asking.as)} lesson ${id} --auto --json`;
  const ended = await ask(asking, `lesson-${id}`, 900, [
    `${lesson} --record "$OUT/recording.ndjson" >"$OUT/lines" 2>"$OUT/said"`,
    "status=$?",
    // A replay is not recorded.
    `[ $status = 3 ] && { ${lesson} >"$OUT/lines" 2>"$OUT/said"; status=$?; }`,
    "exit $status",
  ]);
  const said = readIf(join(ended.out, "said")).trim();
  const lines = readIf(join(ended.out, "lines")).trim().split("\n");
  const last = lines.at(-1) ?? "";
  const summary = last.startsWith('{"kind":"summary"') ? (JSON.parse(last) as LessonSummary) : null;
  if (summary === null) {
    const why = said || ended.log.trim() || `exit ${ended.status}`;
    const nothing = { steps: 0, unable: 0, passed: 0, failed: 0, skipped: 0, lacks: [] };
    return { mode: "broken", ...nothing, why, expected };
  }
  const { mode, steps, unable, passed, failed, skipped } = summary;
  const why = /not live because (.*)/.exec(said)?.[1] ?? null;
  return { mode, steps, unable, passed, failed, skipped, lacks: lacksIn(lines), why, expected };
}

type LessonSummary = Omit<LessonResult, "lacks" | "why" | "expected">;

function lacksIn(lines: readonly string[]): LessonResult["lacks"] {
  return lines
    .filter((line) => line.startsWith('{"kind":"step.unable"'))
    .map((line) => JSON.parse(line) as { step: string; why: string })
    .map(({ step, why }) => ({ step, why }));
}

/** Runs a file of live tests. */
export async function runTests(asking: Asking, file: string, seconds: number): Promise<TestResult> {
  const vitest = "node --import ./test/slow-clock.ts node_modules/vitest/vitest.mjs run";
  const command = `${vitest} --config test/vitest.config.ts --project live ${file}`;
  const environment = `TSI_SLOW=${SLOW} TSI_ROUNDS=${ROUNDS} NO_COLOR=1`;
  const sudo = asking.as === "sudo" ? "sudo " : "";
  const name = file.replace(/^test\//, "").replaceAll("/", "-");
  const ended = await ask(asking, name, seconds, [`${sudo}env ${environment} ${command}`]);
  return testResult(ended.log, ended.status);
}

/** What test/closing-line-reporter.ts printed. No closing line: nothing can be said but that it broke. */
export function testResult(log: string, status: number): TestResult {
  const closing = [...log.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  const skipped = [...log.matchAll(/^SKIP (.*)$/gm)].map((match) => match[1] as string);
  if (closing === undefined) return { passed: 0, failed: 1, skipped };
  const failed = Number(closing[2]);
  return {
    passed: Number(closing[1]),
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: skipped.slice(-Number(closing[3])),
  };
}

function program(as: As): string {
  return as === "sudo" ? `sudo ${PROGRAM}` : PROGRAM;
}

async function ask(
  { machine, as, out, say }: Asking,
  name: string,
  seconds: number,
  lines: readonly string[],
): Promise<Ended> {
  const script = lines.join("\n");
  const ended = await machine.run({ name, ...LOGINS[as], script, seconds });
  const folder = join(out, as, name);
  mkdirSync(folder, { recursive: true });
  if (existsSync(ended.out)) cpSync(ended.out, folder, { recursive: true });
  writeFileSync(join(folder, "log"), ended.log);
  const how = ended.status === 124 ? "took too long" : `exit ${ended.status}`;
  say(`${as} ${name}: ${how} after ${ended.seconds} s`);
  return ended;
}

function readIf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
