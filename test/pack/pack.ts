import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
/** prepack's exit status where the tools for the helpers are missing. */
const LACKS = 3;

/** Builds the helpers that go into a package. Null, or what this machine lacks for it. */
export function prepareHelpers(): string | null {
  const prepack = join(root, "src/prepack.mjs");
  const { status, stderr } = spawnSync(process.execPath, [prepack], { encoding: "utf8" });
  if (status === 0) return null;
  if (status === LACKS) return stderr.trim().replaceAll(/\s*\n\s*/g, "; ");
  throw new Error(`src/prepack.mjs ended with ${status}: ${stderr}`);
}

/** Packs what is built, into a folder; `workspace` instead of ourselves. Returns the tarball. */
export function pack(folder: string, workspace: string | null = null): string {
  mkdirSync(folder, { recursive: true });
  const which = workspace === null ? ["--ignore-scripts"] : ["--workspace", workspace];
  npm(["pack", "--silent", "--pack-destination", folder, ...which]);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`npm pack left nothing in ${folder}`);
  return join(folder, tarball);
}

/** Installs a tarball as `npm i -g` does, below a prefix, with nothing but the tarball to take. */
export function install(tarball: string, prefix: string): { said: string } {
  const { cache, env } = offline(prefix);
  const args = ["install", "--global", "--offline", "--cache", cache, "--prefix", prefix, tarball];
  const said = spawnSync("npm", [...args, "--loglevel=warn"], { encoding: "utf8", env, cwd: "/" });
  if (said.status !== 0) throw new Error(`npm install ended with ${said.status}: ${said.stderr}`);
  // Beside the program, as a Node installation has it: the first line of the program finds it.
  copyFileSync(process.execPath, join(prefix, "bin/node"));
  execFileSync("chmod", ["-R", "a+rX", prefix]);
  return { said: said.stdout + said.stderr };
}

/** An npm that has no cache to answer from, and none of the settings of the npm that runs us. */
export function offline(folder: string) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return { cache: join(folder, "empty-cache"), env: Object.fromEntries(own) };
}

function npm(args: readonly string[]): void {
  execFileSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
