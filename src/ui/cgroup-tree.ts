import { type Cgroup, cgroupLabel, type World } from "../timeline/world.ts";
import { oneLine } from "./labels.ts";
import { type Line, span } from "./text.ts";
import type { View } from "./view.ts";

/** So many pids are named; the others are counted. */
const PIDS_NAMED = 8;

/** The lab's groups, each hierarchy a tree of its own; hierarchies where nothing is are left out. */
export function cgroupTree(view: View): Line[] {
  const { world } = view;
  const lines = hierarchiesInUse(world).flatMap((hierarchy) => {
    const groups = groupsShown(view, hierarchy);
    const root = oneLine(cgroupLabel(hierarchy, "/"));
    return [
      [span(root), span("  the lab's own", "dim")],
      ...groups.map((group) => groupLine(group, world)),
    ];
  });
  return lines.length > 0 ? lines : [[span("No groups below the lab's own yet.", "dim")]];
}

function hierarchiesInUse(world: World): string[] {
  const used = new Set<string>();
  for (const group of world.cgroups.values())
    if (group.path !== "/" && group.removedAt === null) used.add(group.hierarchy);
  for (const change of world.changes) if (change.before !== null) used.add(change.hierarchy);
  return [...used].sort();
}

/** The living, and those removed in the current step; parents before their children. */
function groupsShown(view: View, hierarchy: string): Cgroup[] {
  const since = view.latest?.t ?? 0;
  return [...view.world.cgroups.values()]
    .filter((group) => group.hierarchy === hierarchy && group.path !== "/")
    .filter(({ removedAt }) => removedAt === null || removedAt >= since)
    .sort((a, b) => comparePaths(a.path, b.path));
}

/** By path component, so that `/a/b` stands below `/a` and not below `/a-c`. */
function comparePaths(a: string, b: string): number {
  return a.replaceAll("/", "\0") < b.replaceAll("/", "\0") ? -1 : 1;
}

function groupLine(group: Cgroup, world: World): Line {
  const parts = group.path.split("/").filter((part) => part !== "");
  const name = oneLine(parts.at(-1) ?? "/");
  const indent = "   ".repeat(Math.min(parts.length - 1, 10));
  const start = span(`${indent}└─ `, "dim");
  if (group.removedAt !== null) return [start, span(`${name}  removed`, "dim")];
  const pids = group.pids.map((pid) => `${world.processes.get(pid)?.labPid ?? pid}`);
  if (pids.length === 0) return [start, span(name, "good"), span("  no process", "dim")];
  const named = pids.slice(0, PIDS_NAMED).join(" ");
  const others = pids.length > PIDS_NAMED ? ` and ${pids.length - PIDS_NAMED} more` : "";
  const word = pids.length === 1 ? "process" : "processes";
  return [start, span(name, "good"), span(`  ${word} ${named}${others}`)];
}
