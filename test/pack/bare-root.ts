/**
 * `npm run test:pack [-- SUITE]`: packs, and tries the package in a fresh Debian that has nothing but
 * Node and its npm: every lesson's recording as an ordinary user, every lesson live as root. One line
 * a trial, exit 1 when one failed. Needs root and mmdebstrap; Debian's part is kept in the cache.
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { sourcesFor } from "../vm/image.ts";
import { pack, prepareHelpers } from "./pack.ts";

const suite = process.argv[2] ?? "trixie";
if (suite !== "bookworm" && suite !== "trixie") refuse("bookworm or trixie", "trixie is Debian 13");
if (process.getuid?.() !== 0) refuse("this needs root", "sudo npm run test:pack");
if (spawnSync("mmdebstrap", ["--version"]).error)
  refuse("mmdebstrap is not installed", "apt-get install -y mmdebstrap");
const lacks = prepareHelpers();
if (lacks !== null) refuse(lacks, "as it says");

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const folder = mkdtempSync(join(tmpdir(), "tsi-bare-"));
let failed = 0;
try {
  tryPackage(makeRoot(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;

function tryPackage(system: string): void {
  const tarball = pack(join(folder, "tarball"));
  copyFileSync(tarball, join(system, "root", basename(tarball)));
  report("install", inside(system, ["npm", "i", "-g", "--offline", `/root/${basename(tarball)}`]));
  report("version", inside(system, ["tsinternals", "--version"]));
  report("doctor as root", inside(system, ["tsinternals", "doctor"]));
  const list = inside(system, [...NOBODY, "tsinternals", "list", "--json"]);
  report("list as user", list, `${list.stdout.length} characters`);
  for (const { id } of JSON.parse(list.stdout) as { id: string }[]) {
    const replay = ["tsinternals", "lesson", id, "--replay", "--plain"];
    const replayed = inside(system, [...NOBODY, ...replay]);
    report(`${id} as user, its recording`, replayed, lastLine(replayed.stdout));
    const live = inside(system, ["tsinternals", "lesson", id, "--auto", "--json"]);
    const summary = lastLine(live.stdout);
    // What a lesson runs may be missing on a machine that has nothing; then that is said.
    const wants = /it needs .*, which (is|are) not installed; try: /.test(live.stderr);
    report(`${id} as root`, live, summary, wants || summary.includes('"mode":"live"'));
  }
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function report(what: string, ended: Ended, said = lastLine(ended.stdout), good = true): void {
  const ok = good && ended.status === 0;
  if (!ok) failed++;
  console.log(`${ok ? "ok" : `FAILED (exit ${ended.status})`} ${what}: ${said}`);
  if (ended.stderr !== "") console.log(ended.stderr.trimEnd().replaceAll(/^/gm, "    "));
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** The smallest Debian apt works in, Node, and the npm that comes with Node. */
function makeRoot(parent: string): string {
  const system = join(parent, "root");
  mkdirSync(system);
  execFileSync("tar", ["-xf", cachedDebian(), "-C", system]);
  const local = join(system, "usr/local");
  copyFileSync(process.execPath, join(local, "bin/node"));
  const npm = realpathSync(
    execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim(),
  );
  const modules = join(local, "lib/node_modules");
  cpSync(resolve(npm, "../.."), join(modules, "npm"), { recursive: true });
  execFileSync("ln", ["-s", "../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm")]);
  execFileSync("chmod", ["-R", "a+rX", local, parent]);
  return system;
}

function cachedDebian(): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tsinternals/pack");
  const file = join(cache, `${suite}.tar`);
  if (existsSync(file)) return file;
  console.error(`making a Debian ${suite}, which is done once: ${file}`);
  mkdirSync(cache, { recursive: true });
  const sources = join(folder, "debian.sources");
  writeFileSync(sources, sourcesFor(suite as "bookworm" | "trixie"));
  const draft = join(cache, `draft-${suite}.tar`);
  execFileSync("mmdebstrap", ["--variant=minbase", "--quiet", suite, draft, sources], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  renameSync(draft, file);
  return file;
}

/**
 * Runs a command with that folder as its root, in a mount namespace of its own. pivot_root(2) and no
 * chroot(2): the kernel gives no user namespace to who sits in a chroot (user_namespaces(7)).
 */
function inside(system: string, command: readonly string[]): Ended {
  const script = `set -eu
    mount --bind "$0" "$0"
    for each in proc sys dev; do mount --rbind /$each "$0/$each"; done
    cd "$0"
    pivot_root . .
    umount -l .
    cd /
    exec env -i HOME=/root PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"`;
  const args = ["--mount", "--propagation", "private", "sh", "-c", script, system, ...command];
  // A session of events is larger than what spawnSync takes by itself, 1 MiB.
  const options = { encoding: "utf8", maxBuffer: 64 << 20 } as const;
  return spawnSync("unshare", args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
}

function refuse(what: string, fix: string): never {
  console.error(`test:pack: ${what}\n  try: ${fix}`);
  process.exit(3);
}
