import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./program.ts";

const why = process.getuid?.() === 0 ? null : "needs root";

/** What a process is after dropSudo(), and what becomes of its attempt to be root again. */
const PROBE = `
  const { dropSudo } = await import(${JSON.stringify(join(root, "src/host/privileges.ts"))});
  dropSudo();
  let again = "became root again";
  try { process.setuid(0); } catch (error) { again = error.code; }
  const groups = process.getgroups();
  console.log(JSON.stringify([process.getuid(), process.geteuid(), process.getgid(), groups, again]));
`;

function afterSudo(environment: Record<string, string>): unknown[] {
  const options = { encoding: "utf8", env: { PATH: process.env.PATH, ...environment } } as const;
  const probe = ["--input-type=module", "-e", PROBE];
  return JSON.parse(execFileSync(process.execPath, probe, options)) as unknown[];
}

describe.skipIf(why !== null)(`giving up sudo${why === null ? "" : ` (${why})`}`, () => {
  test("becomes the caller: user, group and groups, for good", () => {
    const caller = { SUDO_UID: "65534", SUDO_GID: "65534", SUDO_USER: "nobody" };
    expect(afterSudo(caller)).toEqual([65534, 65534, 65534, [65534], "EPERM"]);
  });

  test.each([
    ["without sudo", {}],
    ["for root itself", { SUDO_UID: "0", SUDO_GID: "0", SUDO_USER: "root" }],
    ["with numbers that are none", { SUDO_UID: "x", SUDO_GID: "1", SUDO_USER: "nobody" }],
  ])("%s nothing changes", (_how, environment) => {
    expect(afterSudo(environment).slice(0, 3)).toEqual([0, 0, 0]);
  });
});
