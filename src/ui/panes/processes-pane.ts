import type { NamespaceType } from "../../timeline/event-parts.ts";
import { cgroupLabel, type Process, type World } from "../../timeline/world.ts";
import { endSpan, isWatcher, oneLine, processName } from "../labels.ts";
import type { Pane } from "../pane.ts";
import { clipLine, type Line, lineWidth, type Span, span } from "../text.ts";
import { isLabsOwn, type View } from "../view.ts";

/** One row of the tree: a process and how it hangs there. */
interface Branch {
  readonly process: Process;
  readonly prefix: string;
}

interface Tree {
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

/** The living, and those that ended in the current step, as a tree like pstree(1)'s. */
export function createProcessesPane(): Pane {
  let known: { readonly view: View; readonly tree: Tree } | null = null;
  const treeOf = (view: View): Tree => {
    if (known?.view !== view) known = { view, tree: growTree(view) };
    return known.tree;
  };
  return {
    id: "processes",
    about: (view) => {
      const { lab } = view.world;
      if (lab === null) return [];
      const { living } = treeOf(view);
      return [`PID 1 is ${lab.pid} on the host · ${living} living`, `${living} living`];
    },
    count(view) {
      const { branches, hidden } = treeOf(view);
      return 1 + Math.max(1, branches.length) + (hidden > 0 ? 1 : 0);
    },
    lines(view, width, from, count) {
      const tree = treeOf(view);
      if (tree.branches.length === 0) return [[span("No process yet.", "dim")]].slice(from);
      const lines: Line[] = [];
      for (let row = from; row < from + count; row++) {
        const line = treeLine(tree, row, view.world, width);
        if (line !== null) lines.push(line);
      }
      return lines;
    },
  };
}

function treeLine(tree: Tree, row: number, world: World, width: number): Line | null {
  if (row === 0) return [span("  PID   host  command", "dim")];
  const branch = tree.branches[row - 1];
  if (branch !== undefined) return processLine(branch, tree.groups, world, width);
  if (row - 1 > tree.branches.length || tree.hidden === 0) return null;
  return [span(`${" ".repeat(13)}… and ${tree.hidden} more that ended in this step`, "dim")];
}

function growTree(view: View): Tree {
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
function groupsByPid(view: View): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const group of view.world.cgroups.values()) {
    const { hierarchy, path, pids, removedAt } = group;
    if (removedAt !== null || isLabsOwn(view, group)) continue;
    for (const pid of pids) {
      const labels = groups.get(pid) ?? [];
      labels.push(oneLine(cgroupLabel(hierarchy, path)));
      groups.set(pid, labels);
    }
  }
  return groups;
}

/** Short of room the command gives way: where the process is and how it ended tell more. */
function processLine(branch: Branch, groups: Tree["groups"], world: World, width: number): Line {
  const { process, prefix } = branch;
  const watching = isWatcher(process);
  const dim = process.exit !== null || watching ? "dim" : undefined;
  const name = watching ? "strace (watching)" : processName(process);
  const command = [
    span(`${process.labPid ?? "?"}`.padStart(5), dim),
    span(` ${`${process.pid}`.padStart(6)}  ${prefix}`, "dim"),
    span(name, dim),
  ];
  const tags: Span[] = [];
  for (const label of groups.get(process.pid) ?? []) tags.push(span(`  ${label}`, "good"));
  const own = namespacesApart(process, world);
  if (own.length > 0) tags.push(span(`  own ${own.join(", ")} namespace`, "caution"));
  if (process.exit !== null) tags.push(span("  "), endSpan(process.exit));
  const room = Math.max(Math.ceil(width / 2), width - lineWidth(tags));
  return clipLine([...clipLine(command, room), ...tags], width);
}

/** The namespaces in which a process is not where the lab's PID 1 is. */
function namespacesApart(process: Process, world: World): NamespaceType[] {
  const lab = world.lab?.namespaces ?? {};
  const types = Object.keys(process.namespaces) as NamespaceType[];
  return types.filter((type) => process.namespaces[type] !== lab[type]);
}
