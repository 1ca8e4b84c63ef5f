/**
 * npm run bench:strace-parser [-- --rounds N] [--no-live]
 *
 * How fast the parser reads a trace of 200 MB, against other ways to read it in the same run, and
 * what it costs live. Each contender is a process of its own; they take turns. Times are CPU time
 * (user and system, for Node with its collecting and compiling threads), because others use the
 * machine too; Node's and C's are taken inside, from opening the file to its end, those of wc and
 * mawk are of the whole process. A ratio is the median over the rounds of the two times of one
 * round. Exits 1 when a figure is short of its goal.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, printFigure } from "./figure.ts";
import { benchLive } from "./live.ts";
import { makeTrace } from "./make-trace.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    "no-live": { type: "boolean", default: false },
  },
});
const ROUNDS = Number(options.rounds);

/** One measured run; `sums` is what was read: lines, calls, args, failed, micros. */
interface Run {
  readonly seconds: number;
  readonly sums: readonly number[];
}

interface Contender {
  readonly name: string;
  readonly fields: string;
  readonly argv: readonly string[];
  /** Prints its time itself, and its sums. */
  readonly inside: boolean;
}

const MAWK =
  '{ pid = $1; time = $2; i = index($3, "("); name = substr($3, 1, i - 1); n[name]++ } END { for (k in n) t += n[k]; print t }';

function contendersFor(file: string, folder: string): Contender[] {
  const node = (name: string, fields: string): Contender => {
    const script = join(import.meta.dirname, "contender.ts");
    const argv = [process.execPath, "--conditions=source", script, name, file];
    return { name, fields, argv, inside: true };
  };
  const outside = (name: string, fields: string, argv: string[]): Contender[] =>
    has(argv[0] as string) ? [{ name, fields, argv: [...argv, file], inside: false }] : [];
  return [
    ...outside("wc -l", "lines", ["wc", "-l"]),
    ...compileScan(folder, file),
    node("spans", "all, arguments as spans, halves joined"),
    node("events", "an object a call, arguments as spans"),
    node("typed", "all, each value a tree of nodes"),
    node("readline", "lines"),
    node("naive", "arguments as one string, halves apart"),
    ...outside("mawk", "pid, time, name", ["mawk", MAWK]),
  ];
}

function has(program: string): boolean {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status === 0) return true;
  console.log(`SKIP ${program}: it is not installed`);
  return false;
}

function compileScan(folder: string, file: string): Contender[] {
  if (!has("cc")) return [];
  const binary = join(folder, "scan");
  const source = join(import.meta.dirname, "scan.c");
  const { status, stderr } = spawnSync("cc", ["-O2", "-D_GNU_SOURCE", "-o", binary, source], {
    encoding: "utf8",
  });
  if (status !== 0) {
    console.log(`SKIP c-scan: cc fails: ${stderr}`);
    return [];
  }
  const fields = "all, arguments as spans, halves joined";
  return [{ name: "c-scan", fields, argv: [binary, file], inside: true }];
}

function measure({ name, argv, inside }: Contender): Run {
  // times(1) of the shell: its own on one line, its children's on the next.
  const timed = ["sh", "-c", '"$@" >/dev/null; times', "sh", ...argv];
  const [program = "", ...args] = inside ? argv : timed;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  if (inside) {
    const [seconds = 0, ...sums] = stdout.trim().split(" ").map(Number);
    return { seconds, sums: sums.slice(0, 5) };
  }
  const times = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = times.reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return { seconds, sums: [] };
}

function benchSpeed(file: string): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), "strace-parser-bench-"));
  try {
    const contenders = contendersFor(file, folder);
    const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const each of contenders) {
        // mawk takes as long as all others together, and nothing is judged by it.
        if (each.name !== "mawk" || round === 0) runs.get(each.name)?.push(measure(each));
      }
    }
    const bytes = statSync(file).size;
    printTable(contenders, runs, bytes);
    return speedFigures(runs, bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function printTable(
  contenders: readonly Contender[],
  runs: ReadonlyMap<string, readonly Run[]>,
  bytes: number,
): void {
  const lines = runs.get("readline")?.[0]?.sums[0];
  console.log(`\n${bytes} bytes, ${lines} lines, ${ROUNDS} rounds, ${cpus().length} cores`);
  console.log("         CPU s (median)  best   MB/s (median)  best   fields");
  for (const { name, fields } of contenders) {
    const seconds = (runs.get(name) ?? []).map((run) => run.seconds);
    const [middle, best] = [median(seconds), Math.min(...seconds)];
    const speed = (s: number): string => (bytes / 1e6 / s).toFixed(0).padStart(5);
    console.log(
      `${name.padEnd(12)} ${middle.toFixed(2).padStart(8)} ${best.toFixed(2).padStart(7)}` +
        `       ${speed(middle)}      ${speed(best)}   ${fields}`,
    );
  }
  console.log();
}

function speedFigures(runs: ReadonlyMap<string, readonly Run[]>, bytes: number): Figure[] {
  /** How many times as fast as `other`. */
  const ratio = (name: string, other: string, goal: number): Figure[] => {
    const others = runs.get(other) ?? [];
    const ratios = (runs.get(name) ?? []).flatMap((run, round) => {
      const against = others[round];
      return against === undefined ? [] : [against.seconds / run.seconds];
    });
    if (ratios.length === 0) return [];
    return [{ name: `${name}-over-${other}`, value: median(ratios), goal, least: true }];
  };
  const typed = (runs.get("typed") ?? []).map((run) => bytes / 1e6 / run.seconds);
  return [
    ...ratio("spans", "naive", 2.5),
    ...ratio("spans", "readline", 1.2),
    ...ratio("spans", "c-scan", 0.7),
    { name: "typed-mb-per-s", value: median(typed), goal: 100, least: true },
    ...ratio("typed", "naive", 1),
    sameSums(runs),
  ];
}

/** Calls, arguments, failures and time in calls: the parser and the C program must agree. */
function sameSums(runs: ReadonlyMap<string, readonly Run[]>): Figure {
  const read = ["c-scan", "spans", "events", "typed"].flatMap((name) => {
    const sums = runs.get(name)?.[0]?.sums;
    if (sums !== undefined) console.log(`${name} read ${sums.slice(1).join(" ")}`);
    return sums === undefined ? [] : [sums.slice(1).join(" ")];
  });
  return { name: "different-readings", value: new Set(read).size - 1, goal: 0, least: false };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const trace = makeTrace();
const figures: Figure[] = [];
if ("skip" in trace) console.log(`SKIP bench: ${trace.skip}`);
else figures.push(...benchSpeed(trace.file));
if (!options["no-live"]) figures.push(...(await benchLive()));
process.exitCode = figures.map(printFigure).every((ok) => ok) ? 0 : 1;
