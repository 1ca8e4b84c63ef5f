import type { Command, CommanderError } from "commander";
import { UserError } from "../user-error.ts";
import { lessonIds } from "./load-lesson.ts";

/** What was typed wrong, and what was probably meant. */
export function wrongUsage(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
): UserError {
  const [first = "", meant = ""] = error.message.split("\n");
  const said = first.replace(/^error: /, "");
  const [, near] = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(meant) ?? [];
  return (
    idForFile(said, argv) ??
    missingArgument(said) ??
    invalidArgument(said) ??
    idForCommand(said) ??
    new UserError(said, near ?? helpFor(argv, program))
  );
}

interface Wanted {
  readonly missing: string;
  /** Before what was given instead. */
  readonly invalid: string;
  readonly fix: string;
}

/** What commands cannot do without, by what the command table calls it. */
const WANTED: Readonly<Record<string, () => Wanted>> = {
  daemon: () => ({
    missing: "watch whom? docker is all it can watch",
    invalid: "docker is all it can watch, not",
    fix: "tsinternals watch docker",
  }),
  shell: () => ({
    missing: "for which shell? bash, zsh or fish",
    invalid: "it knows bash, zsh and fish, not",
    fix: "tsinternals completion bash",
  }),
  id: () => ({
    missing: `which lesson? there is ${lessonIds().join(", ")}`,
    invalid: "there is no lesson",
    fix: `tsinternals lesson ${lessonIds()[0] ?? ""}`,
  }),
};

function missingArgument(said: string): UserError | null {
  const [, name = ""] = /^missing required argument '(\w+)'$/.exec(said) ?? [];
  const wanted = WANTED[name]?.();
  return wanted === undefined ? null : new UserError(wanted.missing, wanted.fix);
}

/** One of a choice that is none of it. */
function invalidArgument(said: string): UserError | null {
  const [, value, name = ""] =
    /^command-argument value '(.*)' is invalid for argument '(\w+)'\./s.exec(said) ?? [];
  const wanted = WANTED[name]?.();
  return wanted === undefined ? null : new UserError(`${wanted.invalid} "${value}"`, wanted.fix);
}

/** `lesson --replay cgroups`: the word behind an option that may have one belongs to it. */
function idForFile(said: string, argv: readonly string[]): UserError | null {
  const id = argv[argv.indexOf("--replay") + 1] ?? "";
  if (said !== "missing required argument 'id'" || !argv.includes("--replay")) return null;
  if (!lessonIds().includes(id)) return null;
  return new UserError(`--replay took ${id} for its file`, `tsinternals lesson ${id} --replay`);
}

/** `tsinternals cgroups` */
function idForCommand(said: string): UserError | null {
  const [, word = ""] = /^unknown command '(.*)'$/s.exec(said) ?? [];
  if (!lessonIds().includes(word)) return null;
  return new UserError(`${word} is a lesson, not a command`, `tsinternals lesson ${word}`);
}

/** The help of the command that was typed, if it is one. */
function helpFor([word]: readonly string[], program: Command): string {
  const command = program.commands.find((one) => one.name() === word);
  return `tsinternals ${command === undefined ? "" : `${command.name()} `}--help`;
}
