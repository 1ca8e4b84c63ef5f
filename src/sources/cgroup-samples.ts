import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupReading } from "../timeline/cgroup-reading.ts";
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

/** What v1 has in files of several controllers stands in v2 in one directory. */
const FILES: readonly (readonly [string, string])[] = [
  ["memory", "memory.usage_in_bytes"],
  ["memory", "memory.current"],
  ["memory", "memory.limit_in_bytes"],
  ["memory", "memory.max"],
  ["memory", "memory.oom_control"],
  ["memory", "memory.events"],
  ["cpuacct", "cpuacct.usage"],
  ["cpu", "cpu.stat"],
  ["pids", "pids.current"],
];

const NOTHING: Omit<CgroupSample, "path"> = {
  memory: null,
  memoryLimit: null,
  cpu: null,
  throttled: null,
  pids: null,
  oomKills: null,
};

function sample({ directories }: CgroupPlaces, path: string): CgroupSample {
  const readings = FILES.map(([controller, file]) => {
    const directory = directories.get(controller) ?? directories.get("");
    const text = directory === undefined ? null : readText(join(directory, path, file));
    return text === null ? null : cgroupReading(file, text);
  });
  return Object.assign({ path, ...NOTHING }, ...readings);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
