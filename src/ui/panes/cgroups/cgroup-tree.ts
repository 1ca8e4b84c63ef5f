import { type Cgroup, cgroupKey, cgroupLabel, type World } from "../../../timeline/world.ts";
import { oneLine } from "../../labels.ts";
import { plain, type Row } from "../../rows.ts";
import { type Line, span } from "../../text.ts";
import { isLabsOwn, type View } from "../../view.ts";
import { shortIds } from "../events/event-line-daemon.ts";
import { placeName } from "../namespaces/namespace-rows.ts";

/** So many pids are named; the others are counted. */
const PIDS_NAMED = 8;
/** Levels of the tree that are drawn. */
const DEEPEST = 12;

/** The lab's groups, each hierarchy a tree of its own; hierarchies where nothing is are left out. */
export function cgroupTree(view: View): Row[] {
  const { world } = view;
  const trees = hierarchiesInUse(view).flatMap((hierarchy) => {
    const groups = groupsShown(view, hierarchy);
    const root = oneLine(cgroupLabel(hierarchy, "/"));
    return [
      plain([span(root), span(`  ${placeName(world)}'s own`, "dim")]),
      ...groups.map((group) => {
        const line = groupLine(group, groups, world);
        return { key: groupKey(group), draw: () => line };
      }),
    ];
  });
  const rows = [...trees, ...removedLine(view).map(plain)];
  return rows.length > 0
    ? rows
    : [plain([span(`No groups yet but ${placeName(world)}'s own.`, "dim")])];
}

/** What a group's entry is called. */
export function groupKey({ hierarchy, path }: Cgroup): string {
  return `group ${cgroupKey(hierarchy, path)}`;
}

/** Those removed in the current step, in one line however many they are. */
function removedLine(view: View): Line[] {
  const since = view.latest?.t ?? 0;
  const removed = [...view.world.cgroups.values()].filter(
    (group) => group.removedAt !== null && group.removedAt >= since && !isLabsOwn(view, group),
  );
  if (removed.length === 0) return [];
  const labels = removed.map(groupLabel);
  const what = removed.length === 1 ? "group removed" : "groups removed";
  return [[span(`${removed.length} ${what}: `), span(labels.join(", "), "dim")]];
}

function hierarchiesInUse(view: View): string[] {
  const used = new Set<string>();
  for (const group of view.world.cgroups.values())
    if (isLiving(group) && !isLabsOwn(view, group)) used.add(group.hierarchy);
  return [...used].sort();
}

function isLiving({ path, removedAt }: Cgroup): boolean {
  return path !== "/" && removedAt === null;
}

/** Parents before their children. */
function groupsShown(view: View, hierarchy: string): Cgroup[] {
  return [...view.world.cgroups.values()]
    .filter((group) => group.hierarchy === hierarchy && isLiving(group))
    .sort((a, b) => comparePaths(a.path, b.path));
}

/** By path component, so that `/a/b` stands below `/a` and not below `/a-c`. */
function comparePaths(a: string, b: string): number {
  return a.replaceAll("/", "\0") < b.replaceAll("/", "\0") ? -1 : 1;
}

/**
 * How a group is called where there is little room: of a container's the way to it, which is long and the
 * same for all, is left out: `memory/…/f76c80754961`.
 */
export function groupLabel({ hierarchy, path }: Pick<Cgroup, "hierarchy" | "path">): string {
  const whole = cgroupLabel(hierarchy, path);
  const [, last] = /^\/.+\/([^/]*[0-9a-f]{64}[^/]*)$/.exec(path) ?? [];
  return oneLine(shortIds(last === undefined ? whole : `${hierarchy}/…/${last}`));
}

/** `├─ ` while a sibling follows, else `└─ `; a column for each ancestor before it. */
function branchOf(group: Cgroup, groups: readonly Cgroup[]): string {
  const parts = group.path.split("/").slice(1, 1 + DEEPEST);
  const there = new Set(groups.map(({ path }) => path));
  return parts
    .map((_, depth) => {
      const parent = ["", ...parts.slice(0, depth)].join("/");
      const goesOn = groups.some(
        ({ path }) =>
          path.startsWith(`${parent}/`) &&
          comparePaths(`${parent}/${parts[depth]}/\uffff`, path) < 0,
      );
      // Of a host's groups only containers' are known, and not what they are in.
      if (depth < parts.length - 1 && !there.has(`${parent}/${parts[depth]}`)) return "";
      if (depth === parts.length - 1) return goesOn ? "├─ " : "└─ ";
      return goesOn ? "│  " : "   ";
    })
    .join("");
}

/** The path from the group it is in, as far as that is known. */
function nameBelow(path: string, groups: readonly Cgroup[]): string {
  const above = groups.filter((each) => path.startsWith(`${each.path}/`));
  const longest = Math.max(0, ...above.map((each) => each.path.length));
  return path.slice(longest + 1) || "/";
}

function groupLine(group: Cgroup, groups: readonly Cgroup[], world: World): Line {
  const branch = branchOf(group, groups);
  const name = oneLine(shortIds(nameBelow(group.path, groups)));
  const start = span(branch, "dim");
  const pids = group.pids.map((pid) => `${world.processes.get(pid)?.labPid ?? pid}`);
  if (pids.length === 0) return [start, span(name, "good"), span("  no process", "dim")];
  const named = pids.slice(0, PIDS_NAMED).join(" ");
  const others = pids.length > PIDS_NAMED ? ` and ${pids.length - PIDS_NAMED} more` : "";
  const word = pids.length === 1 ? "process" : "processes";
  return [start, span(name, "good"), span(`  ${word} ${named}${others}`)];
}
