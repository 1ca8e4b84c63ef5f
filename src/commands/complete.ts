import type { Argument, Command, Option } from "commander";
import type { Lesson } from "../lesson/lesson.ts";
import { loadLessons } from "./load-lesson.ts";

/** Something a word may become. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** Where the names come from that are no commands and no options. */
export interface Names {
  lessons(): readonly Candidate[];
  /** Of this lesson; none where there is no such lesson. */
  steps(lesson: string): readonly Candidate[];
}

/** Stands for the files that the shell knows. */
const FILES: Candidate = { word: "/", help: "" };

/** `tsinternals complete -- WORD…`: asked by the shells' completion (completion.ts). */
export async function completeCommand(program: Command, words: readonly string[]): Promise<number> {
  const lines = candidates(program, words, lessonNames(await loadLessons())).map(
    ({ word, help }) => (help === "" ? `${word}\n` : `${word}\t${help}\n`),
  );
  process.stdout.write(lines.join(""));
  return 0;
}

function lessonNames(all: readonly Lesson[]): Names {
  const named = ({ id, title }: { readonly id: string; readonly title: string }): Candidate => {
    return { word: id, help: title };
  };
  return {
    lessons: () => all.map(named),
    steps: (lesson) => all.find(({ id }) => id === lesson)?.steps.map(named) ?? [],
  };
}

/** @param words those after the program's name; the last one is being typed, and may be empty. */
export function candidates(
  program: Command,
  words: readonly string[],
  names: Names,
): readonly Candidate[] {
  const begun = words.at(-1) ?? "";
  const { command, given, open } = walkWords(program, words.slice(0, -1));
  const fits = ({ word, help }: Candidate): boolean =>
    word.startsWith(begun) || (word === FILES.word && help === "");
  if (open?.required === true) return valuesOf(open, given, names).filter(fits);
  const all = [
    ...(open === null ? [] : valuesOf(open, given, names)),
    ...(begun.startsWith("-") ? optionsOf(command) : plainWords(command, given, names)),
  ];
  return all.filter(fits);
}

interface Walked {
  readonly command: Command;
  /** The arguments given to it. */
  readonly given: readonly string[];
  /** The option before the word, which takes or may take it as its value. */
  readonly open: Option | null;
}

function walkWords(program: Command, words: readonly string[]): Walked {
  let [command, open]: [Command, Option | null] = [program, null];
  let given: string[] = [];
  for (const word of words) {
    const option = optionNamed(command, word);
    if (option !== null) open = option.required || option.optional ? option : null;
    else if (open !== null) open = null;
    else if (!word.startsWith("-")) {
      const next = given.length === 0 ? command.commands.find((one) => one.name() === word) : null;
      if (next) [command, given] = [next, []];
      else given.push(word);
    }
  }
  return { command, given, open };
}

function optionNamed(command: Command, word: string): Option | null {
  return command.options.find(({ long, short }) => word === long || word === short) ?? null;
}

function plainWords(command: Command, given: readonly string[], names: Names): Candidate[] {
  const commands = given.length > 0 ? [] : command.commands;
  const argument = command.registeredArguments[given.length];
  return [
    ...(argument === undefined ? [] : namesOf(argument.name(), argument, given, names)),
    ...commands
      .filter((one) => !isHidden(one))
      .map((one) => ({ word: one.name(), help: one.description() })),
  ];
}

/** Commander keeps it to itself, and leaves hidden ones out of what its help shows. */
export function isHidden(command: Command): boolean {
  const { parent } = command;
  return parent !== null && !parent.createHelp().visibleCommands(parent).includes(command);
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ word: long ?? short ?? "", help: description }));
}

/** Words that an option takes beside what its kind of value is. */
const OWN_WORDS: Readonly<Record<string, readonly Candidate[]>> = {
  "--replay": [{ word: "last", help: "your last live session" }],
};

function valuesOf(option: Option, given: readonly string[], names: Names): readonly Candidate[] {
  const [, name = ""] = /[<[](.*)[>\]]/.exec(option.flags) ?? [];
  return [...(OWN_WORDS[option.long ?? ""] ?? []), ...namesOf(name, option, given, names)];
}

/** By what the command table calls it. */
function namesOf(
  name: string,
  { argChoices }: Pick<Argument | Option, "argChoices">,
  given: readonly string[],
  names: Names,
): readonly Candidate[] {
  if (argChoices !== undefined) return argChoices.map((word) => ({ word, help: "" }));
  if (name === "file") return [FILES];
  if (name === "step") return names.steps(given[0] ?? "");
  return ["id", "lesson", "what"].includes(name) ? names.lessons() : [];
}
