import type { Diagnostic, Hierarchy, LabReady, SessionStart } from "./event.ts";
import type { BundleProcess } from "./event-bundle.ts";
import type { Mount } from "./event-kernel.ts";
import type { LayerContents } from "./event-layer.ts";
import type { Namespaces, NamespaceType } from "./event-parts.ts";
import type { Network } from "./network.ts";

/** What is true at one moment of a session: the fold of the events up to it. */
export interface World {
  readonly session: SessionStart | null;
  readonly lab: LabReady | null;
  /** False before `lab.ready` and after `lab.gone`. */
  readonly labAlive: boolean;
  /** By host pid; the dead stay, with how they ended. */
  readonly processes: ReadonlyMap<number, Process>;
  /** By cgroupKey(hierarchy, path); removed groups stay, marked. */
  readonly cgroups: ReadonlyMap<string, Cgroup>;
  /** Every difference of a cgroup file, in order. */
  readonly changes: readonly CgroupFileChange[];
  /** By mount id, of all mount namespaces: the kernel gives each a number of its own. */
  readonly mounts: ReadonlyMap<number, KnownMount>;
  /** Those that are no more, in the order in which they went. */
  readonly unmounted: readonly UnmountedMount[];
  /** What was read of the directories that overlays are made of, by path, the newest last. */
  readonly layers: ReadonlyMap<string, readonly LayerContents[]>;
  /** By the network namespace's inode; OWN_NETWORK is the lab's own. */
  readonly networks: ReadonlyMap<number, Network>;
  /** Containers built by hand, by the host pid of their process; the ended ones stay. */
  readonly containers: ReadonlyMap<number, Container>;
  /** Containers of OCI runtimes, in the order in which they were found; the ended ones stay. */
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly runs: ReadonlyMap<number, RunState>;
  /** traced ÷ untraced wall time, once measured. */
  readonly observerRatio: number | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Process {
  readonly pid: number;
  readonly labPid: number | null;
  readonly ppid: number | null;
  readonly comm: string | null;
  readonly argv: readonly string[] | null;
  /** Only those that differ from the lab's own. */
  readonly namespaces: Namespaces;
  /** When it, or whom it was forked from, came into each of them. */
  readonly namespacesSince: Namespaces;
  readonly startedAt: number;
  readonly exit: ProcessEnd | null;
}

/** `mntns` absent: in the lab's own mount namespace. */
export interface KnownMount extends Mount {
  readonly mntns?: number;
  /** When it was first seen; it may be older than its namespace's discovery. */
  readonly addedAt: number;
}

export interface UnmountedMount extends KnownMount {
  readonly removedAt: number;
}

export interface ProcessEnd {
  readonly t: number;
  readonly code: number | null;
  readonly signal: string | null;
}

/** A container built by hand (event-container.ts), as far as it has come. */
export interface Container {
  readonly name: string;
  readonly pid: number;
  readonly labPid: number | null;
  readonly namespaces: Namespaces;
  /** The stages that are done, in their order. */
  readonly stages: readonly ContainerStage[];
  /** After which stage it waits for `container go`. */
  readonly stopped: string | null;
  readonly failure: { readonly stage: string; readonly message: string } | null;
  readonly exit: ProcessEnd | null;
}

export interface ContainerStage {
  readonly t: number;
  readonly stage: string;
  readonly call: string | null;
  readonly detail: string;
}

/** A container that runc or crun made from a bundle (event-bundle.ts). */
export interface Bundle {
  readonly container: string;
  readonly runtime: string;
  readonly root: string;
  readonly bundle: string;
  readonly labPid: number;
  readonly pid: number | null;
  /** The text of config.json. */
  readonly config: string | null;
  readonly proc: BundleProcess["proc"];
  /** What it has set with sethostname(2), where strace saw that. */
  readonly hostName: string | null;
  readonly foundAt: number;
}

export interface Cgroup {
  readonly hierarchy: string;
  readonly path: string;
  readonly createdAt: number;
  readonly removedAt: number | null;
  /** Names of the interface files the kernel provides. */
  readonly fileNames: readonly string[];
  /** Contents that were read, by file name. Pids are the lab's where known. */
  readonly files: ReadonlyMap<string, string>;
  /** Host pids in cgroup.procs, ascending. */
  readonly pids: readonly number[];
}

export interface CgroupFileChange {
  readonly t: number;
  /** Index on the timeline of the reading that shows it. */
  readonly at: number;
  readonly hierarchy: string;
  readonly path: string;
  readonly file: string;
  /** Null: there was no earlier reading. */
  readonly before: string | null;
  readonly after: string;
  readonly cause: ChangeCause;
}

/** Who changed a cgroup file: somebody's write, as far as it was seen, or the kernel itself. */
export type ChangeCause =
  | {
      readonly kind: "write";
      readonly labPid: number | null;
      readonly text: string | null;
      /** Index on the timeline of the event that tells of the write. */
      readonly at: number;
    }
  | { readonly kind: "kernel" };

export interface RunState {
  readonly run: number;
  readonly step: string;
  readonly pid: number;
  readonly labPid: number;
  readonly script: string;
  readonly startedAt: number;
  readonly exit: ProcessEnd | null;
}

export function cgroupKey(hierarchy: string, path: string): string {
  return `${hierarchy}:${path}`;
}

/** How a group is called on screen: `memory/demo` on v1, `/demo` on v2. */
export function cgroupLabel(hierarchy: string, path: string): string {
  return hierarchy === "" ? path : `${hierarchy}${path === "/" ? "/" : path}`;
}

/** The namespaces of the lab and of the processes in it, and how many living processes each has. */
export function namespacesOf(world: World): NamespaceUse[] {
  const uses = new Map<string, NamespaceUse>();
  const count = (type: NamespaceType, inode: number): void => {
    const key = `${type}:${inode}`;
    const use = uses.get(key) ?? { type, inode, processes: 0 };
    uses.set(key, { ...use, processes: use.processes + 1 });
  };
  const own = world.lab?.namespaces ?? {};
  for (const process of world.processes.values()) {
    if (process.exit !== null) continue;
    for (const type of Object.keys({ ...own, ...process.namespaces }) as NamespaceType[]) {
      const inode = process.namespaces[type] ?? own[type];
      if (inode !== undefined) count(type, inode);
    }
  }
  return [...uses.values()];
}

export interface NamespaceUse {
  readonly type: NamespaceType;
  readonly inode: number;
  readonly processes: number;
}

/**
 * Which cgroup file a path in the lab names, e.g. `/sys/fs/cgroup/memory/demo/tasks` →
 * `{hierarchy: "memory", path: "/demo", file: "tasks"}`; null when it is none.
 */
export function cgroupFileOf(
  hierarchies: readonly Hierarchy[],
  file: string,
): { hierarchy: string; path: string; file: string } | null {
  const slash = file.lastIndexOf("/");
  const directory = file.slice(0, slash);
  // The longest mount wins: /sys/fs/cgroup/unified lies below /sys/fs/cgroup.
  const home = hierarchies
    .filter(({ mount }) => directory === mount || directory.startsWith(`${mount}/`))
    .sort((a, b) => b.mount.length - a.mount.length)[0];
  if (home === undefined) return null;
  const path = directory.slice(home.mount.length) || "/";
  return { hierarchy: home.hierarchy, path, file: file.slice(slash + 1) };
}
