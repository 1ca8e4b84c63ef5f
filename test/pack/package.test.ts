import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { giveCgroups } from "../live/given-cgroups.ts";
import { labOf, parseLines, remains, whyNotLive } from "../live/program.ts";
import { rootlessUnable } from "../live/rootless-helper.ts";
import { install, offline, pack, prepareHelpers } from "./pack.ts";

const root = resolve(import.meta.dirname, "../..");
const why = prepareHelpers();
if (why !== null) console.log(`SKIP the package: ${why}`);
const notLive = whyNotLive();
/** Not the other tests' user: they look at what theirs leaves. */
const LEARNER = 54_326;
const NOBODY = 65_534;

/** Everything that may be in the tarball. */
const EXPECTED = [
  /^(CHANGELOG|README)\.md$/,
  /^(LICENSE|package\.json)$/,
  /^dist\/(tsinternals\.(mjs|1)|(cli|first)\.js|THIRD-PARTY\.md)$/,
  /^dist\/[\w.-]+-[A-Z0-9]{8}\.js$/,
  /^lessons\/(README|[a-z0-9-]+\/lesson)\.md$/,
  // A lesson's own files, which are laid into the lab.
  /^lessons\/[a-z0-9-]+\/(pack|[\w.-]+\.strace)$/,
  /^dist\/compiled\/[a-z0-9-]+\.json$/,
  /^dist\/recordings\/[a-z0-9-]+\.v[12]\.ndjson\.br$/,
  /^native\/([a-z0-9-]+\.[ch]|Makefile|(README|CONTAINER)\.md)$/,
  /^native\/build\/(SHA256SUMS|(x86_64|aarch64)\/tsi-lab)$/,
];

