import { giveScreenBack } from "../alternate-screen.ts";
import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { installCommand } from "../host/packages.ts";
import { setupPlan } from "../host/setup.ts";
import { UserError } from "../user-error.ts";
import { consents, runPlan, showPlan } from "./run-plan.ts";

/** What this host is and has, once what it lacks was offered. */
export async function hostFacts(): Promise<HostFacts> {
  return offerMissing(await readHostFacts());
}

const ASKED = { input: process.stdin, output: process.stderr } as const;

/**
 * Offers to install what every live lesson uses and this host lacks: a compiler for the helper,
 * strace to show system calls; the plan is that of `tsinternals setup`. Asks only where somebody can
 * answer and root can do it; otherwise says what is missing (strace) or leaves it to the reason for
 * the replay (the helper).
 */
async function offerMissing(facts: HostFacts): Promise<HostFacts> {
  const { platform, helper, strace, root, installer } = facts;
  if (platform !== "linux" || (helper && strace !== null)) return facts;
  const attended = ASKED.input.isTTY === true && ASKED.output.isTTY === true;
  if (!attended || !root || installer === null) {
    if (strace === null && root)
      say(
        `strace is not installed: no system calls will be shown (${installCommand(installer, "strace")})`,
      );
    return facts;
  }
  if (!helper) say("the native helper is not built");
  if (strace === null) say("strace is not installed: no system calls would be shown");
  const plan = setupPlan(facts, [], { becomeRoot: [], newuidmap: true });
  showPlan(plan, ASKED);
  if (!(await consents(ASKED, "Run it?"))) return facts;
  try {
    await runPlan(plan);
  } catch (error) {
    // A lesson goes on with what there is.
    if (!(error instanceof UserError)) throw error;
    say(error.message);
  }
  return readHostFacts();
}

function say(message: string): void {
  giveScreenBack(process.stdout);
  process.stderr.write(`tsinternals: ${message}\n`);
}
