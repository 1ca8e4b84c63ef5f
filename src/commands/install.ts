import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { giveScreenBack } from "../alternate-screen.ts";
import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { buildHelperCommand, installCommand } from "../host/packages.ts";

/** What this host is and has, once what it lacks was offered. */
export async function hostFacts(): Promise<HostFacts> {
  return offerMissing(await readHostFacts());
}

/**
 * Offers to install what a live lesson uses and this host lacks: a compiler for the helper, strace
 * to show system calls. Asks only where somebody can answer and root can do it; otherwise says what
 * is missing (strace) or leaves it to the reason for the replay (the helper).
 */
async function offerMissing(facts: HostFacts): Promise<HostFacts> {
  let changed = false;
  if (facts.platform !== "linux") return facts;
  if (!facts.helper && canAsk(facts))
    changed = await offer("The native helper is not built.", buildHelperCommand(facts.installer));
  if (facts.strace === null) {
    const command = installCommand(facts.installer, "strace");
    if (canAsk(facts)) changed = (await offer("strace is not installed.", command)) || changed;
    else if (facts.root) say(`strace is not installed: no system calls will be shown (${command})`);
  }
  return changed ? readHostFacts() : facts;
}

function canAsk(facts: HostFacts): boolean {
  const attended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return attended && facts.root && facts.installer !== null;
}

async function offer(problem: string, command: string): Promise<boolean> {
  giveScreenBack(process.stdout);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`${problem} Run this now?\n  ${command}\n[y/N] `);
  ask.close();
  if (!/^y/i.test(answer.trim())) return false;
  await execa(command, { shell: true, stdio: "inherit", reject: false });
  return true;
}

function say(message: string): void {
  giveScreenBack(process.stdout);
  process.stderr.write(`tsinternals: ${message}\n`);
}
