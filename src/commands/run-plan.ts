import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import type { SetupPlan } from "../host/setup.ts";
import { UserError } from "../user-error.ts";

/** Where a plan is shown, and who is asked. */
export interface Asked {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** What would be run, as it could be typed in a shell, and what should be known before. */
export function showPlan({ commands, notes }: SetupPlan, { output }: Asked): void {
  output.write("this would be run:\n");
  for (const command of commands) output.write(`  ${command.map(quoted).join(" ")}\n`);
  for (const note of notes) output.write(`note: ${note}\n`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Nobody to ask is no consent. */
export async function consents({ input, output }: Asked, question: string): Promise<boolean> {
  if (input.isTTY !== true || output.isTTY !== true) return false;
  const line = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => line.once("close", () => resolve("")));
  const answer = await Promise.race([line.question(`${question} [y/N] `), closed]);
  line.close();
  return /^y/i.test(answer.trim());
}

/** One after the other; the first that fails is told. sudo(8) asks for its password itself. */
export async function runPlan({ commands }: SetupPlan): Promise<void> {
  for (const command of commands) await run(command);
}

async function run([program = "", ...args]: readonly string[]): Promise<void> {
  const { exitCode, code, signal } = await execa(program, args, {
    stdio: "inherit",
    reject: false,
  });
  if (exitCode === 0) return;
  const how = code ?? (signal === undefined ? `exit ${exitCode}` : signal);
  throw new UserError(`${[program, ...args].join(" ")} failed (${how})`, "what it says above", 3);
}
