import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { helperPath } from "../../src/host/paths.ts";

/** The command itself, with a package manager of ours in PATH and nothing else. */

const cli = resolve(import.meta.dirname, "../../src/cli.ts");
const asRoot = process.geteuid?.() === 0 && process.env.SUDO_UID === undefined;
const why = !asRoot ? "not root" : existsSync(helperPath) ? null : "the helper is not built";
if (why !== null) console.log(`SKIP setup with managers of our own: ${why}`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsi-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What it was asked for goes to a file; installing strace puts one in PATH. */
function manager(name: string, script: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>'${folder}/log'\n${script}\n`);
  chmodSync(file, 0o755);
}

const INSTALLS = `case "$*" in *strace*) d=\${0%/*}; printf '#!/bin/sh\\necho strace -- version 6.1\\n' >$d/strace; /bin/chmod +x $d/strace;; esac`;

function setup(...args: string[]) {
  const argv = ["--conditions=source", cli, "setup", "cgroups", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    ...{ env: { PATH: folder, HOME: folder }, encoding: "utf8", input: "" },
  });
  const log = existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8") : "";
  return { status, stdout, stderr, log };
}

describe.skipIf(why)("setup", () => {
  test.each([
    ["apt-get", "apt-get update\napt-get install -y strace\n"],
    ["dnf", "dnf install -y strace\n"],
    ["apk", "apk add strace\n"],
    ["pacman", "pacman -S --noconfirm strace\n"],
    ["zypper", "zypper install -y strace\n"],
  ])("%s runs exactly what was shown, and then nothing is missing", (name, log) => {
    manager(name, INSTALLS);
    const shown = log.replace(/^/gm, "  ").trimEnd();
    const first = setup("--yes");
    expect(first).toEqual({
      ...{ status: 0, stderr: "", log },
      stdout: `this would be run:\n${shown}\ndone: all that the lessons use is here\n`,
    });
    expect(setup()).toMatchObject({
      ...{ status: 0, stdout: "nothing to install: all that the lessons use is here\n", log },
    });
  });

  test("without consent nothing is run", () => {
    manager("apt-get", INSTALLS);
    const { status, stdout, log } = setup();
    expect({ status, log }).toEqual({ status: 3, log: "" });
    expect(stdout).toContain("nothing was run");
  });

  test("a manager that fails, and one that installs nothing", () => {
    manager("dnf", "exit 7");
    expect(setup("--yes")).toMatchObject({
      ...{ status: 3, stderr: expect.stringContaining("dnf install -y strace failed (exit 7)") },
    });
    manager("dnf", "");
    expect(setup("--yes")).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/still missing/),
    });
  });
});
