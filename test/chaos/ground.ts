import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { helperPath } from "../../src/host/paths.ts";
import { delegateCgroups } from "./delegate.ts";
import type { Choice, Mode, Plan, Victim } from "./plan.ts";

/** What iterations of a mode stand on, on this host. */
export interface Ground {
  readonly choice: Choice;
  stand(plan: Plan): Standing;
  /** Takes away what was made for this. */
  remove(): void;
}

export interface Standing {
  /** The helper's argv: executed in place, whoever stands in front of it. */
  readonly command: readonly [string, ...string[]];
  readonly reap: readonly [string, ...string[]];
  readonly journals: string;
  /** Who can tidy up alone: when all of them are killed together the rest waits for the next `up`. */
  readonly tidiers: readonly Victim[];
  /** For compiled code. */
  readonly cache: string;
}

/**
 * On v2 the warden and the janitor sit in a leaf beside the lab's cgroup; lab-init, in it at last, can
 * neither remove it nor put back what its parent handed down, so the journal stays.
 */
const ALL: readonly Victim[] = ["warden", "janitor", "init"];

/** Users that no account has: one with nothing of its own here, one whom cgroups are given. */
export const POOR = 54_400;
const GIVEN = 54_401;

export function whyNot(mode: Mode): string | null {
  if (process.platform !== "linux") return "needs Linux";
  if (!existsSync(helperPath)) return "needs the helper (make -C native)";
  if (!has("cc")) return "needs a C compiler for its probe";
  if (mode === "root" && !isRoot()) return "needs root";
  if (mode === "rootless" && !runs([...asUser(POOR), "unshare", "-Urm", "true"]))
    return "needs user namespaces for ordinary users";
  return null;
}

/** `program` is the probe: what it lies in is everybody's to enter. */
export function findGround(mode: Mode, program: string): Ground {
  const cache = join(dirname(program), "cache");
  const tools = ["dockerd", "docker", "busybox"].every(has);
  if (mode === "root") {
    const command = rootCommand();
    const standing: Standing = {
      command,
      reap: [helperPath, "--reap"],
      journals: "/run/tsinternals",
      tidiers: onV2() ? ["warden", "janitor"] : ALL,
      cache,
    };
    const choice = { mode, docker: tools, given: false };
    return { choice, stand: () => standing, remove: () => {} };
  }
  const v1 = isRoot() && existsSync("/sys/fs/cgroup/freezer");
  const remove = v1 ? delegateCgroups(GIVEN) : () => {};
  // Copied, for a user may not be able to reach the folder the project is in.
  const copy = join(dirname(program), "tsi-lab");
  copyFileSync(helperPath, copy);
  chmodSync(copy, 0o755);
  const choice = { mode, docker: false, given: v1 };
  return { choice, stand: ({ given }) => userStanding(copy, given ? GIVEN : POOR, cache), remove };
}

function userStanding(copy: string, uid: number, cache: string): Standing {
  const command = [...asUser(uid), copy] as unknown as [string, ...string[]];
  const own = isRoot() ? uid : (process.getuid?.() ?? uid);
  const runtime = `/run/user/${own}`;
  return {
    command,
    tidiers: ALL,
    cache,
    reap: [...command, "--reap"],
    // As native/journal.c chooses it.
    journals: existsSync(runtime) ? `${runtime}/tsinternals` : `/tmp/tsinternals-${own}`,
  };
}

export function asUser(uid: number): string[] {
  if (!isRoot()) return [];
  return ["setpriv", "--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--"];
}

/** On v2 systemd hands out a cgroup of our own; `--scope` executes the helper in place. */
export function rootCommand(): [string, ...string[]] {
  if (!onV2()) return [helperPath];
  return ["systemd-run", "--scope", "--quiet", "--property=Delegate=yes", "--", helperPath];
}

function onV2(): boolean {
  return existsSync("/sys/fs/cgroup/cgroup.controllers");
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function has(program: string): boolean {
  return runs(["sh", "-c", `command -v ${program}`]);
}

function runs([program = "", ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
