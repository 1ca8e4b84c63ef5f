import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { installCommand } from "../host/packages.ts";

/**
 * strace is what shows the system calls; a lesson runs without it, but shows less. Asks whether to
 * install it, when there is somebody to ask and root to do it; says what is missing otherwise.
 */
export async function offerStrace(facts: HostFacts): Promise<HostFacts> {
  if (facts.strace !== null) return facts;
  const command = installCommand(facts.installer, "strace");
  const attended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const without = `strace is not installed: no system calls will be shown (${command})\n`;
  if (!attended || !facts.root || facts.installer === null) {
    process.stderr.write(without);
    return facts;
  }
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`strace is not installed. Run "${command}" now? [y/N] `);
  ask.close();
  if (!/^y/i.test(answer.trim())) return facts;
  await execa(command, { shell: true, stdio: "inherit", reject: false });
  return readHostFacts();
}
