import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { helperPath } from "../../src/host/paths.ts";
import type { Choice, Mode } from "./plan.ts";

/** What iterations of a mode stand on, on this host. */
export interface Ground {
  /** The helper's argv. */
  readonly command: readonly [string, ...string[]];
  /** In front of the UI: becomes who runs a rootless lab. */
  readonly asUser: readonly string[];
  readonly journals: string;
  readonly choice: Choice;
}

/** A user that owns nothing here. */
const NOBODY = "65534";

export function findGround(mode: Mode): Ground | { readonly reason: string } {
  const root = process.getuid?.() === 0;
  if (process.platform !== "linux") return { reason: "needs Linux" };
  if (!existsSync(helperPath)) return { reason: "needs the helper (make -C native)" };
  if (!has("cc")) return { reason: "needs a C compiler for its probe" };
  if (mode === "root" && !root) return { reason: "needs root" };
  const uid = root ? NOBODY : String(process.getuid?.());
  return {
    command: mode === "root" ? rootCommand() : [helperPath],
    asUser:
      mode === "rootless" && root
        ? ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"]
        : [],
    journals: mode === "root" ? "/run/tsinternals" : userJournals(uid),
    choice: { mode, docker: has("dockerd") && has("docker") && has("busybox"), extra: [] },
  };
}

/** As native/journal.c chooses it. */
function userJournals(uid: string): string {
  const runtime = `/run/user/${uid}`;
  return existsSync(runtime) ? `${runtime}/tsinternals` : `/tmp/tsinternals-${uid}`;
}

/** On v2 systemd hands out a cgroup of our own; `--scope` executes the helper in place. */
function rootCommand(): [string, ...string[]] {
  if (!existsSync("/sys/fs/cgroup/cgroup.controllers")) return [helperPath];
  return ["systemd-run", "--scope", "--quiet", "--property=Delegate=yes", "--", helperPath];
}

function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
}
