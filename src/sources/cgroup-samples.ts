import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CgroupSample, CgroupSamples } from "../timeline/cgroup-sample.ts";
import { type CgroupPlaces, subgroups } from "./cgroup-trees.ts";

/** More than fit on a screen are counted in those above them, as the kernel does. */
const MOST_GROUPS = 60;

/** Reads a group and those below it. Everybody may read these files. */
export function sampleGroups(group: CgroupPlaces, at: number): CgroupSamples {
  const paths = pathsBelow(group);
  const groups = paths.map((path) => sample(group, path));
  const there = groups[0] !== undefined && Object.values(groups[0]).some(isNumber);
  return { at, groups: there ? groups : [] };
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

/** `/`, `/a`, `/a/b`: of all trees together, for a group may be in one and not in another. */
function pathsBelow({ directories }: CgroupPlaces): string[] {
  const paths = new Set(["/"]);
  const visit = (directory: string, path: string): void => {
    for (const name of subgroups(directory)) {
      if (paths.size >= MOST_GROUPS) return;
      const below = `${path === "/" ? "" : path}/${name}`;
      paths.add(below);
      visit(join(directory, name), below);
    }
  };
  for (const directory of new Set(directories.values())) visit(directory, "/");
  return [...paths];
}

/** Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst name the files and their units. */
function sample({ directories }: CgroupPlaces, path: string): CgroupSample {
  const read = (controller: string, file: string): string | null => {
    const directory = directories.get(controller) ?? directories.get("");
    return directory === undefined ? null : readText(join(directory, path, file));
  };
  const memory = (one: string, two: string) => read("memory", one) ?? read("memory", two);
  const nanoseconds = number(read("cpuacct", "cpuacct.usage"));
  const stat = read("cpu", "cpu.stat");
  const microseconds = field(stat, "usage_usec");
  return {
    path,
    memory: number(memory("memory.usage_in_bytes", "memory.current")),
    memoryLimit: limit(memory("memory.limit_in_bytes", "memory.max")),
    cpu: nanoseconds !== null ? nanoseconds / 1e9 : scaled(microseconds, 1e6),
    throttled: field(stat, "nr_throttled"),
    pids: number(read("pids", "pids.current")),
    oomKills: field(memory("memory.oom_control", "memory.events"), "oom_kill"),
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function number(text: string | null): number | null {
  return text !== null && /^\d+\n?$/.test(text) ? Number(text) : null;
}

/** v1 writes no limit as the highest multiple of a page, v2 as `max`. */
function limit(text: string | null): number | null {
  const bytes = number(text);
  return bytes === null || bytes > 2 ** 62 ? null : bytes;
}

/** The value in a line `name value`. */
function field(text: string | null, name: string): number | null {
  const found = text === null ? null : new RegExp(`^${name} (\\d+)$`, "m").exec(text);
  return found === null ? null : Number(found[1]);
}

function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : value / unit;
}
