import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A mounted hierarchy of control groups (cgroups(7)). */
export interface CgroupTree {
  readonly mount: string;
  readonly version: 1 | 2;
  /** v1: the controllers bound to it; v2 has all of its in one tree. */
  readonly controllers: readonly string[];
}

/** One group, which v1 keeps as a directory in each of several trees, not always at the same path. */
export interface CgroupPlaces {
  /** As a person would call it: the last component of its path. */
  readonly name: string;
  /** controller → its directory; v2's one directory stands under `""`. */
  readonly directories: ReadonlyMap<string, string>;
}

/** The trees in the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function cgroupTrees(mountinfo: string): CgroupTree[] {
  return mountinfo.split("\n").flatMap((line): CgroupTree[] => {
    const [left = "", right = ""] = line.split(" - ");
    const [type, , options = ""] = right.split(" ");
    const mount = (left.split(" ")[4] ?? "").replaceAll("\\040", " ");
    if (type === "cgroup2") return [{ mount, version: 2, controllers: [""] }];
    if (type !== "cgroup") return [];
    return [{ mount, version: 1, controllers: options.split(",").filter((word) => word !== "rw") }];
  });
}

export function readCgroupTrees(): CgroupTree[] {
  return cgroupTrees(readFileSync("/proc/self/mountinfo", "utf8"));
}

/** How far below a mount groups are looked for: slices within slices are five or six deep. */
const DEEPEST = 10;

/** The groups whose name `wanted` takes, and not what is inside them. */
export function findGroups(
  trees: readonly CgroupTree[],
  wanted: (name: string) => boolean,
): CgroupPlaces[] {
  const found = new Map<string, Map<string, string>>();
  for (const { mount, controllers } of trees)
    for (const directory of walk(mount, wanted, DEEPEST)) {
      const name = basename(directory);
      const directories = found.get(name) ?? new Map<string, string>();
      for (const controller of controllers)
        if (!directories.has(controller)) directories.set(controller, directory);
      found.set(name, directories);
    }
  return [...found].map(([name, directories]) => ({ name, directories }));
}

function* walk(
  directory: string,
  wanted: (name: string) => boolean,
  depth: number,
): Generator<string> {
  for (const name of subgroups(directory)) {
    const path = join(directory, name);
    if (wanted(name)) yield path;
    else if (depth > 0) yield* walk(path, wanted, depth - 1);
  }
}

/** The group at this path of each tree that has it: `/system.slice/ssh.service`. */
export function groupAt(trees: readonly CgroupTree[], path: string): CgroupPlaces | null {
  const directories = new Map<string, string>();
  for (const { mount, controllers } of trees) {
    const directory = join(mount, path);
    if (isDirectory(directory))
      for (const controller of controllers) directories.set(controller, directory);
  }
  return directories.size === 0 ? null : { name: basename(path), directories };
}

/** Groups directly in a directory; none when it is gone. */
export function subgroups(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
