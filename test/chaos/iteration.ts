import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { readFingerprint } from "../../src/host/fingerprint.ts";
import type { Ground, Standing } from "./ground.ts";
import { cluesOf, findLeft, isClean, type Left, type Traceable } from "./left.ts";
import type { Plan } from "./plan.ts";
import type { Probe, Strike } from "./probe.ts";
import { tidyAway } from "./tidy.ts";
import { monotonic, startUi } from "./ui-process.ts";

/** How one iteration went. */
export interface Outcome {
  readonly plan: Plan;
  readonly strike: Strike;
  /** From the last kill, or from the end that was asked for, until nothing was left. */
  readonly milliseconds: number | null;
  /** Until the kernel had freed the user namespaces too, which nothing leads to any more. */
  readonly freed: number | null;
  /** After the patience, or null. */
  readonly left: Left | null;
  /** What --reap could not remove of that; null: it is all gone. */
  readonly reaped: Left | null;
  /** Nobody was left who could tidy up: see Standing.tidiers. */
  readonly nobody: boolean;
  /** Parts of the load that had come up. */
  readonly loaded: readonly string[];
  readonly said: readonly string[];
  /** About processes that are left. */
  readonly clues: readonly string[];
}

/** What must be gone after this long without anybody's help; and where there is nobody who could. */
const PATIENCE_MILLISECONDS = 3000;
const NOBODY_MILLISECONDS = 500;

export async function iterate(plan: Plan, ground: Ground, probe: Probe): Promise<Outcome> {
  const standing = ground.stand(plan);
  const traceable = traceableOf(plan, standing);
  const ui = await startUi(plan, standing, traceable);
  ui.send("go");
  const asked =
    plan.window === "teardown" ? await ui.liveAndEnd(plan.livedMicroseconds / 1000) : null;
  const strike = await probe.strike(ui.pid, plan.microseconds, plan.random, plan.victims);
  const since = asked !== null && strike.killed.length === 0 ? asked : ui.endAfter(strike);
  const nobody = nobodyLeft(strike, standing);
  const patience = nobody ? NOBODY_MILLISECONDS : PATIENCE_MILLISECONDS;
  const { left, milliseconds, freed } = await waitUntilClean(probe, traceable, since, patience);
  const clues = left === null ? [] : left.processes.slice(0, 3).map(cluesOf);
  // What hangs must not be in the way of the next.
  ui.process.kill("SIGKILL");
  const reaped = left === null ? null : await reap(standing, probe, traceable);
  const { loaded, said } = ui;
  return { plan, strike, milliseconds, freed, left, reaped, nobody, loaded, said, clues };
}

/** What is left after what the next `up` would do; null: nothing. */
async function reap(
  { reap: [program, ...args] }: Standing,
  probe: Probe,
  traceable: Traceable,
): Promise<Left | null> {
  spawnSync(program, args, { stdio: "ignore", timeout: 20_000 });
  const { left } = await waitUntilClean(probe, traceable, monotonic(), PATIENCE_MILLISECONDS);
  if (left !== null) await tidyAway(left);
  return left;
}

function traceableOf(plan: Plan, { journals }: Standing): Traceable {
  const name = `chaos-${process.pid}-${plan.seed}`;
  return {
    mark: `${name}.mark`,
    lab: `tsi-${name}-`,
    journals,
    before: readFingerprint(),
  };
}

/** Only then may something wait for the next `up`, or for --reap. */
function nobodyLeft({ there, killed }: Strike, { tidiers }: Standing): boolean {
  const present = tidiers.filter((who) => there.includes(who));
  return present.length > 0 && present.every((who) => killed.includes(who));
}

/**
 * A user namespace is freed by a worker of the kernel's, some RCU grace periods after the last
 * credentials that name it: 46 ms after a bare `unshare -U sleep` was killed, on an idle machine.
 */
function withoutUserNamespaces(left: Left): Left {
  return { ...left, namespaces: left.namespaces.filter((name) => !name.startsWith("user:")) };
}

async function waitUntilClean(
  probe: Probe,
  traceable: Traceable,
  since: number,
  patience: number,
): Promise<Pick<Outcome, "left" | "milliseconds" | "freed">> {
  let milliseconds: number | null = null;
  for (;;) {
    const t = monotonic();
    const left = await findLeft(probe, traceable);
    const freed = (t - since) / 1e6;
    if (milliseconds === null && isClean(withoutUserNamespaces(left))) milliseconds = freed;
    if (isClean(left)) return { left: null, milliseconds, freed };
    if (freed > patience) return { left, milliseconds: null, freed: null };
    await sleep(1);
  }
}
