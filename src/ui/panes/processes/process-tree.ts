import type { Process } from "../../../timeline/world.ts";
import { isLabsOwn, type View } from "../../view.ts";
import { groupLabel } from "../cgroups/cgroup-tree.ts";

/** One row of the tree: a process and how it hangs there. */
export interface Branch {
  readonly process: Process;
  readonly prefix: string;
}

export interface Tree {
  readonly branches: readonly Branch[];
  readonly living: number;
  /** Processes that ended in this step but are not shown, because there are too many. */
  readonly hidden: number;
  readonly groups: ReadonlyMap<number, readonly string[]>;
}

/** So many of those that ended in the current step stay in the tree. */
const DEAD_SHOWN = 24;
/** Columns of indentation beyond which children no longer move to the right. */
const DEEPEST = 60;

/** The living, and those that ended in the current step. */
export function growTree(view: View): Tree {
  const { world, latest } = view;
  const since = latest?.t ?? 0;
  const all = [...world.processes.values()];
  const living = all.filter(({ exit }) => exit === null);
  const dead = all.filter(({ exit }) => exit !== null && exit.t >= since);
  // Those that ended last: parents mostly outlive their children, so the tree stays whole.
  const last = dead.toSorted((a, b) => (a.exit?.t ?? 0) - (b.exit?.t ?? 0)).slice(-DEAD_SHOWN);
  const shown = [...living, ...last];
  return {
    branches: branchesOf(shown, world.lab?.pid ?? null),
    living: living.length,
    hidden: Math.max(0, dead.length - DEAD_SHOWN),
    groups: groupsByPid(view),
  };
}

function branchesOf(processes: readonly Process[], init: number | null): Branch[] {
  const here = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number | null, Process[]>();
  for (const process of processes) {
    // Whose parent is not shown hangs at the lab's PID 1.
    const foster = process.pid === init || init === null || !here.has(init) ? null : init;
    const parent = process.ppid !== null && here.has(process.ppid) ? process.ppid : foster;
    const siblings = children.get(parent) ?? [];
    siblings.push(process);
    children.set(parent, siblings);
  }
  // A stack, not recursion: a chain of forks may be deeper than the call stack.
  const stack = (children.get(null) ?? []).map((process) => ({ process, prefix: "", below: "" }));
  const branches: Branch[] = [];
  for (let top = stack.shift(); top !== undefined; top = stack.shift()) {
    branches.push(top);
    const { below } = top;
    const own = (children.get(top.process.pid) ?? []).toSorted((a, b) => a.startedAt - b.startedAt);
    const hung = own.map((process, index) => {
      const last = index === own.length - 1;
      const next = below.length < DEEPEST ? `${below}${last ? "   " : "│  "}` : below;
      return { process, prefix: `${below}${last ? "└─ " : "├─ "}`, below: next };
    });
    stack.unshift(...hung);
  }
  return branches;
}

/** The lesson's groups that each process is in. */
export function groupsByPid(view: View): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const group of view.world.cgroups.values()) {
    const { pids, removedAt } = group;
    if (removedAt !== null || isLabsOwn(view, group)) continue;
    for (const pid of pids) {
      const labels = groups.get(pid) ?? [];
      labels.push(groupLabel(group));
      groups.set(pid, labels);
    }
  }
  return groups;
}
