import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads the interface files of one cgroup directory over and over.
 *
 * Kernel counters change without any notification (inotify(7) tells of writes only), so they must
 * be read. Each file is opened once and read again from offset 0: kernfs makes the content anew,
 * and a read costs microseconds, where open + read + close of 200 files costs a tenth of a core.
 */
export interface CgroupFiles {
  /** Names of all files the kernel provided when this was opened, sorted. */
  readonly names: readonly string[];
  /**
   * Files whose content is not what it was at the last call. The first call gives all.
   * @param counters false: what the kernel counts is left for another time
   */
  changes(counters?: boolean): FileChange[];
  /** True once the directory has been removed: reading its members fails with ENODEV (kernfs). */
  readonly removed: boolean;
  close(): void;
}

export interface FileChange {
  readonly file: string;
  readonly before: string | null;
  readonly after: string;
}

/** @param appeared told of files that a controller brought later (v2: cgroup.subtree_control above) */
export function openCgroupFiles(
  directory: string,
  appeared: (names: readonly string[]) => void = () => {},
): CgroupFiles {
  const names = fileNames(directory);
  const open = new Map<string, number>();
  openNew(names, open, directory);
  const contents = new Map<string, string>();
  let removed = false;
  const files: CgroupFiles = {
    names,
    get removed() {
      return removed;
    },
    changes(counters = true) {
      const changes: FileChange[] = [];
      for (const [file, descriptor] of open) {
        if (!counters && COUNTERS.test(file)) continue;
        if (file === MEMBERS) reopen(open, directory);
        const after = readWhole(open.get(file) ?? descriptor, file);
        if (after === "ENODEV" && file === MEMBERS) removed = true;
        // Its controller was taken away, and the file with it; it may come again.
        else if (after === "ENODEV") forget(file, open, contents);
        if (after === null || after === "ENODEV") continue;
        const before = contents.get(file) ?? null;
        if (before === after) continue;
        contents.set(file, after);
        changes.push({ file, before, after });
        // The new files are read in this very round: a Map's loop comes to what was added.
        if (file === CONTROLLERS && before !== null)
          appeared(openNew(fileNames(directory), open, directory));
      }
      return changes;
    },
    close() {
      for (const descriptor of open.values()) closeSync(descriptor);
      open.clear();
    },
  };
  return files;
}

/** Opens what is to be watched and not open yet, and says what that was. */
function openNew(names: readonly string[], open: Map<string, number>, directory: string): string[] {
  return names.filter((name) => {
    if (open.has(name) || !isWatched(name)) return false;
    const descriptor = tryOpen(join(directory, name));
    if (descriptor !== null) open.set(name, descriptor);
    return descriptor !== null;
  });
}

function forget(file: string, open: Map<string, number>, contents: Map<string, string>): void {
  closeSync(open.get(file) as number);
  open.delete(file);
  contents.delete(file);
}

/**
 * Files left out: a second list of the same pids, tables per CPU or per NUMA node, and averages
 * that move even when nothing happens. They would bury what a learner did.
 */
const UNWATCHED = [
  /^tasks$/,
  /^cgroup\.(threads|stat|clone_children|sane_behavior)/,
  /^memory\.(kmem\.|memsw\.(usage|max_usage|failcnt)|numa_stat|pressure_level|move_charge_at_immigrate|swappiness)/,
  /^cpuacct\.(stat|usage_)/,
  /^cpu\.(stat\.local|rt_|idle)/,
  /^cpuset\.(mem_|memory_|sched_|effective_)/,
  /^blkio\.(?!throttle\.(read|write)_|throttle\.io_serviced$)/,
  /_recursive$/,
  /\.pressure$/,
  /^(hugetlb|rdma|misc|net_|perf)/,
  /^(notify_on_release|release_agent)$/,
];

/** What moves by itself wherever anything runs. */
const COUNTERS = /[._](stat|current|peak|usage|usage_in_bytes|io_service_bytes|io_serviced)$/;

function isWatched(name: string): boolean {
  return !UNWATCHED.some((pattern) => pattern.test(name));
}

/**
 * v1 makes the list of pids at the first read after open(2) and keeps it as long as somebody goes
 * on reading (kernel/cgroup/cgroup-v1.c, CGROUP_PIDLIST_DESTROY_DELAY: a second), so this one file
 * must be opened again each time.
 */
const MEMBERS = "cgroup.procs";

/** v2: what the group may control. kernfs tells nobody of the files that come and go with it. */
const CONTROLLERS = "cgroup.controllers";

function reopen(open: Map<string, number>, directory: string): void {
  const fresh = tryOpen(join(directory, MEMBERS));
  // Gone: the old descriptor says ENODEV, which is how a removed directory is noticed.
  if (fresh === null) return;
  closeSync(open.get(MEMBERS) as number);
  open.set(MEMBERS, fresh);
}

/** Of a long table only these lines are kept. */
const KEPT_LINES: Readonly<Record<string, RegExp>> = {
  "cpu.stat": /^(usage_usec|user_usec|system_usec|nr_periods|nr_throttled|throttled_(usec|time)) /,
  "memory.stat": /^(cache|rss|shmem|mapped_file|anon|file|kernel|slab|sock) /,
};

function fileNames(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}

function tryOpen(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch {
    // Write-only files (cgroup.kill, memory.force_empty), or the directory is already gone.
    return null;
  }
}

const buffer = Buffer.allocUnsafe(64 * 1024);

function readWhole(descriptor: number, file: string): string | "ENODEV" | null {
  let length = 0;
  try {
    length = readSync(descriptor, buffer, 0, buffer.length, 0);
  } catch (error) {
    // EINVAL, EOPNOTSUPP and the like: not readable in this state; tried again next time.
    return (error as NodeJS.ErrnoException).code === "ENODEV" ? "ENODEV" : null;
  }
  const text = buffer.toString("utf8", 0, length).replace(/\n$/, "");
  const kept = KEPT_LINES[file];
  return kept === undefined
    ? text
    : text
        .split("\n")
        .filter((line) => kept.test(line))
        .join("\n");
}
