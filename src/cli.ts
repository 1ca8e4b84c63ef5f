import { Command, CommanderError } from "commander";
import { printable } from "./timeline/printable.ts";
import { UserError } from "./user-error.ts";
import { VERSION } from "./version.ts";

/** argv → command. The only place that prints a UserError and decides the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = buildProgram((code) => {
    status = code;
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    return report(error);
  }
}

function buildProgram(done: (status: number) => void): Command {
  const program = new Command("tsinternals")
    .description("See what the Linux kernel does for containers, by doing it.")
    .version(VERSION)
    .showHelpAfterError("  try: tsinternals --help")
    .exitOverride();
  program
    .command("list")
    .description("the lessons, and which run live on this machine")
    .option("--json", "as JSON", false)
    .action(async (options) =>
      done(await (await import("./commands/list.ts")).listCommand(options)),
    );
  program
    .command("doctor")
    .description("what this machine has and lacks; changes nothing")
    .option("--json", "as JSON", false)
    .action(async (options) =>
      done(await (await import("./commands/doctor.ts")).doctorCommand(options)),
    );
  program
    .command("dashboard")
    .description("charts of a running lab's, a container's or any cgroup, on a second screen")
    .argument(
      "[what]",
      "a lesson, the beginning of a container's id, a cgroup's path (the newest lab)",
    )
    .action(async (what: string | undefined) => {
      const { dashboardCommand } = await import("./commands/dashboard.ts");
      done(await dashboardCommand(what ?? null));
    });
  program
    .command("progress")
    .description("which steps you have passed")
    .option("--json", "as JSON", false)
    .action(async (options) =>
      done(await (await import("./commands/progress.ts")).progressCommand(options)),
    );
  program
    .command("reset")
    .description("forget what you have passed: a step, a lesson, everything")
    .argument("[lesson]")
    .argument("[step]")
    .action(async (lesson: string | undefined, step: string | undefined) => {
      const { resetCommand } = await import("./commands/progress.ts");
      done(await resetCommand(lesson ?? null, step ?? null));
    });
  program
    .command("clean")
    .description("remove what a killed lab may have left")
    .action(async () => done(await (await import("./commands/clean.ts")).cleanCommand()));
  addLesson(program, done);
  return program;
}

function addLesson(program: Command, done: (status: number) => void): void {
  const lesson = program
    .command("lesson")
    .description("take a lesson: every step really runs, in a private lab")
    .argument("<id>", "the lesson, see `tsinternals list`")
    .option("--auto", "run step after step, stop at the first failed check", false)
    .option("--plain", "a linear transcript instead of the full screen", false)
    .option("--json", "one event a line, a summary last", false)
    .option("--root", "in a lab of root's", false)
    .option("--rootless", "in a lab of the user's, also where sudo was typed", false)
    .option("--from <step>", "begin at this step; the ones before are run first")
    .option("--notes", "with the notes for trainers", false)
    .option("--record <file>", "write the session to a file")
    .option("--no-keep", "keep neither the session for `--replay last` nor your progress")
    .option(
      "--replay [file]",
      "play a recording; without a file the one that comes with the lesson; last: your last session",
    )
    .action(async (id: string, options) => {
      const { lessonCommand } = await import("./commands/lesson.ts");
      const { from = null, record = null, replay = false } = options;
      const mode = wantedMode(options);
      done(await lessonCommand(id, { ...options, mode, from, record, replay }));
    });
  lesson
    .command("test")
    .description("prove a lesson: each check false before its step and true after it")
    .argument("[id]", "one lesson; all without it")
    .action(async (id: string | undefined) => {
      const { lessonTestCommand } = await import("./commands/lesson-test.ts");
      done(await lessonTestCommand(id ?? null));
    });
}

function wantedMode({ root, rootless }: { root: boolean; rootless: boolean }) {
  if (root && rootless) throw new UserError("a lab is --root or --rootless", "choose one");
  if (root) return "root";
  return rootless ? "rootless" : null;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(
    `tsinternals: ${printable(error.message)}\n  try: ${printable(error.hint)}\n`,
  );
  return error.exitCode;
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
