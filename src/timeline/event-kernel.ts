import type { Namespaces, Stamped } from "./event-parts.ts";

/** What the kernel did beside processes and networks: cgroups, mounts, namespaces. */
export type KernelEvent =
  | ProcessFound
  | ProcessNamespaces
  | CgroupCreate
  | CgroupRemove
  | CgroupWrite
  | CgroupChange
  | CgroupOom
  | CgroupPopulated
  | CgroupFrozen
  | MountAdd
  | MountRemove
  | MountNamespace
  | MountGone
  | MountBrief;

/** Who did it, where that was seen. */
export interface Doer {
  /** The host's pid, and the lab's. */
  readonly pid?: number;
  readonly labPid?: number;
  readonly comm?: string;
}

/** The process was there before anybody listened. */
export interface ProcessFound extends Stamped {
  readonly kind: "process.found";
  readonly pid: number;
  readonly ppid: number;
  readonly labPid?: number;
  readonly comm?: string;
  readonly argv?: readonly string[];
  readonly namespaces?: Namespaces;
}

/** The process is in other namespaces than before: unshare(2), setns(2), clone(2). */
export interface ProcessNamespaces extends Stamped {
  readonly kind: "process.namespaces";
  readonly pid: number;
  readonly labPid?: number;
  readonly comm?: string;
  /** Only those that are not the lab's own. */
  readonly namespaces: Namespaces;
}

export interface CgroupCreate extends Stamped, Doer {
  readonly kind: "cgroup.create";
  readonly hierarchy: string;
  readonly path: string;
  /** The files the kernel put into the new directory, sorted. */
  readonly files: readonly string[];
}

export interface CgroupRemove extends Stamped, Doer {
  readonly kind: "cgroup.remove";
  readonly hierarchy: string;
  readonly path: string;
}

/** Somebody wrote the file (fanotify(7), or inotify(7), which does not say who). */
export interface CgroupWrite extends Stamped, Doer {
  readonly kind: "cgroup.write";
  readonly hierarchy: string;
  readonly path: string;
  readonly file: string;
}

/** The group was out of memory; `kills`: how many of its processes the OOM killer has ended so far. */
export interface CgroupOom extends Stamped {
  readonly kind: "cgroup.oom";
  readonly hierarchy: string;
  readonly path: string;
  readonly kills: number;
}

/** There is a process in the group or below it again, or none any more. */
export interface CgroupPopulated extends Stamped, Doer {
  readonly kind: "cgroup.populated";
  readonly hierarchy: string;
  readonly path: string;
  readonly populated: boolean;
}

/** All processes of the group stand still, or run again. */
export interface CgroupFrozen extends Stamped, Doer {
  readonly kind: "cgroup.frozen";
  readonly hierarchy: string;
  readonly path: string;
  readonly frozen: boolean;
}

/** The file reads differently than before. `before` is null for the first reading. */
export interface CgroupChange extends Stamped {
  readonly kind: "cgroup.change";
  readonly hierarchy: string;
  readonly path: string;
  readonly file: string;
  readonly before: string | null;
  readonly after: string;
}

/** One mount, in the words of proc_pid_mountinfo(5). */
export interface Mount {
  readonly mount: number;
  readonly parent: number;
  readonly target: string;
  readonly fstype: string;
  readonly source: string;
  /** The directory of the file system that is mounted; absent: its root. */
  readonly root?: string;
  readonly options: string;
  /** `private`, `unbindable`, or the peer groups: `shared:1 master:2` (mount_namespaces(7)). */
  readonly propagation?: string;
}

/** A mount is new, or reads differently. `mntns`: the namespace's inode; absent: the lab's own. */
export interface MountAdd extends Stamped, Mount, Doer {
  readonly kind: "mount.add";
  readonly mntns?: number;
}

export interface MountRemove extends Stamped, Doer {
  readonly kind: "mount.remove";
  readonly mount: number;
  readonly target: string;
  readonly mntns?: number;
}

/** A mount namespace of the lab's was found, because a process is in it, with these mounts. */
export interface MountNamespace extends Stamped, Doer {
  readonly kind: "mount.namespace";
  readonly mntns: number;
  readonly mounts: readonly Mount[];
}

/** A mount namespace is no more, and its mounts with it. */
export interface MountGone extends Stamped {
  readonly kind: "mount.gone";
  readonly mntns: number;
}

/** Something was mounted, and gone again before anybody could ask what it was. */
export interface MountBrief extends Stamped, Doer {
  readonly kind: "mount.brief";
  /** statmount(2)'s number, which is never used again. */
  readonly mount: number;
  readonly mntns?: number;
}
