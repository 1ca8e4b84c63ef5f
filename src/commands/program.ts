import { Argument, Command } from "commander";
import { UserError } from "../user-error.ts";
import { VERSION } from "../version.ts";
import { completionScript, SHELLS, type Shell } from "./completion.ts";

/** The one table of commands: parsing, help, shell completion and the manual page come from it. */
export function buildProgram(done: (status: number) => void): Command {
  const program = new Command("tsinternals")
    .description("See what the Linux kernel does for containers, by doing it.")
    .version(VERSION)
    .option(...NO_MOUSE)
    // Else it would take a lesson's own --no-mouse.
    .enablePositionalOptions()
    .addHelpText("after", AFTER_HELP)
    .helpCommand(false)
    // What is on or off by itself, and what may be chosen, the descriptions say.
    .configureHelp({
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
    })
    .configureOutput({ outputError: () => {} }) // cli.ts says it.
    .exitOverride();
  program
    .command("list")
    .description("the lessons, and which run live on this machine")
    .option("--json", "as JSON", false)
    .action(async (options) => done(await (await import("./list.ts")).listCommand(options)));
  addLesson(program, done);
  program
    .command("progress")
    .description("which steps you have passed")
    .option("--json", "as JSON", false)
    .action(async (options) =>
      done(await (await import("./progress.ts")).progressCommand(options)),
    );
  program
    .command("reset")
    .description("forget what you have passed: a step, a lesson, everything")
    .argument("[lesson]", "of this lesson only; without it everything, and it asks")
    .argument("[step]", "this step only")
    .option("-y, --yes", "do not ask", false)
    .action(async (lesson: string | undefined, step: string | undefined, options) => {
      const { resetCommand } = await import("./progress.ts");
      done(await resetCommand(lesson ?? null, step ?? null, options));
    });
  addWatch(program, done);
  program
    .command("dashboard")
    .description("charts of a running lab's, a container's or any cgroup, on a second screen")
    .argument(
      "[what]",
      "a lesson, the beginning of a container's id, or a cgroup's path; without it the newest lab",
    )
    .action(async (what: string | undefined) => {
      const { dashboardCommand } = await import("./dashboard.ts");
      done(await dashboardCommand(what ?? null));
    });
  addDoctor(program, done);
  program
    .command("clean")
    .description("remove what a killed lab may have left")
    .action(async () => done(await (await import("./clean.ts")).cleanCommand()));
  addManuals(program, done);
  addWatchSource(program, done);
  return program;
}

const AFTER_HELP = `
Without a command, on a terminal: the lessons to choose from, and a search in them.
To begin with: tsinternals lesson cgroups`;

/** What this machine has, and what it may still want. */
function addDoctor(program: Command, done: (status: number) => void): void {
  program
    .command("doctor")
    .description("what this machine has and lacks; changes nothing")
    .option("--json", "as JSON", false)
    .action(async (options) => done(await (await import("./doctor.ts")).doctorCommand(options)));
  program
    .command("setup")
    .description("install what the lessons use and this machine lacks; shows it and asks first")
    .argument("[lesson]", "for this lesson only; without it for all")
    .option("-y, --yes", "do not ask", false)
    .action(async (lesson: string | undefined, options) => {
      const { setupCommand } = await import("./setup.ts");
      done(await setupCommand(lesson ?? null, options));
    });
}

