/**
 * npm run fuzz:native -- [--seconds N] [--seed S]
 *
 * The helper's parts (native/fuzz) and whole sessions with it, as root when we are and as an
 * ordinary user, under AddressSanitizer and UndefinedBehaviorSanitizer. Prints what was run; a
 * failing input is kept in a file, and the exit code is 1.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../strace-parser/fuzz-inputs.ts";
import { build, helperCommand, native, targets } from "./helper-command.ts";
import { runSession } from "./session.ts";
import { makeSession } from "./session-input.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const folder = mkdtempSync(join(tmpdir(), "tsi-fuzz-"));
chmodSync(folder, 0o755);

/** Half of the time for the parts, half for sessions. */
function fuzzParts(seconds: number): number {
  let faults = 0;
  const names = readdirSync(targets);
  for (const name of names) {
    const each = String(Math.max(1, Math.round(seconds / names.length)));
    const options = ["--seconds", each, "--seed", String(seed), "--out", folder];
    const { status, stdout, stderr } = spawnSync(join(targets, name), options, {
      encoding: "utf8",
    });
    if (status !== 0) faults++;
    process.stdout.write(status === 0 ? stdout : `${name}: seed ${seed}: FAULT\n${stderr}\n`);
  }
  return faults;
}

async function fuzzSessions(mode: "root" | "rootless", seconds: number): Promise<number> {
  const copy = join(folder, "tsi-lab");
  copyFileSync(join(native, "build/check/tsi-lab"), copy);
  const random = createRandom(seed);
  const until = performance.now() + seconds * 1000;
  let [sessions, requests, faults, hangs] = [0, 0, 0, 0];
  while (performance.now() < until && faults < 5) {
    const input = makeSession(random, mode);
    const outcome = await runSession(helperCommand(mode, copy), input);
    sessions++;
    requests += outcome.requests;
    if (outcome.hung) hangs++;
    if (outcome.fault === null) continue;
    faults++;
    const file = join(tmpdir(), `tsi-fuzz-${mode}-${seed}-${sessions}.ndjson`);
    writeFileSync(file, Buffer.concat([...input.chunks]));
    console.log(`${file} (${input.end}): ${outcome.fault}`);
  }
  const found = `${faults} faults, ${hangs} of them hangs`;
  console.log(
    `sessions ${mode}: seed ${seed}: ${sessions} sessions, ${requests} requests, ${found}`,
  );
  return faults;
}

build();
const modes = process.getuid?.() === 0 ? (["root", "rootless"] as const) : (["rootless"] as const);
const seconds = Number(values.seconds);
let faults = fuzzParts(seconds / 2);
for (const mode of modes) faults += await fuzzSessions(mode, seconds / 2 / modes.length);
if (faults === 0) rmSync(folder, { recursive: true });
process.exitCode = faults > 0 ? 1 : 0;
