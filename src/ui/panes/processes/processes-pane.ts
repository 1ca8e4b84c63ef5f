import type { NamespaceType } from "../../../timeline/event-parts.ts";
import type { Process, World } from "../../../timeline/world.ts";
import { endSpan, isWatcher, processName } from "../../labels.ts";
import { createListPane } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import { plain, type Row, rowsOf } from "../../rows.ts";
import { clipLine, type Line, lineWidth, type Span, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { processEvidence } from "./process-evidence.ts";
import { type Branch, growTree, type Tree } from "./process-tree.ts";

/** The living, and those that ended in the current step, as a tree like pstree(1)'s. */
export function createProcessesPane(): Pane {
  let known: { readonly view: View; readonly tree: Tree } | null = null;
  const treeOf = (view: View): Tree => {
    if (known?.view !== view) known = { view, tree: growTree(view) };
    return known.tree;
  };
  return createListPane({
    id: "processes",
    empty: "No process yet.",
    about: (view) => {
      const { lab } = view.world;
      if (lab === null) return [];
      const { living } = treeOf(view);
      if (lab.mode === "host") return [`${living} living`];
      return [`PID 1 is ${lab.pid} on the host · ${living} living`, `${living} living`];
    },
    head: () => [span("  PID   host  command", "dim")],
    rows: (view, width) => rowsOf(treeRows(treeOf(view), view.world, width)),
    evidence: (view, width, key) => processEvidence(view, Number(key), width),
  });
}

/** An entry is called by its process's pid on the host. */
function treeRows({ branches, hidden, groups }: Tree, world: World, width: number): Row[] {
  const rows = branches.map((branch) => ({
    key: `${branch.process.pid}`,
    draw: () => processLine(branch, groups, world, width),
  }));
  if (hidden === 0) return rows;
  const more = `${" ".repeat(13)}… and ${hidden} more that ended in this step`;
  return [...rows, plain([span(more, "dim")])];
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
