import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { findGuest, GUESTS, type Guest } from "./guests.ts";
import { imageOf, missingOnHost } from "./image.ts";
import {
  type Asking,
  askDoctor,
  LOGINS,
  makeHelper,
  prepare,
  runTests,
  takeLesson,
} from "./jobs.ts";
import { keepRecording } from "./keep-recording.ts";
import { bootMachine, type Machine } from "./machine.ts";
import { type Known, merged, readMatrix, writeMatrix } from "./matrix.ts";
import { AS, type As, faultsOf, type LessonResult, type Row, type TestResult } from "./results.ts";

const USAGE = `npm run test:vm -- GUEST… [--as root|user|sudo|ssh] [--only NAME] [--out DIR] [--seconds N] [--matrix] [--record] [--keep]
  --as       as whom; may be given more than once (all)
  --only     what has this in its name, of lessons/ID, test/…/FILE and native/Makefile; may be given more than once
  --out      where logs, recordings and the console's words go
  --seconds  what a test file may take (1200)
  --matrix   write test/vm/matrix.json and its table in README.md
  --record   keep what was recorded of each lesson that ran whole and without a fault: fixtures/recordings
  --keep     when all is tried, the guest stays up and runs what is typed, a line at a time
guests: ${GUESTS.map(({ name }) => name).join(" ")}`;

const root = resolve(import.meta.dirname, "../..");

/** Not a file of tests, but a test. */
const MAKE = "native/Makefile";

interface Plan {
  readonly guests: readonly Guest[];
  readonly as: readonly As[];
  readonly out: string;
  readonly seconds: number;
  readonly writes: boolean;
  readonly records: boolean;
  readonly keeps: boolean;
  wants(name: string): boolean;
}

function readPlan(): Plan {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      as: { type: "string", multiple: true, default: [...AS] },
      only: { type: "string", multiple: true, default: [""] },
      out: { type: "string" },
      seconds: { type: "string", default: "1200" },
      matrix: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Error(USAGE);
  return {
    guests: positionals.map((name) => {
      const guest = findGuest(name);
      if (guest === undefined) throw new Error(`there is no guest "${name}"\n${USAGE}`);
      return guest;
    }),
    as: values.as.map((as) => {
      if (!AS.includes(as as As)) throw new Error(`--as ${as}\n${USAGE}`);
      return as as As;
    }),
    out: resolve(values.out ?? mkdtempSync(join(tmpdir(), "tsi-vm-out-"))),
    seconds: Number(values.seconds),
    writes: values.matrix,
    records: values.record,
    keeps: values.keep,
    wants: (name) => values.only.some((part) => name.includes(part)),
  };
}

/** Everything there is to try, found by being there. */
function findKnown(): Known {
  const folders = readdirSync(join(root, "lessons"), { withFileTypes: true });
  const files = (folder: string): string[] =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `${folder}/${name}`);
  return {
    guests: GUESTS.map(({ name }) => name),
    lessons: folders.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    testFiles: [MAKE, ...files("test/live"), ...files("test/e2e")],
  };
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

/** Boots a guest and tries everything wanted in it, as each kind of user. */
async function tryGuest(guest: Guest, plan: Plan, known: Known, done: Done): Promise<void> {
  const out = join(plan.out, guest.name);
  mkdirSync(out, { recursive: true });
  const image = imageOf(guest.suite, say);
  say(`${guest.name}: booting`);
  const machine = await bootMachine({ image, boot: guest.boot, console: join(out, "console.log") });
  try {
    say(`${guest.name}: up`);
    await prepare(machine, guest.setup, out);
    for (const as of plan.as) await tryAs({ machine, as, out, say }, guest, plan, known, done);
    if (plan.keeps) await takeCommands(machine, plan.as[0] ?? "root");
  } finally {
    await machine.end();
  }
}

/** Each line is a job of its own, after a new login; end of file switches the guest off. */
async function takeCommands(machine: Machine, as: As): Promise<void> {
  const job = { name: "typed", ...LOGINS[as], seconds: 600 } as const;
  say(`the guest is up; a line is run as ${job.user}, the end of the input switches it off`);
  for await (const script of createInterface({ input: process.stdin })) {
    const { status, log } = await machine.run({ ...job, script });
    console.log(`${log}[exit ${status}]`);
  }
}

type Done = (row: Row) => void;

/** What was found is told even when the guest breaks on the way. */
async function tryAs(
  asking: Asking,
  guest: Guest,
  plan: Plan,
  known: Known,
  done: Done,
): Promise<void> {
  const { lessons: promised, ...facts } = await askDoctor(asking);
  const lessons: Record<string, LessonResult> = {};
  const tests: Record<string, TestResult> = {};
  const { name, about } = guest;
  const date = new Date().toISOString().slice(0, 10);
  const row: Row = { guest: name, about, as: asking.as, date, ...facts, lessons, tests };
  try {
    for (const id of known.lessons.filter((lesson) => plan.wants(`lessons/${lesson}`))) {
      const result = await takeLesson(asking, id, promised.get(id) ?? "replay");
      lessons[id] = result;
      if (plan.records) say(keepRecording(asking, id, result, facts.cgroup));
    }
    for (const file of guest.tests ? known.testFiles.filter(plan.wants) : [])
      tests[file] =
        file === MAKE ? await makeHelper(asking) : await runTests(asking, file, plan.seconds);
  } finally {
    done(row);
  }
}

function report(row: Row): void {
  const { guest, as, kernel, cgroup, doctor } = row;
  console.log(`\n${guest} as ${as}: Linux ${kernel}, cgroup ${cgroup}`);
  console.log(`  doctor: ${doctor.live ? "live" : "recordings"} ${doctor.lacks.join("; ")}`);
  for (const [id, { mode, steps, unable, passed, failed, skipped, why }] of Object.entries(
    row.lessons,
  ))
    console.log(
      `  lesson ${id}: ${mode}, ${steps} steps (${unable} could not run), ${passed} passed, ${failed} failed, ${skipped} skipped${why ? ` (${why})` : ""}`,
    );
  for (const [file, { passed, failed, skipped }] of Object.entries(row.tests)) {
    console.log(`  ${file}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    for (const reason of skipped) console.log(`    SKIP ${reason}`);
  }
  for (const fault of faultsOf(row)) console.log(`  FAULT ${fault}`);
}

/** The guests get the program and its helper as they are built here, which may be long ago. */
function build(): void {
  const { status } = spawnSync(process.execPath, [join(root, "src/build.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("npm run build ended with an error");
}

async function main(): Promise<number> {
  const plan = readPlan();
  const missing = missingOnHost();
  if (missing.length > 0) throw new Error(missing.join("\n"));
  build();
  const known = findKnown();
  const rows: Row[] = [];
  const faults: string[] = [];
  for (const guest of plan.guests)
    try {
      await tryGuest(guest, plan, known, (row) => {
        rows.push(row);
        faults.push(...faultsOf(row));
        if (plan.writes) writeMatrix(merged(readMatrix(), row, known), known);
      });
    } catch (error) {
      faults.push(`${guest.name}: ${(error as Error).message}`);
      console.log(`FAULT ${faults.at(-1)}`);
    }
  for (const row of rows) report(row);
  const counts = `${rows.length} rows, ${faults.length} faults`;
  console.log(`\n${counts}; what they left is in ${plan.out}`);
  return faults.length === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => process.exit(130));
try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
