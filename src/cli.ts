import { type Command, CommanderError } from "commander";
import { giveScreenBack } from "./alternate-screen.ts";
import { buildProgram } from "./commands/program.ts";
import { printable } from "./timeline/printable.ts";
import { UserError } from "./user-error.ts";

/** argv → command. The only place that prints a UserError and decides the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = buildProgram((code) => {
    status = code;
  });
  try {
    const home = argv.every((word) => word === "--no-mouse");
    if (home && isAttended()) return await goHome({ mouse: argv.length === 0 });
    if (home) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return await reportUsage(error, argv, program);
    return report(error);
  }
}

/** Somebody at a terminal that can draw a screen (terminfo(5)). */
function isAttended(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== "dumb";
}

async function goHome(options: { readonly mouse: boolean }): Promise<number> {
  return (await import("./commands/home.ts")).homeCommand(options);
}

async function reportUsage(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
): Promise<number> {
  if (error.exitCode === 0) return 0;
  const { wrongUsage } = await import("./commands/wrong-usage.ts");
  return say(wrongUsage(error, argv, program), 2);
}

function report(error: unknown): number {
  if (!(error instanceof UserError)) throw error;
  return say(error, error.exitCode);
}

function say({ message, hint }: Pick<UserError, "message" | "hint">, status: number): number {
  giveScreenBack(process.stdout);
  process.stderr.write(`tsinternals: ${printable(message)}\n  try: ${printable(hint)}\n`);
  return status;
}

// A reader that went away (`… | head`), or a terminal that was closed, ends the program quietly, as
// it does any filter; the helper then sees its stdin close.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || error.code === "EIO") process.exit(141);
  process.stderr.write(
    `tsinternals: cannot write the output (${error.code})\n  try: free some space\n`,
  );
  process.exit(1);
});

process.exitCode = await main(process.argv.slice(2));
// Interrupted while a reader does not read: what it has not taken by now is not waited for.
if (process.exitCode === 130) setTimeout(() => process.exit(), 1000).unref();
