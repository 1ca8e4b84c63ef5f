import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder, isWritable } from "./native-helper.ts";

const TOOLS = ["x86_64-linux-gnu-gcc", "aarch64-linux-gnu-gcc", "qemu-aarch64-static"];
const missing = TOOLS.filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
const why =
  missing.length > 0
    ? `needs ${missing.join(", ")}`
    : isWritable(folder)
      ? ""
      : "needs native/ writable";
if (why) console.log(`SKIP static builds: ${why}`);

const ARCHITECTURES = ["x86_64", "aarch64"];

/** A copy of native/ in a folder of its own, with what apt has already been asked for. */
function build(parent: string): string {
  const copy = join(parent, "native");
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes("/native/build") });
  const musl = join(folder, "build/musl");
  if (existsSync(musl)) cpSync(musl, join(copy, "build/musl"), { recursive: true });
  execFileSync("make", ["-s", "-j2", ...ARCHITECTURES], { cwd: copy, stdio: "ignore" });
  return copy;
}

describe.skipIf(why)(`static builds${why && ` (${why})`}`, { timeout: 240_000 }, () => {
  const folders: string[] = [];
  beforeAll(() => {
    execFileSync("make", ["-s", "-j2", ...ARCHITECTURES], { cwd: folder, stdio: "ignore" });
    for (const name of ["tsi-a-", "tsi-another-folder-"])
      folders.push(build(mkdtempSync(join(tmpdir(), name))));
  }, 240_000);
  afterAll(() => {
    for (const copy of folders) rmSync(join(copy, ".."), { recursive: true, force: true });
  });

  test.each(ARCHITECTURES)("%s: two folders, the same bytes", (architecture) => {
    const [one, other] = folders.map((copy) =>
      readFileSync(join(copy, "build", architecture, "tsi-lab")),
    );
    expect(one?.length).toBeGreaterThan(20_000);
    expect(other && one?.equals(other)).toBe(true);
  });

  test.each([
    ["x86_64", []],
    ["aarch64", ["qemu-aarch64-static"]],
  ])("%s: needs no library, and speaks the protocol", (architecture, under) => {
    const binary = join(folder, "build", architecture, "tsi-lab");
    expect(readFileSync(binary).includes("/lib/ld-")).toBe(false);
    const run = (args: string[], input?: string) => {
      const [program, ...rest] = [...under, binary, ...args] as [string, ...string[]];
      return execFileSync(program, rest, { input, encoding: "utf8" });
    };
    expect(run(["--version"])).toMatch(/^tsi-lab \d/);
    const lines = run([], '{"id":1,"op":"read","path":"/"}\n{"id":2,"op":"down"}\n')
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: "hello", protocol: 1 },
      { kind: "error", id: 1 },
      { kind: "ok", id: 2 },
    ]);
  });
});
