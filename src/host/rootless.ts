import { accessSync, constants, existsSync } from "node:fs";
import { execa } from "execa";
import type { CgroupLayout } from "./cgroup-layout.ts";
import type { Missing } from "./live.ts";
import { type ReadText, readText, userNamespaceTrouble } from "./user-namespaces.ts";

/** What an ordinary user's lab would have here. */
export interface RootlessFacts {
  /** Whose lab it would be; with sudo(8) the one behind it. Null: there is only root. */
  readonly uid: number | null;
  /** Why there would be none. */
  readonly trouble: Missing | null;
  /** Who lets the user have cgroups of their own; null: nobody. */
  readonly delegation: "systemd" | "directories" | null;
  /** The controllers that would come with it. */
  readonly controllers: readonly string[];
  /** Users in the lab besides its root: a range of subuid(5), and the program that maps it. */
  readonly range: boolean;
}

export async function readRootlessFacts(cgroup: CgroupLayout): Promise<RootlessFacts> {
  const uid = ordinaryUid();
  if (process.platform !== "linux" || uid === null)
    return { uid, trouble: null, delegation: null, controllers: [], range: false };
  const asIs = process.geteuid?.() === uid;
  return {
    uid,
    trouble: userNamespaceTrouble(readText, asIs ? await makesUserNamespace() : null),
    delegation: delegationFor(uid, cgroup),
    controllers: controllersFor(uid, cgroup),
    range: hasRange(uid, userNameOf(uid, readText), readText),
  };
}

/** Ourselves, or who called sudo. */
function ordinaryUid(): number | null {
  const own = process.geteuid?.() ?? 0;
  if (own > 0) return own;
  const behind = Number(process.env.SUDO_UID);
  return behind > 0 ? behind : null;
}

/**
 * unshare(1) makes one for the length of true(1), and mounts in it: some hosts allow the namespace
 * and none of what makes it worth having. Null: unshare is not installed.
 */
async function makesUserNamespace(): Promise<boolean | null> {
  const { exitCode } = await execa("unshare", ["-Urm", "true"], { reject: false, timeout: 5000 });
  return exitCode === undefined ? null : exitCode === 0;
}

function delegationFor(uid: number, cgroup: CgroupLayout): RootlessFacts["delegation"] {
  // The user's own systemd hands out scopes below its cgroup (systemd.resource-control(5)).
  if (cgroup.version === "v2")
    return existsSync(`/run/user/${uid}/systemd/private`) ? "systemd" : null;
  return givenControllers(uid, cgroup).length > 0 ? "directories" : null;
}

/** What the user's systemd has to hand out: often `cpu memory pids`, where root has more. */
function controllersFor(uid: number, cgroup: CgroupLayout): readonly string[] {
  if (cgroup.version !== "v2") return givenControllers(uid, cgroup);
  const manager = `user.slice/user-${uid}.slice/user@${uid}.service`;
  const text = readText(`${cgroup.v2Mount}/${manager}/cgroup.controllers`) ?? "";
  return text.split(/\s+/).filter((word) => word !== "");
}

function givenControllers(uid: number, { v1 }: CgroupLayout): readonly string[] {
  const own = (name: string) => `/sys/fs/cgroup/${name}/${givenDirectory(uid)}/cgroup.procs`;
  return v1.filter((name) => isWritable(own(name)));
}

/** v1: the directory in each hierarchy that root makes once (native/cgroup-delegate.c). */
export function givenDirectory(uid: number): string {
  return `tsinternals-${uid}`;
}

/** The line that makes them, for root to type. A new cpuset takes nobody in before it has CPUs. */
export function givingCommand(uid: number): string {
  const copy = "for f in cpuset.cpus cpuset.mems; do [ -e $h/$f ] && cat $h/$f > $d/$f; done";
  const give = `chown ${uid} $d $d/cgroup.procs $d/tasks`;
  // The v2 tree of a hybrid host has no `tasks`, and could not be given away like this.
  const make = `[ -e $h/tasks ] || continue; d=$h/${givenDirectory(uid)}; mkdir -p $d`;
  return `for h in /sys/fs/cgroup/*; do ${make}; ${copy}; ${give}; done`;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function userNameOf(uid: number, read: ReadText): string | null {
  const line = (read("/etc/passwd") ?? "")
    .split("\n")
    .find((each) => each.split(":")[2] === `${uid}`);
  return line?.split(":")[0] ?? null;
}

/** subuid(5) and subgid(5) name the user or its uid; newuidmap(1) maps what they say. */
export function hasRange(uid: number, name: string | null, read: ReadText): boolean {
  const listed = (file: string): boolean =>
    (read(file) ?? "").split("\n").some((line) => {
      const [owner, , count] = line.split(":");
      return (owner === `${uid}` || (name !== null && owner === name)) && Number(count) > 0;
    });
  const folders = ["/usr/bin", "/bin", "/usr/local/bin"];
  const has = (program: string): boolean =>
    folders.some((folder) => existsSync(`${folder}/${program}`));
  return listed("/etc/subuid") && listed("/etc/subgid") && has("newuidmap") && has("newgidmap");
}
