import { readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { watch as watchTree } from "chokidar";
import type { Event } from "../timeline/event.ts";
import type { Doer } from "../timeline/event-kernel.ts";
import { type CgroupFiles, openCgroupFiles } from "./cgroup-files.ts";
import { noticesOf } from "./cgroup-notices.ts";
import type { Clock } from "./clock.ts";
import type { CgroupNotice, LabCgroup } from "./helper-events.ts";

/** Watches the lab's cgroups from outside: directories, writes, and what the kernel counts. */
export interface CgroupWatch {
  /** Reads everything now instead of at the next interval. */
  poll(): void;
  /** The helper says that a group was made or removed, or a file written, and by whom. */
  told(notice: CgroupNotice): void;
  close(): Promise<void>;
}

interface Group {
  readonly lab: LabCgroup;
  readonly directory: string;
  /** Relative to the lab's cgroup, `/` for itself. */
  readonly path: string;
  readonly files: CgroupFiles;
  /** There before the first step: the lab's own. */
  readonly own: boolean;
}

/** Five times a second: what a person can follow; 1–2 % of a core for 200 files. */
const POLL_MILLISECONDS = 200;
/**
 * The lab's own groups count whatever a command does, and nobody looks at that: every five seconds,
 * and whenever everything is read. They were four fifths of a recording on v2.
 */
const OWN_EVERY = 25;

/**
 * What each way of looking can see (measured, Linux 6.18): the helper's fanotify(7) sees mkdir,
 * rmdir and every write, and by whom, where the kernel lets it (`told`); chokidar, that is
 * inotify(7), sees the same without the pid, everywhere; neither what the kernel counts. Reading
 * sees the counters, and of two writes within one interval only the second.
 * @param writersTold the helper tells the writes: chokidar's word for them would be a second one
 */
export function watchCgroups(
  cgroups: readonly LabCgroup[],
  clock: Clock,
  emit: (event: Event) => void,
  writersTold = false,
): CgroupWatch {
  const groups = new Map<string, Group>();
  const watcher = watchTree(
    cgroups.map(({ hostPath }) => hostPath),
    { ignoreInitial: true, persistent: true },
  );
  const follow = (files: readonly string[]): void => void watcher.add([...files]);
  const watch: Watch = { groups, clock, emit, told: writersTold, follow };
  const open = (lab: LabCgroup, directory: string): void => {
    if (!groups.has(directory)) openGroups(lab, directory, watch);
  };
  for (const lab of cgroups) open(lab, lab.hostPath);
  for (const [directory, group] of groups) groups.set(directory, { ...group, own: true });
  const labOf = (path: string): LabCgroup | undefined =>
    cgroups.find(({ hostPath }) => path === hostPath || path.startsWith(`${hostPath}/`));
  watcher.on("addDir", (directory) => {
    const lab = labOf(directory);
    if (lab !== undefined) open(lab, directory);
  });
  watcher.on("unlinkDir", (directory) => closeGroup(directory, watch));
  if (!writersTold) watcher.on("change", (file) => wrote(file, watch));
  watcher.on("error", (error) =>
    emit({ kind: "diagnostic", t: clock.now(), source: "cgroups", message: String(error) }),
  );
  const poll = (): void => {
    for (const group of [...groups.values()]) readGroup(group, watch);
  };
  let round = 0;
  const timer = setInterval(() => {
    const all = ++round % OWN_EVERY === 0;
    for (const group of [...groups.values()]) readGroup(group, watch, all || !group.own);
  }, POLL_MILLISECONDS);
  return {
    poll,
    told(notice) {
      const lab = cgroups.find(({ hierarchy }) => hierarchy.hierarchy === notice.hierarchy);
      if (lab !== undefined) take(notice, lab, watch);
    },
    async close() {
      clearInterval(timer);
      await watcher.close();
      for (const { files } of groups.values()) files.close();
      groups.clear();
    },
  };
}

/** What is known, and where news goes. */
interface Watch {
  readonly groups: Map<string, Group>;
  readonly clock: Clock;
  emit(event: Event): void;
  /** The helper tells who writes, and what the kernel says of a group. */
  readonly told: boolean;
  /** Files that came without a word from the kernel are written to as others are. */
  follow(files: readonly string[]): void;
}

function take(notice: CgroupNotice, lab: LabCgroup, watch: Watch) {
  const { t, path, file = "" } = notice;
  const { groups, emit } = watch;
  const directory = path === "/" ? lab.hostPath : join(lab.hostPath, path);
  const doer = doerOf(notice);
  if (notice.kind === "cgroup.rmdir") closeGroup(directory, watch, { t, ...doer });
  if (notice.kind === "cgroup.mkdir" && !groups.has(directory))
    openGroups(lab, directory, watch, { t, ...doer });
  if (notice.kind !== "cgroup.write") return;
  emit({ kind: "cgroup.write", t, hierarchy: notice.hierarchy, path, file, ...doer });
  const group = groups.get(directory);
  if (group !== undefined) readGroup(group, watch);
}

function doerOf({ pid, labPid, comm }: Doer): Doer {
  return {
    ...(pid !== undefined && { pid }),
    ...(labPid !== undefined && { labPid }),
    ...(comm !== undefined && { comm }),
  };
}

/** Opens a directory and those that were made below it before anybody looked. */
function openGroups(
  lab: LabCgroup,
  directory: string,
  watch: Watch,
  seen: Doer & { t?: number } = {},
): void {
  const inside = relative(lab.hostPath, directory);
  const path = inside === "" ? "/" : `/${inside}`;
  const { groups, clock, emit } = watch;
  const cgroupFiles = openCgroupFiles(directory, (names) =>
    watch.follow(names.map((name) => join(directory, name))),
  );
  const group: Group = { lab, directory, path, files: cgroupFiles, own: false };
  groups.set(directory, group);
  const { hierarchy } = lab.hierarchy;
  const files = group.files.names;
  emit({ kind: "cgroup.create", t: clock.now(), hierarchy, path, files, ...seen });
  readGroup(group, watch);
  for (const child of childDirectories(directory))
    if (!groups.has(child)) openGroups(lab, child, watch);
}

function childDirectories(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [join(directory, entry.name)] : []));
  } catch {
    return [];
  }
}

