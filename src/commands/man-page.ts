import type { Command } from "commander";
import { KEYS } from "../ui/keys.ts";
import { VERSION } from "../version.ts";
import { isHidden } from "./complete.ts";

/** The manual page, in man(7)'s macros, out of the tables of commands and keys. */
export function manPage(program: Command): string {
  const commands = program.commands.filter((command) => !isHidden(command));
  return [
    `.TH TSINTERNALS 1 "" "tsinternals ${VERSION}" "User Commands"`,
    ...section("NAME", [
      `tsinternals \\- ${words("see what the Linux kernel does for containers")}`,
    ]),
    ...section("SYNOPSIS", [".B tsinternals", ".RI [ command ]", '.RI [ argument " ..." ]']),
    ...section("DESCRIPTION", DESCRIPTION.map(words)),
    ...section("COMMANDS", [
      ".SS tsinternals",
      "On a terminal the lessons to choose from; elsewhere a short help.",
      ...optionLines(program),
      ...commands.flatMap((command) => commandLines(command, "tsinternals")),
    ]),
    ...section("KEYS", [
      words(HOME),
      ".PP",
      "On the screen of a lesson:",
      ...KEYS.flatMap(keyLines),
      ...DIGITS,
    ]),
    ...section(
      "EXIT STATUS",
      EXITS.flatMap(([status, text]) => tagged(status, text)),
    ),
    ...section(
      "FILES",
      FILES.flatMap(([file, text]) => tagged(file, text)),
    ),
    ...section(
      "ENVIRONMENT",
      VARIABLES.flatMap(([name, text]) => tagged(name, text)),
    ),
    ...section("SEE ALSO", [
      SEE.map((page) => `.BR ${page} (${SECTIONS[page] ?? 7})`).join(" ,\n"),
    ]),
    "",
  ].join("\n");
}

const DESCRIPTION = [
  "Lessons about Linux containers whose every step really runs, in a private lab that is gone when the lesson ends. Panes show what the kernel did.",
  "Without a command, on a terminal: the lessons to choose from, what has been passed of each, and a search in all their texts.",
  "What cannot run live on this machine plays from a recording, and says why.",
];

const HOME =
  "Among the lessons: ↑ ↓ choose, Enter opens where you left off, f at the first step, / searches, d shows what the doctor finds, q quits. Where the terminal has a mouse, the wheel and a click choose, and a second click opens.";

/** What they call depends on the lesson. */
const DIGITS = tagged(
  "0 1 2 ...",
  "The panes of the lesson; before a step that asks something, answers.",
);

const EXITS = [
  ["0", "All is well: every check that was looked at holds."],
  ["1", "A check does not hold, or a lesson broke off."],
  ["2", "The command was not understood, or an argument names nothing."],
  ["3", "This machine lacks something; the message says what to try."],
  ["130", "Interrupted; the lab is gone."],
  ["141", "Whoever read the output, or the terminal, went away."],
] as const;

const FILES = [
  [
    "$XDG_STATE_HOME/tsinternals/",
    "Progress and the last live session of each lesson (default ~/.local/state). Under sudo(8) those of the user who typed it.",
  ],
] as const;

const VARIABLES = [
  ["DOCKER_HOST", "The socket of the daemon that is watched, unix:///path."],
  ["NO_COLOR", "Set and not empty: no colours."],
  ["TERM", "Where it is dumb, lessons are a plain transcript."],
  ["XDG_STATE_HOME", "See FILES."],
] as const;

const SEE = ["cgroups", "namespaces", "user_namespaces", "strace", "unshare", "nsenter"];
const SECTIONS: Readonly<Record<string, number>> = { strace: 1, unshare: 1, nsenter: 1 };

function section(name: string, lines: readonly string[]): string[] {
  return [`.SH "${name}"`, ...lines];
}

function commandLines(command: Command, before: string): string[] {
  const name = `${before} ${command.name()}`;
  const usage = command.registeredArguments.map((argument) => {
    const dots = argument.variadic ? "..." : "";
    return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
  });
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  return [
    `.SS "${words([name, ...usage].join(" "))}"`,
    words(capital(command.description())),
    ...described.flatMap((one) => tagged(one.name(), one.description)),
    ...optionLines(command),
    ...command.commands.filter((one) => !isHidden(one)).flatMap((one) => commandLines(one, name)),
  ];
}

function optionLines({ options }: Command): string[] {
  return options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description }) => tagged(flags, description));
}

function keyLines({ label, group, help }: (typeof KEYS)[number]): string[] {
  return help === "" ? [] : tagged(group ?? label, help);
}

function tagged(tag: string, text: string): string[] {
  return [".TP", `.B "${words(tag).replaceAll('"', "\\(dq")}"`, words(capital(text))];
}

function capital(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.:]$/.test(whole) ? whole : `${whole}.`;
}

/** What stands for itself in roff (groff_char(7)): `-`, quotes and `\` would be typeset. */
function words(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\(rs")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replace(/[^ -~]/g, (character) => `\\[u${hex(character)}]`);
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
