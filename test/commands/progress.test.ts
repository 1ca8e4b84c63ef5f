import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsi-progress-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

function run(...args: readonly string[]) {
  const argv = ["--conditions=source", join(root, "src/cli.ts"), ...args];
  const env = { ...process.env, XDG_STATE_HOME: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
  return { status, out: stdout, err: stderr };
}
const replay = ["lesson", "overlayfs", "--replay", "--plain"];

/** Each starts the program from its sources several times. */
describe("progress", { timeout: 60_000 }, () => {
  test("of a lesson that was taken, and forgotten again", () => {
    expect(run("progress").out).toMatch(/^overlayfs {2}not begun, \d+ steps$/m);
    expect(run(...replay)).toMatchObject({ status: 0, err: "" });
    expect(run("progress").out).toMatch(
      /^overlayfs {2}(\d+) of \1 steps passed; taken once, last: \w+, 20/m,
    );
    const rows = JSON.parse(run("progress", "--json").out);
    expect(rows).toContainEqual(expect.objectContaining({ id: "overlayfs", solved: 0 }));
    expect(run("reset", "overlayfs", "image").out).toBe("forgotten: overlayfs image\n");
    expect(run("progress").out).not.toMatch(/^overlayfs {2}(\d+) of \1 /m);
    expect(run("reset").status).toBe(0);
    expect(run("progress").out).toMatch(/^overlayfs {2}not begun/m);
  });

  test("is not kept where that was asked for", () => {
    expect(run(...replay, "--no-keep").status).toBe(0);
    expect(run("progress").out).toMatch(/^overlayfs {2}not begun/m);
  });

  test("what is not there is said", () => {
    expect(run("reset", "nothing")).toMatchObject({ status: 2 });
    expect(run("lesson", "overlayfs", "--replay", "last").err).toMatch(
      /^tsinternals: no live session of lesson overlayfs is kept here\n {2}try: tsinternals lesson /,
    );
    expect(run("reset", "overlayfs", "nothing").err).toMatch(/has no step "nothing"\n {2}try: /);
  });

  test("that cannot be kept disturbs no lesson, and is said once", () => {
    mkdirSync(join(folder, "tsinternals"));
    writeFileSync(join(folder, "tsinternals/progress.json"), "what is this");
    const broken = run(...replay);
    expect(broken.status).toBe(0);
    expect(broken.err.match(/progress.json.broken/g)).toHaveLength(1);
    rmSync(join(folder, "tsinternals"), { recursive: true });
    writeFileSync(join(folder, "tsinternals"), "");
    expect(run("reset").err).toMatch(
      /cannot write \S+progress.json: .*\n {2}try: make it writable/,
    );
    const { status, err } = run(...replay);
    expect(status).toBe(0);
    expect(err.match(/progress is not kept/g)).toHaveLength(1);
  });
});
