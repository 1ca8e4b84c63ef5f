import { pairs } from "./pairs.ts";
import {
  CHANGE_LIMIT,
  type Change,
  type Snapshot,
  type SnapshotCgroup,
  type SnapshotProcess,
} from "./snapshot.ts";
import { networkChanges } from "./snapshot-diff-network.ts";
import { cgroupLabel } from "./world.ts";

export interface SnapshotDiff {
  readonly changes: readonly Change[];
  /** How many more there are, or may be: what was cut off. */
  readonly more: number;
}

/**
 * What is different between two moments of a lab, in a stable order: processes, namespaces, cgroups
 * and their files, mounts, networks; last what others have found (`besides`). What moves by itself is
 * left out: see IGNORED_FILES, and rule counters. What came with a new namespace is not listed again,
 * thing by thing.
 */
export function diffSnapshots(
  before: Snapshot,
  after: Snapshot,
  besides: readonly Change[] = [],
): SnapshotDiff {
  const changes = [
    ...processChanges(before, after),
    ...namespaceChanges(before, after),
    ...cgroupChanges(before, after),
    ...mountChanges(before, after),
    ...networkChanges(before, after),
    ...besides,
  ];
  const cut = [...before.cut, ...after.cut].reduce((sum, { left }) => sum + left, 0);
  const beyond = Math.max(0, changes.length - CHANGE_LIMIT);
  return { changes: changes.slice(0, CHANGE_LIMIT), more: beyond + cut };
}

/** strace is ours, and may end a moment after what it watched. */
function shownProcesses({ processes }: Snapshot): SnapshotProcess[] {
  return processes.filter(({ labPid, comm }) => labPid !== 1 && comm !== "strace");
}

function processChanges(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  const [left, right] = [shownProcesses(before), shownProcesses(after)];
  for (const [was, is] of pairs(left, right, ({ pid }) => `${pid}`)) {
    const process = (is ?? was) as SnapshotProcess;
    const name = processName(process);
    const places = placesOf(process);
    const where = places === "" ? {} : { where: places };
    if (was === null) changes.push({ how: "added", what: "process", name, ...where });
    else if (is === null) changes.push({ how: "removed", what: "process", name });
    else changes.push(...processDifferences(was, is, name));
  }
  return changes;
}

function processName({ pid, labPid, comm, argv }: SnapshotProcess): string {
  const command = argv?.filter((word) => word !== "").join(" ") || `(${comm ?? "?"})`;
  return `${labPid ?? `host ${pid}`} ${command}`;
}

/** Its groups and namespaces that are not the lab's own; on v2 the lab lives in `/init`. */
function placesOf({ cgroups, namespaces }: SnapshotProcess): string {
  const groups = Object.entries(cgroups).filter(([, path]) => path !== "/init");
  const labels = groups.map(([hierarchy, path]) => cgroupLabel(hierarchy, path));
  const apart = Object.entries(namespaces).map(([type, inode]) => `${type}:[${inode}]`);
  return [...labels.sort(), ...apart].join(" ");
}

function processDifferences(was: SnapshotProcess, is: SnapshotProcess, name: string): Change[] {
  const facts = (process: SnapshotProcess): Record<string, string> => ({
    namespaces: textOf(process.namespaces, ([type, inode]) => `${type}:[${inode}]`),
    cgroups: textOf(process.cgroups, ([hierarchy, path]) => cgroupLabel(hierarchy, path)),
    command: process.argv?.join(" ") ?? process.comm ?? "",
    // Running or sleeping is chance; stopped and dead are not.
    state: /^[TtZX]$/.test(process.state ?? "") ? (process.state ?? "") : "",
  });
  const [old, now] = [facts(was), facts(is)];
  return Object.keys(now).flatMap((fact) =>
    old[fact] === now[fact]
      ? []
      : [
          {
            how: "changed" as const,
            what: "process",
            name: fact === "command" ? name : `${name} ${fact}`,
            before: old[fact] || "the lab's",
            after: now[fact] || "the lab's",
          },
        ],
  );
}

function textOf(record: object, show: (entry: [string, never]) => string): string {
  return Object.entries(record)
    .sort()
    .map(show as never)
    .join(" ");
}

function namespaceChanges(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  const key = ({ type, inode }: Snapshot["namespaces"][number]): string => `${type}:[${inode}]`;
  for (const [was, is] of pairs(before.namespaces, after.namespaces, key)) {
    const name = key((is ?? was) as Snapshot["namespaces"][number]);
    if (was === null || is === null) {
      const kept = keptOn((is ?? was)?.kept ?? []);
      const on = kept === "" ? "" : ` kept on ${kept}`;
      changes.push({ how: was === null ? "added" : "removed", what: "namespace", name: name + on });
    } else if (keptOn(was.kept) !== keptOn(is.kept)) {
      changes.push({
        ...{ how: "changed", what: "namespace", name: `${name} kept on` },
        ...{ before: keptOn(was.kept) || "nothing", after: keptOn(is.kept) || "nothing" },
      });
    }
  }
  return changes;
}

