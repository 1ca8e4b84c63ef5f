import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../bundle.ts";
import { median } from "../compare.ts";
import type { Outcome } from "../figure.ts";
import { cpuSeconds, residentMegabytes } from "./process.ts";
import { type BenchTerminal, openTerminal } from "./terminal.ts";

const PER_SECOND = 100_000;
const SIZE = { columns: 200, rows: 60 } as const;

/** What the flood's program says in the end. */
interface Counts {
  readonly emitted: number;
  readonly kept: number;
  readonly counted: number;
  readonly floods: number;
}

interface Flooded {
  /** Milliseconds from each key to the row that answers it. */
  readonly keys: readonly number[];
  /** The same of a program that does nothing but answer: what the machine makes of it just now. */
  readonly bare: readonly number[];
  readonly cpuPercent: number;
  /** Once a second, in megabytes. */
  readonly resident: readonly number[];
  readonly kilobytesPerSecond: number;
  readonly counts: Counts;
}

/** 100,000 events a second on a screen of 200 columns and 60 rows. */
export async function* floodFigures(seconds: number): AsyncGenerator<Outcome> {
  const { file, folder, remove } = await bundle({
    entryPoints: ["test/bench/ui/flood-program.ts"],
  });
  try {
    const report = join(folder, "counts.json");
    yield* figuresOf(await flooded(file, report, seconds), seconds);
  } finally {
    remove();
  }
}

function* figuresOf(it: Flooded, seconds: number): Generator<Outcome> {
  const { keys, bare, resident, counts } = it;
  yield {
    name: "flood-key-to-repaint-p95-milliseconds",
    value: p95(keys),
    atMost: 20,
    detail: `median ${median(keys).toFixed(1)}, ${keys.length} keys; a program that only answers: p95 ${p95(bare).toFixed(1)}, median ${median(bare).toFixed(1)}`,
  };
  yield {
    name: "flood-cpu-percent",
    value: it.cpuPercent,
    atMost: 25,
    detail: `of a core, the source included; ${it.kilobytesPerSecond.toFixed(0)} kB/s to the terminal`,
  };
  yield {
    name: "flood-resident-megabytes",
    value: Math.max(...resident),
    atMost: 200,
    detail: `every 10 s: ${resident.filter((_, second) => second % 10 === 9).map(Math.round)}`,
  };
  const third = Math.floor(resident.length / 3);
  yield {
    name: "flood-resident-last-third-over-second",
    value: median(resident.slice(-third)) / median(resident.slice(third, 2 * third)),
    atMost: 1.1,
    detail: "flat: it does not grow with what has happened",
  };
  yield {
    name: "flood-neither-kept-nor-counted",
    value: counts.emitted - counts.kept - counts.counted,
    atMost: 0,
    detail: `${counts.emitted} events: ${counts.kept} kept, ${counts.counted} counted in ${counts.floods} events`,
  };
  yield {
    name: "flood-events-too-few-percent",
    value: 100 * (1 - counts.emitted / (PER_SECOND * seconds)),
    atMost: 1,
    detail: `${Math.round(counts.emitted / seconds)} a second`,
  };
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

async function flooded(file: string, report: string, seconds: number): Promise<Flooded> {
  const terminal = openTerminal([file, `${PER_SECOND}`, `${seconds}`, report], SIZE);
  const bare = openTerminal(["-e", BARE], SIZE);
  const { pid } = terminal;
  try {
    await terminal.until("Enter");
    // The keyboard is read a moment after the first frame is there.
    await sleep(1000);
    terminal.write("\r");
    await sleep(500);
    terminal.write("\r");
    await terminal.until("tool");
    const [cpu, bytes, begun] = [cpuSeconds(pid), terminal.bytes(), performance.now()];
    const resident: number[] = [];
    const sampling = setInterval(() => resident.push(residentMegabytes(pid)), 1000);
    // What the last second does belongs to the end: the counts are written then.
    const pressed = await pressKeys(terminal, bare, begun + (seconds - 1) * 1000);
    clearInterval(sampling);
    const took = (performance.now() - begun) / 1000;
    const cpuPercent = (100 * (cpuSeconds(pid) - cpu)) / took;
    const kilobytesPerSecond = (terminal.bytes() - bytes) / 1000 / took;
    while (!existsSync(report)) await sleep(100);
    await sleep(100);

    const counts = JSON.parse(readFileSync(report, "utf8")) as Counts;
    return { ...pressed, cpuPercent, resident, kilobytesPerSecond, counts };
  } finally {
    await terminal.kill();
    await bare.kill();
  }
}

const BARE = `process.stdin.setRawMode(true).on("data", (key) => process.stdout.write("answer " + key))`;

/** Two panes take the focus by turns; its mark stands before a name where it did not before. */
async function pressKeys(
  terminal: BenchTerminal,
  only: BenchTerminal,
  end: number,
): Promise<Pick<Flooded, "keys" | "bare">> {
  const answers = [
    { key: "1", shows: "▸ 1 events" },
    { key: "2", shows: "▸ 2 processes" },
  ] as const;
  const keys: number[] = [];
  const bare: number[] = [];
  while (performance.now() < end) {
    const { key, shows } = answers[keys.length % 2] as (typeof answers)[0];
    // At no fixed phase of whatever the program does at intervals.
    await sleep(150 + Math.random() * 200);
    keys.push(await answerTo(terminal, key, shows));
    bare.push(await answerTo(only, key, `answer ${key}`));
  }
  return { keys, bare };
}

function answerTo(terminal: BenchTerminal, key: string, shows: string): Promise<number> {
  terminal.mark();
  terminal.write(key);
  return terminal.until(shows);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
