import type { Pane } from "../../pane.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { diffLine } from "./cgroup-diff-line.ts";
import { createDiffs, type Diff } from "./cgroup-diffs.ts";
import { cgroupTree } from "./cgroup-tree.ts";

interface Built {
  readonly view: View;
  readonly tree: readonly Line[];
  readonly diffs: readonly Diff[];
}

/** The groups there are, and below them what changed in their files in the current step. */
export function createCgroupsPane(): Pane {
  const diffsOf = createDiffs();
  let known: Built | null = null;
  const build = (view: View): Built => {
    if (known?.view !== view) known = { view, tree: cgroupTree(view), diffs: diffsOf(view) };
    return known;
  };
  return {
    id: "cgroups",
    about: hierarchies,
    count(view) {
      const { tree, diffs } = build(view);
      return tree.length + 1 + Math.max(1, diffs.length);
    },
    lines(view, width, from, count) {
      const { tree, diffs } = build(view);
      const rows = Math.min(count, tree.length + 1 + Math.max(1, diffs.length) - from);
      return Array.from({ length: Math.max(0, rows) }, (_, offset) => {
        const row = from + offset;
        if (row < tree.length) return tree[row] ?? [];
        if (row === tree.length) return [span(changesTitle(view), "strong")];
        const diff = diffs[row - tree.length - 1];
        return diff === undefined ? [span(nothing(view), "dim")] : diffLine(diff, width);
      });
    },
  };
}

function hierarchies(view: View): string[] {
  const { lab } = view.world;
  if (lab === null) return [];
  const several = lab.hierarchies.some(({ version }) => version === 1);
  return several ? ["v1: a tree per controller", "v1"] : ["v2: one tree", "v2"];
}

function nothing({ latest }: View): string {
  return latest === null || latest.end === null ? "  nothing yet" : "  nothing";
}

function changesTitle(view: View): string {
  const { latest, lesson } = view;
  if (latest === null) return "changed so far";
  return `changed in step ${lesson.steps.findIndex(({ id }) => id === latest.step) + 1}`;
}
