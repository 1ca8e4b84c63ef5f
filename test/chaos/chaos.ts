/**
 * `npm run test:chaos -- --kills N [--seed S] [--mode root|rootless] [--seconds S]`: labs under a
 * hostile load, killed at random moments, and what is left of them. Prints a line for each kind of
 * kill; exits with 1 when anything is left that should not be. `--seed S --kills 1` repeats the one
 * iteration that it names.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { findGround, type Ground, whyNot } from "./ground.ts";
import { iterate, type Outcome } from "./iteration.ts";
import { type Left, SORTS } from "./left.ts";
import { type Mode, planIteration } from "./plan.ts";
import { buildProbe, startProbe } from "./probe.ts";
import { printTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    seed: { type: "string" },
    mode: { type: "string", default: "root" },
    // Stops early rather than late: for a machine that is shared.
    seconds: { type: "string", default: "3600" },
    probe: { type: "string" },
  },
});
const mode = values.mode as Mode;
if (!["root", "rootless"].includes(mode)) throw new Error(`there is no mode ${mode}`);
const reason = whyNot(mode);
if (reason !== null) {
  console.log(`SKIP chaos ${mode}: ${reason}`);
  process.exit(process.env.TSI_REQUIRE_LIVE === "1" ? 1 : 0);
}
if (values.probe === undefined) underReaper();
else process.exitCode = (await run(values.probe)) ? 0 : 1;

/**
 * Once more, below somebody who waits for orphans at once: PID 1 of some containers and virtual
 * machines takes seconds, and a zombie keeps its pid namespace alive, which is not the lab's doing.
 */
function underReaper(): void {
  const { program, remove } = buildProbe();
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  try {
    const { status } = spawnSync(program, ["under", ...again, "--probe", program], {
      stdio: "inherit",
    });
    process.exitCode = status ?? 1;
  } finally {
    remove();
  }
}

async function run(program: string): Promise<boolean> {
  const ground = findGround(mode, program);
  try {
    return await killAll(ground, program);
  } finally {
    ground.remove();
  }
}

async function killAll(ground: Ground, program: string): Promise<boolean> {
  const probe = await startProbe(program);
  const first =
    values.seed === undefined ? (Date.now() >>> 0) % 1_000_000_000 : Number(values.seed);
  const deadline = Date.now() + Number(values.seconds) * 1000;
  const outcomes: Outcome[] = [];
  for (let index = 0; index < Number(values.kills) && Date.now() < deadline; index++) {
    const outcome = await iterate(planIteration(first + index, ground.choice), ground, probe);
    outcomes.push(outcome);
    if (outcome.left !== null) tell(outcome, outcome.left);
  }
  probe.end();
  return printTable(outcomes, { mode, first, handles: probe.handles });
}

function tell(outcome: Outcome, left: Left): void {
  const { plan, strike, said, nobody, loaded, reaped } = outcome;
  const words = nobody ? "waits for the next up" : "LEFT";
  console.error(`${words}: --mode ${plan.mode} --seed ${plan.seed} --kills 1`);
  console.error(`  ${JSON.stringify({ ...plan, load: undefined })}`);
  console.error(`  ${JSON.stringify({ ...strike, t: undefined })} loaded ${loaded.join(" ")}`);
  for (const line of [...said, ...outcome.clues]) console.error(`  ${line}`);
  for (const sort of SORTS)
    if (left[sort].length > 0) console.error(`  ${sort}: ${left[sort].slice(0, 12).join(", ")}`);
  if (reaped !== null) console.error(`  after --reap: ${JSON.stringify(reaped)}`);
}
