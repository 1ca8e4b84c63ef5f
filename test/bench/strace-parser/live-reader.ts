/** node --conditions=source --expose-gc live-reader.ts FIFO: see live.ts. */
import { constants, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createTraceReader } from "../../../src/sources/trace.ts";
import type { Event } from "../../../src/timeline/event.ts";
import { createTimeline, type Timeline } from "../../../src/timeline/timeline.ts";
import type { LiveReport } from "./live.ts";

/**
 * strace flushes each line. Waking up for each would cost more than all the rest, so what has come
 * is read every three milliseconds; a pipe holds 64 KiB, three times what comes in that time at
 * its fastest.
 */
const INTERVAL = 3;
/** Milliseconds in which V8 compiles; they are not counted. */
const WARM_UP = 2000;
const epochMillis = performance.timeOrigin;

const reader = createTraceReader({
  run: 1,
  fromMicroseconds: (micros) => (micros / 1000 - epochMillis) * 1e6,
  now: () => performance.now() * 1e6,
  hostPid: () => undefined,
});

// A timeline keeps everything, on purpose. To see whether the rest keeps anything, a new one
// takes over now and then.
const ENOUGH = 10_000;
let timeline: Timeline = createTimeline();
let count = 0;
/** Latencies in steps of 10 µs. */
const latencies = new Uint32Array(100_000);

function append(events: readonly Event[]): void {
  timeline.append(events);
  const now = performance.now();
  for (const event of events) {
    if (event.kind !== "syscall" || event.seconds === undefined) continue;
    const latency = now - event.t / 1e6 - event.seconds * 1000;
    const step = Math.min(Math.max(Math.round(latency * 100), 0), latencies.length - 1);
    latencies[step] = (latencies[step] as number) + 1;
  }
  count += events.length;
  if (timeline.events.length < ENOUGH) return;
  timeline = createTimeline();
}

/** Collected twice: when the counting begins and when it is over. */
function heapInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

function percentile(share: number): number {
  const all = latencies.reduce((sum, n) => sum + n, 0);
  let seen = 0;
  for (const [step, n] of latencies.entries()) {
    seen += n;
    if (seen >= all * share) return step / 100;
  }
  return Number.NaN;
}

const fifo = openSync(process.argv[2] as string, constants.O_RDONLY);
const buffer = new Uint8Array(1 << 16);
const started = performance.now();
let cpu = process.cpuUsage();
let warm = false;
let heapBefore = Number.NaN;
for (;;) {
  if (!warm && performance.now() - started > WARM_UP) {
    warm = true;
    timeline = createTimeline();
    heapBefore = heapInUse();
    cpu = process.cpuUsage();
    latencies.fill(0);
  }
  const length = readSync(fifo, buffer);
  if (length === 0) break;
  append(reader.push(buffer.subarray(0, length)));
  await sleep(INTERVAL);
}
append(reader.end());
timeline = createTimeline();
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const report: LiveReport = {
  events: count,
  seconds,
  share: (user + system) / 1e6 / (seconds - WARM_UP / 1000),
  p50: percentile(0.5),
  p99: percentile(0.99),
  growth: heapInUse() - heapBefore,
};
console.log(JSON.stringify(report));