function readGroup(group: Group, watch: Watch, counters = true): void {
  const { hierarchy } = group.lab.hierarchy;
  const at = { t: watch.clock.now(), hierarchy, path: group.path };
  for (const change of group.files.changes(counters)) {
    watch.emit({ kind: "cgroup.change", ...at, ...change });
    if (!watch.told) for (const notice of noticesOf(change, at)) watch.emit(notice);
  }
  if (group.files.removed) closeGroup(group.directory, watch);
}

function closeGroup(directory: string, watch: Watch, seen: Doer & { t?: number } = {}): void {
  const { groups, clock, emit } = watch;
  const group = groups.get(directory);
  if (group === undefined) return;
  group.files.close();
  groups.delete(directory);
  const { hierarchy } = group.lab.hierarchy;
  emit({ kind: "cgroup.remove", t: clock.now(), hierarchy, path: group.path, ...seen });
}

/** inotify(7) tells of these as of others, though nobody writes them but the kernel. */
const KERNELS_OWN = /\.events(\.local)?$/;

function wrote(file: string, watch: Watch): void {
  const { groups, clock, emit } = watch;
  const group = groups.get(dirname(file));
  if (group === undefined) return;
  const { hierarchy } = group.lab.hierarchy;
  const at = { t: clock.now(), hierarchy, path: group.path };
  if (!KERNELS_OWN.test(file)) emit({ kind: "cgroup.write", ...at, file: basename(file) });
  readGroup(group, watch);
}