const NO_MOUSE = [
  "--no-mouse",
  "leave the mouse to the terminal, which selects text with it",
] as const;

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
    .option(
      "--host-docker",
      "with the lesson docker-run: the same as `tsinternals watch docker`",
      false,
    )
    .option("--no-keep", "keep neither the session for `--replay last` nor your progress")
    .option(...NO_MOUSE)
    .option(
      "--replay [file]",
      "play a recording; without a file the one that comes with the lesson; last: your last session",
    )
    .action(async (id: string, options) => {
      if (options.hostDocker) return done(await watchInstead(id, options));
      const { lessonCommand } = await import("./lesson.ts");
      const { from = null, record = null, replay = false } = options;
      const mode = wantedMode(options);
      const mouse = options.mouse && program.opts().mouse;
      done(await lessonCommand(id, { ...options, mode, mouse, from, record, replay }));
    });
  lesson
    .command("test")
    .description("prove a lesson: each check false before its step and true after it")
    .argument("[id]", "this lesson only; without it all")
    .action(async (id: string | undefined) => {
      const { lessonTestCommand } = await import("./lesson-test.ts");
      done(await lessonTestCommand(id ?? null));
    });
}

/** `lesson docker-run --host-docker` */
async function watchInstead(id: string, options: HostDockerOptions): Promise<number> {
  if (id !== "docker-run")
    throw new UserError("--host-docker goes with docker-run", "tsinternals watch docker");
  const { watchCommand } = await import("./watch.ts");
  const { plain, json, mouse, record = null, replay = null } = options;
  if (replay === true)
    throw new UserError("--replay wants a FILE there", "tsinternals watch docker --replay FILE");
  return watchCommand({ plain, json, mouse, record, replay });
}

interface HostDockerOptions {
  readonly plain: boolean;
  readonly json: boolean;
  readonly mouse: boolean;
  readonly record?: string;
  readonly replay?: string | true;
}

function addWatch(program: Command, done: (status: number) => void): void {
  program
    .command("watch")
    .description("watch this host's own docker daemon while you use it elsewhere; changes nothing")
    .addArgument(new Argument("<daemon>", "whom: docker").choices(["docker"]))
    .option("--plain", "a linear transcript instead of the full screen", false)
    .option("--json", "one event a line, a summary last", false)
    .option(...NO_MOUSE)
    .option("--record <file>", "write what is seen to a file")
    .option("--replay <file>", "play such a file")
    .action(async (_daemon: string, { record = null, replay = null, ...options }) => {
      const { watchCommand } = await import("./watch.ts");
      done(await watchCommand({ ...options, record, replay }));
    });
}

/** The half of `watch` that stays root where sudo was typed. */
function addWatchSource(program: Command, done: (status: number) => void): void {
  program
    .command("watch-source", { hidden: true })
    .argument("<socket>")
    .argument("<start>")
    .action(async (socket: string, start: string) => {
      const { watchSourceCommand } = await import("./watch.ts");
      done(await watchSourceCommand(socket, start));
    });
}

function addManuals(program: Command, done: (status: number) => void): void {
  program
    .command("completion")
    .description(
      'print what teaches a shell to complete; for bash: eval "$(tsinternals completion bash)"',
    )
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .action(async (shell: Shell) => {
      process.stdout.write(completionScript(shell));
      done(0);
    });
  program
    .command("complete", { hidden: true })
    .argument("<words...>")
    .action(async (words: string[]) => {
      const { completeCommand } = await import("./complete.ts");
      done(await completeCommand(program, words));
    });
  program
    .command("help")
    .description("what a command does and takes")
    .argument("[command...]", "the command; without it all of them")
    .action((words: string[]) => {
      commandNamed(program, words).outputHelp();
      done(0);
    });
  program
    .command("man")
    .description("print the manual page; read it with: tsinternals man | man -l -")
    .action(async () => {
      const { manPage } = await import("./man-page.ts");
      process.stdout.write(manPage(program));
      done(0);
    });
}

function commandNamed(program: Command, words: readonly string[]): Command {
  return words.reduce((command, word) => {
    const found = command.commands.find((one) => one.name() === word);
    if (found !== undefined) return found;
    throw new UserError(`there is no command "${words.join(" ")}"`, "tsinternals --help");
  }, program);
}

function wantedMode({ root, rootless }: { root: boolean; rootless: boolean }) {
  if (root && rootless) throw new UserError("a lab is --root or --rootless", "choose one");
  if (root) return "root";
  return rootless ? "rootless" : null;
}