describe.skipIf(why)(`the package${why === null ? "" : ` (${why})`}`, { timeout: 240_000 }, () => {
  let folder: string;
  let tarball: string;
  let prefix: string;
  let said: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tsi-pack-"));
    chmodSync(folder, 0o755);
    prefix = join(folder, "prefix");
    tarball = pack(join(folder, "tarball"));
    ({ said } = install(tarball, prefix));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As a shell runs it, with nothing of the checkout in reach. */
  function run(args: readonly string[], { uid = process.getuid?.() ?? 0, program = "" } = {}) {
    const path = `${join(prefix, "bin")}:/usr/sbin:/usr/bin:/sbin:/bin`;
    const env = {
      PATH: path,
      ...(uid === NOBODY ? {} : { XDG_STATE_HOME: join(folder, "state") }),
    };
    const command = program || join(prefix, "bin/tsinternals");
    const as = process.getuid?.() === 0 ? { uid, gid: uid } : {};
    const options = { cwd: "/", env, encoding: "utf8", ...as } as const;
    return spawnSync(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  }

  test("holds what it should, and all of it", () => {
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^package\//, ""));
    const strange = files.filter((file) => !EXPECTED.some((pattern) => pattern.test(file)));
    expect(strange).toEqual([]);
    const missing = EXPECTED.filter((pattern) => !files.some((file) => pattern.test(file)));
    expect(missing).toEqual([]);
  });

  test("asks npm for nothing: no dependencies, no scripts of its own, not a word", () => {
    const file = join(prefix, "lib/node_modules/tsinternals/package.json");
    const { dependencies, optionalDependencies, peerDependenciesMeta, scripts } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
    // Only the dashboard has use for others, and says so when they are not there.
    expect(peerDependenciesMeta).toEqual({
      blessed: { optional: true },
      "blessed-contrib": { optional: true },
    });
    expect(readdirSync(join(prefix, "lib/node_modules"))).toEqual(["tsinternals"]);
    const { status, stderr } = run(["dashboard", "/"]);
    expect(stderr).toMatch(/needs blessed.*not installed\n {2}try: npm install/);
    expect(status).toBe(3);
    // What npm runs, or warns of, when somebody installs it.
    const ran = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
    expect(Object.keys(scripts).filter((name) => ran.includes(name))).toEqual([]);
    expect(said).not.toMatch(/install-scripts|deprecated|EBADENGINE/);
  });

  test("the helpers are the ones that were built, for everybody to run, and listed right", () => {
    // Not as installed: there install() has made all of it readable.
    const listed = execFileSync("tar", ["-tvzf", tarball], { encoding: "utf8" }).split("\n");
    const modes = listed
      .filter((line) => line.endsWith("/tsi-lab"))
      .map((line) => line.slice(0, 10));
    expect(modes).toEqual(["-rwxr-xr-x", "-rwxr-xr-x"]);
    const build = join(prefix, "lib/node_modules/tsinternals/native/build");
    for (const architecture of ["x86_64", "aarch64"]) {
      const file = join(build, architecture, "tsi-lab");
      expect(statSync(file).mode & 0o777).toBe(0o755);
      const built = readFileSync(join(root, "native/build", architecture, "tsi-lab"));
      expect(readFileSync(file).equals(built)).toBe(true);
    }
    const checked = spawnSync("sha256sum", ["-c", "SHA256SUMS"], { cwd: build, encoding: "utf8" });
    expect(checked.stdout).toBe("aarch64/tsi-lab: OK\nx86_64/tsi-lab: OK\n");
  });

  test("what of others is in it comes with its licence", () => {
    const notices = readFileSync(
      join(prefix, "lib/node_modules/tsinternals/dist/THIRD-PARTY.md"),
      "utf8",
    );
    for (const name of ["chokidar", "commander", "execa", "ink", "marked", "react", "yaml", "musl"])
      expect(notices).toMatch(
        new RegExp(`^## ${name}( \\d+\\.\\d+\\.\\d+)? \\((MIT|ISC)\\)$`, "m"),
      );
    const permitted = /\((MIT|ISC|Apache-2\.0|BSD-[23]-Clause)\)$/;
    expect(notices.split("\n").filter((l) => /^## /.test(l) && !permitted.test(l))).toEqual([]);
  });

  test("an ordinary user has the lessons and their recordings", () => {
    const as = { uid: NOBODY };
    expect(run(["--version"], as)).toMatchObject({ status: 0, stdout: `${VERSION}\n` });
    const doctor = JSON.parse(run(["doctor", "--json"], as).stdout) as {
      findings: { id: string; ok: boolean }[];
    };
    expect(doctor.findings).toContainEqual(expect.objectContaining({ id: "helper", ok: true }));
    const list = run(["list", "--json"], as);
    expect(list).toMatchObject({ status: 0, stderr: "" });
    const ids = (JSON.parse(list.stdout) as { id: string }[]).map(({ id }) => id);
    expect(ids).toContain("cgroups");
    for (const id of ids) {
      const replay = run(["lesson", id, "--replay", "--plain"], as);
      expect(replay.status).toBe(0);
      // nobody has no home, so that what is passed cannot be kept.
      expect(replay.stderr).toMatch(/^tsinternals: progress is not kept: .*\n$/);
      expect(replay.stdout).toMatch(/\(replay\): .*[1-9]\d* passed, 0 failed, 0 skipped\n$/);
    }
    expect(run(["lesson", "no-such"], as)).toMatchObject({ status: 2 });
  });

  test.skipIf(notLive)(`root's lesson is live${notLive === null ? "" : ` (${notLive})`}`, () => {
    const { status, stdout, stderr } = run(["lesson", "cgroups", "--auto", "--json"]);
    const lines = parseLines(stdout);
    expect(lines.at(-1), stderr).toMatchObject({ mode: "live", failed: 0 });
    expect(status).toBe(0);
    expect(remains(labOf(lines))).toEqual([]);
  });

  test("a user's lesson is live where root gave them cgroups", ({ skip }) => {
    skip(rootlessUnable !== "", rootlessUnable);
    const given = giveCgroups(LEARNER);
    if (typeof given === "string") return skip(true, given);
    try {
      const lesson = ["lesson", "cgroups", "--auto", "--json"];
      const { status, stdout, stderr } = run(lesson, { uid: LEARNER });
      const lines = parseLines(stdout);
      expect(lines.at(-1), stderr).toMatchObject({ mode: "live", failed: 0 });
      expect(lines.find(({ kind }) => kind === "lab.ready")).toMatchObject({ mode: "rootless" });
      expect(status).toBe(0);
      expect(remains(labOf(lines))).toEqual([]);
    } finally {
      given.takeBack();
    }
  });

  test("npx runs the tarball", () => {
    const { cache, env } = offline(folder);
    const args = ["--offline", "--yes", "--cache", cache, `./${basename(tarball)}`, "--version"];
    const cwd = dirname(tarball);
    expect(execFileSync("npx", args, { cwd, env, encoding: "utf8" })).toBe(`${VERSION}\n`);
  });

  test("strace-parser is a package of its own", () => {
    const own = pack(join(folder, "parser"), "strace-parser");
    const files = execFileSync("tar", ["-tzf", own], { encoding: "utf8" });
    expect(files).toContain("package/LICENSE\n");
    expect(files).toContain("package/dist/index.d.ts\n");
    install(own, join(folder, "parser-prefix"));
    const library = join(folder, "parser-prefix/lib/node_modules/strace-parser/dist/index.js");
    const script = `import { createParser } from ${JSON.stringify(library)}; console.log(typeof createParser)`;
    const node = run(["--input-type=module", "-e", script], { program: process.execPath });
    expect(node).toMatchObject({ status: 0, stdout: "function\n" });
    const trace = join(root, "fixtures/strace");
    const files1 = execFileSync("ls", [trace], { encoding: "utf8" }).split("\n");
    const program = join(folder, "parser-prefix/bin/strace-parser");
    const checked = run(["check", join(trace, files1[0] ?? "")], { program });
    expect(checked.stderr).toBe("");
    expect(checked.status).toBe(0);
  });
});
