import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import {
  cgroupDirectories,
  differences,
  type Fingerprint,
  readFingerprint,
} from "../../src/host/fingerprint.ts";
import type { Probe } from "./probe.ts";

/** What is left of one lab, each thing by name. */
export interface Left {
  readonly processes: readonly string[];
  readonly namespaces: readonly string[];
  readonly cgroups: readonly string[];
  /** Journals and what else stands where journals are. */
  readonly files: readonly string[];
  /** Loop devices still bound, which they are as long as a file system on them is there. */
  readonly loops: readonly string[];
  /** Links, mounts and the host's name, before and after. */
  readonly host: readonly string[];
}

export const SORTS = ["processes", "namespaces", "cgroups", "files", "loops", "host"] as const;

export interface Traceable {
  /** In the environment of everything that belongs to the iteration. */
  readonly mark: string;
  /** How the names of its cgroups and its journal begin. */
  readonly lab: string;
  /** Where journals are kept in this mode. */
  readonly journals: string;
  readonly before: Fingerprint;
}

export async function findLeft(
  probe: Probe,
  { mark, lab, journals, before }: Traceable,
): Promise<Left> {
  const { processes, zombies, namespaces } = await probe.left(mark, `/${lab}`);
  const waiting = zombies > 0 ? [`${zombies} zombies`] : [];
  return {
    processes: [...processes, ...waiting],
    namespaces,
    cgroups: cgroupDirectories("/sys/fs/cgroup", lab),
    files: namesIn(journals).filter((name) => name.includes(lab)),
    loops: boundLoops(mark),
    host: differences(before, readFingerprint()),
  };
}

export function isClean(left: Left): boolean {
  return SORTS.every((sort) => left[sort].length === 0);
}

/** sysfs shows the file a loop device is bound to (Documentation/ABI/testing/sysfs-block-loop). */
function boundLoops(mark: string): string[] {
  const found: string[] = [];
  for (const name of namesIn("/sys/block").filter((device) => device.startsWith("loop"))) {
    const file = `/sys/block/${name}/loop/backing_file`;
    const backing = existsSync(file) ? readText(file) : "";
    if (backing.includes(mark)) found.push(`${name} on ${backing.trim()}`);
  }
  return found;
}

/** What a process that should be gone holds and waits for. */
export function cluesOf(process: string): string {
  const folder = `/proc/${Number.parseInt(process, 10)}`;
  const files = namesIn(`${folder}/fd`).map((fd) => `${fd} ${linkAt(`${folder}/fd/${fd}`)}`);
  const children = namesIn(`${folder}/task`).map((task) =>
    readText(`${folder}/task/${task}/children`),
  );
  return `${process} in ${readText(`${folder}/wchan`)}, children ${children.join("")}, has ${files.join(", ")}`;
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
