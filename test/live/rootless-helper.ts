import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { binary } from "./native-helper.ts";

/** A user that no account has, with nothing of its own on this host. */
export const USER = 54_321;

let made: string | null = null;
afterAll(() => {
  if (made !== null) rmSync(made, { recursive: true, force: true });
  made = null;
});

/** A folder every user can reach, which the project's may not be; gone after the file's tests. */
export function place(): string {
  if (made === null) {
    made = mkdtempSync(join(tmpdir(), "tsi-rootless-"));
    chmodSync(made, 0o755);
  }
  return made;
}

/** What runs a program as an ordinary user: nothing when we are one. */
export function asUser(uid = USER): string[] {
  if (process.getuid?.() !== 0) return [];
  return ["setpriv", "--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--"];
}

export function rootlessCommand(uid = USER): string[] {
  const copy = join(place(), "tsi-lab");
  copyFileSync(binary, copy);
  chmodSync(copy, 0o755);
  return [...asUser(uid), copy];
}

/**
 * Accounts and ranges as if an administrator had made them, in a mount namespace of their own; for
 * root only.
 */
export function withAccounts(command: readonly string[], uid: number): string[] {
  const etc = join(place(), "etc");
  mkdirSync(etc, { recursive: true });
  const files = {
    passwd: `${readFileSync("/etc/passwd", "utf8")}learner:x:${uid}:${uid}::/:/bin/sh\n`,
    group: `${readFileSync("/etc/group", "utf8")}learner:x:${uid}:\n`,
    subuid: "learner:700000:65536\n",
    subgid: "learner:700000:65536\n",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(etc, name), text);
    chmodSync(join(etc, name), 0o644);
  }
  for (const name of Object.keys(files))
    if (!existsSync(`/etc/${name}`)) throw new Error(`this host has no /etc/${name}`);
  const bind = `for f in ${Object.keys(files).join(" ")}; do mount --bind ${etc}/$f /etc/$f; done`;
  return ["unshare", "-m", "sh", "-c", `${bind}; exec "$@"`, "sh", ...command];
}

/** Why no user can have a lab here, or "". */
export const rootlessUnable = whyNot();
if (rootlessUnable) console.log(`SKIP rootless: ${rootlessUnable}`);

function whyNot(): string {
  if (process.platform !== "linux") return "needs Linux";
  const [program = "unshare", ...args] = [...asUser(), "unshare", "-Urm", "true"];
  const { status, error } = spawnSync(program, args, { stdio: "ignore" });
  if (error) return `needs ${program} (apt-get install -y util-linux)`;
  return status === 0 ? "" : "needs user namespaces for ordinary users";
}

export const uidOf = (uid = USER): number => {
  const own = process.getuid?.() ?? uid;
  return own === 0 ? uid : own;
};

/** Where a user's journals are; empty folders are removed with the last of them. */
export const journalFolders = (uid: number): string[] =>
  [`/run/user/${uid}/tsinternals`, `/tmp/tsinternals-${uid}`].filter((path) => existsSync(path));
