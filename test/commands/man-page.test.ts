import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { isHidden } from "../../src/commands/complete.ts";
import { manPage } from "../../src/commands/man-page.ts";
import { buildProgram } from "../../src/commands/program.ts";

/** man(1) asks for this; groff-base has it. */
const noGroff = spawnSync("groff", ["--version"]).error !== undefined;
if (noGroff) console.log("SKIP the manual page's typesetting: groff is not installed");

function typeset(page: string) {
  const args = ["-ww", "-man", "-Kutf8", "-Tutf8", "-P-c", "-P-b", "-P-u", "-rLL=120n"];
  return spawnSync("groff", args, { input: page, encoding: "utf8" });
}

test.skipIf(noGroff)(
  "the manual page says every command and option, and groff does not complain",
  () => {
    const program = buildProgram(() => {});
    const { stdout, stderr, status } = typeset(manPage(program));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const text = stdout.replaceAll("‐\n", "-").replaceAll("−", "-");
    for (const flags of flagsOf(program)) expect(text).toContain(flags);
    for (const command of program.commands)
      expect(text.includes(`   tsinternals ${command.name()}`)).toBe(!isHidden(command));
    expect(text).toContain("Exit".toUpperCase());
  },
);

test.skipIf(noGroff)("what roff would take for its own stands as it is", () => {
  const program = buildProgram(() => {});
  program.command("odd").description(".TH 'x' \\fB ~ ^ ` a-b 容");
  expect(typeset(manPage(program)).stdout).toContain(".TH 'x' \\fB ~ ^ ` a-b 容");
});

function flagsOf(command: Command): string[] {
  return [...command.options.map(({ flags }) => flags), ...command.commands.flatMap(flagsOf)];
}
