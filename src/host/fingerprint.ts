import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import type { Event } from "../timeline/event.ts";

/** What a lesson could leave behind on a host, by name. */
export interface Fingerprint {
  readonly hostname: string;
  readonly links: readonly string[];
  readonly mounts: readonly string[];
}

export function readFingerprint(): Fingerprint {
  const mountinfo = readFileSync("/proc/self/mountinfo", "utf8");
  return {
    hostname: os.hostname(),
    links: readdirSync("/sys/class/net").sort(),
    // proc_pid_mountinfo(5): field 5 is where, the type follows " - ".
    mounts: mountinfo
      .split("\n")
      .map((line) => `${line.split(" ")[4]} ${line.split(" - ")[1] ?? ""}`)
      .sort(),
  };
}

/**
 * What is different on the host after a session: links, mounts, the host's name, cgroup
 * directories of the lab's name, processes in them, and the lab's namespaces if any process still
 * is in one. Waits up to a second: the kernel tears namespaces down in its own time.
 */
export async function traces(events: readonly Event[], before: Fingerprint): Promise<string[]> {
  const deadline = Date.now() + 1000;
  for (;;) {
    const found = [...differences(before, readFingerprint()), ...remains(events)];
    if (found.length === 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function differences(before: Fingerprint, after: Fingerprint): string[] {
  const found: string[] = [];
  if (before.hostname !== after.hostname) found.push(`the host is now called ${after.hostname}`);
  for (const what of ["links", "mounts"] as const) {
    for (const item of after[what])
      if (!before[what].includes(item)) found.push(`new in ${what}: ${item}`);
    for (const item of before[what])
      if (!after[what].includes(item)) found.push(`gone from ${what}: ${item}`);
  }
  return found;
}

function remains(events: readonly Event[]): string[] {
  const ready = events.find((event) => event.kind === "lab.ready");
  if (ready?.kind !== "lab.ready") return [];
  const directories = cgroupDirectories("/sys/fs/cgroup", ready.lab).map(
    (path) => `cgroup ${path}`,
  );
  const { user: _user, time: _time, ...own } = ready.namespaces;
  const inodes = new Set(Object.entries(own).map(([type, inode]) => `${type}:[${inode}]`));
  return [...directories, ...processesIn(inodes)];
}

/** Below `folder`, those with `name` in their own name; what is in them is not looked at. */
export function cgroupDirectories(folder: string, name: string): string[] {
  const found: string[] = [];
  for (const entry of directoriesIn(folder)) {
    const path = join(folder, entry);
    if (entry.includes(name)) found.push(path);
    else found.push(...cgroupDirectories(path, name));
  }
  return found;
}

function directoriesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Processes that are in one of these namespaces (namespaces(7)). */
function processesIn(inodes: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    for (const type of ["pid", "mnt", "net", "uts", "ipc", "cgroup"]) {
      const inode = namespaceOf(pid, type);
      if (inode !== null && inodes.has(inode)) found.push(`process ${pid} in ${inode}`);
    }
  return found;
}

function namespaceOf(pid: string, type: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/${type}`);
  } catch {
    return null;
  }
}
