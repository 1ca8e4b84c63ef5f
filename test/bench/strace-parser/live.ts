import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

/** strace as fast as it goes: one small call after the other, for about ten seconds. */
const COMMAND = ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=400000"];
const OPTIONS = ["-f", "-q", "-ttt", "-T", "-y", "-s", "256"];

/** What live-reader.ts prints. */
export interface LiveReport {
  readonly events: number;
  readonly seconds: number;
  /** CPU time of the reading process ÷ time. */
  readonly share: number;
  /** Milliseconds from the call's end to its event on the timeline. */
  readonly p50: number;
  readonly p99: number;
  /** Heap in use at the end against that after two seconds, in MB, the timelines' apart. */
  readonly growth: number;
}

/** strace → FIFO → parser → timeline, at strace's full rate. */
export async function benchLive(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "strace-parser-live-"));
  const fifo = join(folder, "trace");
  try {
    if (spawnSync("mkfifo", [fifo]).status !== 0) return skip("no FIFO can be made");
    const script = join(import.meta.dirname, "live-reader.ts");
    const node = ["--conditions=source", "--expose-gc", script, fifo];
    const reader = spawn(process.execPath, node, { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    reader.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
    const closed = once(reader, "close");
    const tracer = spawn("strace", [...OPTIONS, "-o", fifo, "--", ...COMMAND], { stdio: "ignore" });
    const traced = Promise.race([once(tracer, "exit"), once(tracer, "error")]);
    // Each waits for the other when it opens the FIFO: when one goes, the other must.
    const [first] = await Promise.race([traced, closed]);
    if (first !== 0) for (const process of [reader, tracer]) process.kill();
    const [[failure]] = await Promise.all([traced, closed]);
    if (first !== 0) return skip(`strace or the reader failed: ${failure ?? first}`);
    return describe(JSON.parse(printed) as LiveReport);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function skip(reason: string): Figure[] {
  console.log(`SKIP live: ${reason}`);
  return [];
}

function describe({ events, seconds, share, p50, p99, growth }: LiveReport): Figure[] {
  const rate = (events / seconds).toFixed(0);
  console.log(
    `live: ${events} events in ${seconds.toFixed(1)} s (${rate}/s), p50 ${p50.toFixed(1)} ms`,
  );
  return [
    { name: "live-percent-of-a-core", value: share * 100, goal: 5, least: false },
    { name: "live-p99-ms", value: p99, goal: 5, least: false },
    { name: "live-heap-growth-mb", value: growth, goal: 2, least: false },
  ];
}
