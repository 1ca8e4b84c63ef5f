import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { root } from "../live/program.ts";

/** The shells' own completion, with the program in PATH as the package puts it there. */

const folder = mkdtempSync(join(tmpdir(), "tsi-completion-"));
writeFileSync(
  join(folder, "tsinternals"),
  `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist/tsinternals.mjs")}' "$@"\n`,
  { mode: 0o755 },
);
afterAll(() => rmSync(folder, { recursive: true }));
const PATH = `${folder}:/usr/bin:/bin`;
const env = { PATH, HOME: folder, TERM: "dumb", LANG: "C.UTF-8", PS1: "> ", PROMPT: "> " };

/** A person at the shell types this; what the terminal shows. */
async function typed(
  shell: readonly string[],
  keys: readonly string[],
  wanted: RegExp,
): Promise<string> {
  const [file = "", ...args] = shell;
  const child = spawn(file, args, { cols: 200, rows: 40, cwd: root, env });
  onTestFinished(() => child.kill("SIGKILL"));
  let shown = "";
  child.onData((data) => {
    shown = stripVTControlCharacters(shown + data);
  });
  const until = async (pattern: RegExp): Promise<void> => {
    const late = Date.now() + 15_000;
    while (!pattern.test(shown)) {
      if (Date.now() > late) throw new Error(`never ${pattern}: ${JSON.stringify(shown)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await until(/> /);
  for (const text of keys) {
    child.write(text);
    await until(/> $/m);
  }
  await until(wanted);
  return shown;
}

/** In a group of tests: they are about this shell. */
function needs(shell: string): void {
  const lacking = spawnSync(shell, ["-c", "true"]).error !== undefined;
  beforeEach(({ skip }) => skip(lacking, `needs ${shell} (apt-get install -y ${shell})`));
}

describe("bash", () => {
  const bash = ["bash", "--norc", "--noprofile", "-i"];
  const ready = 'eval "$(tsinternals completion bash)"\r';

  test.each([
    ["a lesson", "tsinternals lesson cgr\t", /lesson cgroups /],
    ["a step", "tsinternals lesson cgroups --from cpus\t", /--from cpuset /],
    ["an option", "tsinternals lesson cgroups --no-k\t", /--no-keep /],
    ["a file", "tsinternals lesson cgroups --record CHANGEL\t", /--record CHANGELOG\.md /],
    ["all there are", "tsinternals com\t \t\t", /completion bash|bash +fish +zsh/],
  ])("%s", async (_, keys, wanted) => {
    await typed(bash, [ready, keys], wanted);
  });
});

describe("zsh", () => {
  needs("zsh");
  const ready = "autoload -Uz compinit && compinit -u -D && source <(tsinternals completion zsh)\r";

  test.each([
    ["a lesson", "tsinternals lesson cgr\t", /lesson cgroups /],
    ["a step", "tsinternals lesson cgroups --from cpus\t", /--from cpuset /],
    ["a file", "tsinternals lesson cgroups --record CHANGEL\t", /CHANGEL\W*OG\.md /],
  ])("%s", async (_, keys, wanted) => {
    await typed(["zsh", "-f", "-i"], [ready, keys], wanted);
  });
});

describe("fish", () => {
  needs("fish");
  test.each([
    ["lesson cgr", "cgroups\tControl groups\n"],
    ["lesson cgroups --from cpus", /^cpuset\t.*\n$/],
    ["lesson cgroups --record CHANGEL", /^CHANGELOG\.md\b.*\n$/],
  ])("%s", (words, wanted) => {
    const script = `tsinternals completion fish | source; complete -C "tsinternals ${words}"`;
    const { stdout, stderr } = spawnSync("fish", ["-N", "-c", script], {
      env,
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    if (typeof wanted === "string") expect(stdout).toBe(wanted);
    else expect(stdout).toMatch(wanted);
  });
});
