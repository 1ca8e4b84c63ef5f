/**
 * node --conditions=source test/strace-parser/fuzz.ts [--seconds N] [--seed S]
 *
 * Feeds the parser changed lines of real traces and random bytes, and long lines of every shape.
 * It must never throw, must print back exactly what it got, must give the same events however the
 * input is cut into chunks, and must take time linear in a line's length. A failing input is
 * made as small as it goes and written to a file. Exits 1 when there is one.
 */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, makeInput, readSeeds } from "./fuzz-inputs.ts";
import { findFault, LONG_LINES, MOST_GROWTH, shrink, timeLongLine } from "./fuzz-properties.ts";

const MEGABYTE = 1 << 20;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const until = performance.now() + Number(values.seconds) * 1000;

function fuzzLines(): number {
  const seeds = readSeeds();
  const random = createRandom(seed);
  const known = new Set<string>();
  let [inputs, bytes, faults] = [0, 0, 0];
  while (performance.now() < until && faults < 10) {
    const input = makeInput(seeds, random);
    const fault = findFault(input, random);
    inputs++;
    bytes += input.length;
    if (fault === null) continue;
    const small = shrink(input, random);
    if (known.has(small)) continue;
    known.add(small);
    faults++;
    const file = join(tmpdir(), `strace-parser-fuzz-${seed}-${inputs}.strace`);
    writeFileSync(file, small, "latin1");
    console.log(`${file}: ${findFault(small, random) ?? fault}\n  ${JSON.stringify(small)}`);
  }
  console.log(`seed ${seed}: ${inputs} inputs, ${bytes} bytes`);
  judge("faults", faults, 0);
  return faults;
}

/** Long lines of every shape: linear, and a megabyte parsed in 50 ms. */
function timeLongLines(): number {
  const timings = Object.keys(LONG_LINES).map((shape) => timeLongLine(shape, MEGABYTE));
  for (const { shape, parse, all, growth } of timings) {
    const times = `${parse.toFixed(0)} ms parsed, ${all.toFixed(0)} ms with values and printed`;
    console.log(`  ${shape}: ${times}, ×${growth.toFixed(1)} when doubled`);
  }
  const slowest = Math.max(...timings.map(({ parse }) => parse));
  const growth = Math.max(...timings.map((timing) => timing.growth));
  return [
    judge("parse-ms-a-megabyte-line", slowest, 50),
    judge("growth-when-doubled", growth, MOST_GROWTH),
  ].filter((ok) => !ok).length;
}

function judge(figure: string, value: number, most: number): boolean {
  console.log(`${figure} ${+value.toFixed(1)} ≤${most} ${value <= most ? "ok" : "short"}`);
  return value <= most;
}

const faults = fuzzLines();
process.exitCode = faults + timeLongLines() > 0 ? 1 : 0;
