import type { Mount } from "./event-kernel.ts";
import type { Namespaces, NamespaceType, Stamped } from "./event-parts.ts";

/**
 * The lab at one moment: what the helper's `snapshot` answers (native/README.md). It takes about a
 * millisecond, in which nothing stands still: `from` and `until` (ns) say when it was.
 */
export interface Snapshot {
  readonly from: number;
  readonly until: number;
  /** By pid, the lab's PID 1 among them. */
  readonly processes: readonly SnapshotProcess[];
  readonly namespaces: readonly SnapshotNamespace[];
  readonly cgroups: readonly SnapshotCgroup[];
  /** Of all mount namespaces; `mntns` absent: the lab's own. */
  readonly mounts: readonly (Mount & { readonly mntns?: number })[];
  readonly netns: readonly SnapshotNetwork[];
  /** What was too much, and how much of it is missing. */
  readonly cut: readonly { readonly what: string; readonly left: number }[];
}

export interface SnapshotProcess {
  readonly pid: number;
  readonly labPid?: number;
  readonly ppid?: number;
  readonly comm?: string;
  /** proc_pid_stat(5): R, S, D, T, Z, … */
  readonly state?: string;
  readonly argv?: readonly string[];
  /** Only those that are not the lab's own. */
  readonly namespaces: Namespaces;
  /** Group by hierarchy, relative to the lab's; absent: in the lab's own. */
  readonly cgroups: Readonly<Record<string, string>>;
}

export interface SnapshotNamespace {
  readonly type: NamespaceType;
  readonly inode: number;
  /** The user namespace that owns it. */
  readonly owner?: number;
  readonly processes: readonly number[];
  /** Files it is mounted on, which keep it without a process. */
  readonly kept: readonly string[];
}

export interface SnapshotCgroup {
  readonly hierarchy: string;
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The facts have the fields of their events (event-network.ts). */
export interface SnapshotNetwork {
  readonly netns: number;
  readonly name?: string;
  readonly own?: boolean;
  readonly links: readonly Fact[];
  readonly addresses: readonly Fact[];
  readonly routes: readonly Fact[];
  readonly chains: readonly Fact[];
  readonly rules: readonly Fact[];
}

export type Fact = Readonly<Record<string, unknown>>;

/** What a step has changed on this machine: the difference of the snapshots around it. */
export interface StepChanges extends Stamped {
  readonly kind: "step.changes";
  readonly step: string;
  readonly changes: readonly Change[];
  /** Changes beyond the first CHANGE_LIMIT, and what the snapshots had to leave out. */
  readonly more: number;
}

export interface Change {
  readonly how: "added" | "removed" | "changed";
  /** `process`, `namespace`, `cgroup`, `mount`, `network namespace`, `link`, … */
  readonly what: string;
  /** As a learner would call it; pids are the lab's. */
  readonly name: string;
  /** The namespace, when it is not the lab's own. */
  readonly where?: string;
  /** How it reads differently: `before → after`. */
  readonly before?: string;
  readonly after?: string;
}

export const CHANGE_LIMIT = 100;

/** `+ link veth0 in net:[4026532251]`, `~ cgroup memory/demo memory.limit_in_bytes: a → b`. */
export function changeText({ how, what, name, where, before, after }: Change): string {
  const place = where === undefined ? "" : ` in ${where}`;
  const values = how === "changed" ? `: ${before ?? ""} → ${after ?? ""}` : "";
  return `${SIGNS[how]} ${what} ${name}${place}${values}`;
}

const SIGNS: Readonly<Record<Change["how"], string>> = { added: "+", removed: "-", changed: "~" };