/** Each place once: every mount namespace made later has a copy of the mount. */
function keptOn(kept: readonly string[]): string {
  return [...new Set(kept)].join(", ");
}

/** They move with whatever runs, or say again what the list of processes says. */
const IGNORED_FILES =
  /^(cgroup\.(procs|events|controllers)|pids\.current|memory\.(usage_in_bytes|max_usage_in_bytes|current|peak))$/;
/** In the lab's own groups every counter counts what all do, the helper among them. */
const COUNTERS = /(failcnt|oom_control|\.events)$/;

function cgroupChanges(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  const key = ({ hierarchy, path }: SnapshotCgroup): string => cgroupLabel(hierarchy, path);
  for (const [was, is] of pairs(before.cgroups, after.cgroups, key)) {
    const name = key((is ?? was) as SnapshotCgroup);
    if (was === null) changes.push({ how: "added", what: "cgroup", name });
    else if (is === null) changes.push({ how: "removed", what: "cgroup", name });
    else changes.push(...fileChanges(was, is, name));
  }
  return changes;
}

function fileChanges(was: SnapshotCgroup, is: SnapshotCgroup, name: string): Change[] {
  const labsOwn = is.path === "/" || is.path === "/init";
  const shown = (file: string): boolean =>
    !IGNORED_FILES.test(file) && !(labsOwn && COUNTERS.test(file));
  const files = [...new Set([...Object.keys(was.files), ...Object.keys(is.files)])].filter(shown);
  return files.flatMap((file) => {
    const [before, after] = [was.files[file] ?? "", is.files[file] ?? ""];
    if (before === after) return [];
    return [{ how: "changed" as const, what: "cgroup", name: `${name} ${file}`, before, after }];
  });
}

/** So many changes in a mount namespace that is not the lab's are told one by one. */
const MOUNTS_TOLD = 12;

type Mounts = Snapshot["mounts"];

function mountChanges(before: Snapshot, after: Snapshot): Change[] {
  const namespaces = new Set([...before.mounts, ...after.mounts].map(({ mntns }) => mntns));
  return [...namespaces].flatMap((mntns) => {
    if (mntns !== undefined && !isOneNamespace(before, after, mntns)) return [];
    const tableOf = ({ mounts }: Snapshot): Mounts => mounts.filter((each) => each.mntns === mntns);
    const [old, now] = [tableOf(before), tableOf(after)];
    const changes = tableChanges(old, now, mntns);
    if (mntns === undefined || changes.length <= MOUNTS_TOLD) return changes;
    // A container on its way: pivot_root(2) changes every line of the table.
    const table = { how: "changed", what: "mount", name: "table" } as const;
    const added = changes.filter(({ how }) => how === "added").length;
    const sizes = { before: `${old.length} mounts`, after: `${now.length}, ${added} of them new` };
    return [{ ...table, where: `mnt:[${mntns}]`, ...sizes }];
  });
}

/** In both snapshots, and not an inode that the kernel gave again: somebody has stayed in it. */
function isOneNamespace(before: Snapshot, after: Snapshot, mntns: number): boolean {
  const [old, now] = [before, after].map(({ mounts, namespaces }) => ({
    there: mounts.some((each) => each.mntns === mntns),
    processes: namespaces.find(({ type, inode }) => type === "mnt" && inode === mntns)?.processes,
  }));
  if (old?.there !== true || now?.there !== true) return false;
  if (old.processes === undefined || now.processes === undefined) return true;
  return old.processes.some((pid) => now.processes?.includes(pid));
}

function tableChanges(before: Mounts, after: Mounts, mntns: number | undefined): Change[] {
  const changes: Change[] = [];
  const where = mntns === undefined ? {} : { where: `mnt:[${mntns}]` };
  const key = ({ mount, fstype, source }: Mounts[number]): string =>
    [mount, fstype, source].join(" ");
  for (const [was, is] of pairs(before, after, key)) {
    const mount = (is ?? was) as Mounts[number];
    const name = `${mount.fstype} on ${mount.target}`;
    const [old, now] = [was, is].map((each) =>
      each === null ? "" : `${each.target} ${each.options} ${each.propagation ?? ""}`.trim(),
    );
    if (was === null) changes.push({ how: "added", what: "mount", name, ...where });
    else if (is === null) changes.push({ how: "removed", what: "mount", name, ...where });
    else if (old !== now)
      changes.push({
        ...{ how: "changed", what: "mount", name, ...where },
        ...{ before: old ?? "", after: now ?? "" },
      });
  }
  return changes;
}
