import { createListPane } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import { plain, type Row, rowsOf } from "../../rows.ts";
import { span } from "../../text.ts";
import type { View } from "../../view.ts";
import { diffLine } from "./cgroup-diff-line.ts";
import { createDiffs, type Diff } from "./cgroup-diffs.ts";
import { diffEvidence, groupEvidence } from "./cgroup-evidence.ts";
import { cgroupTree } from "./cgroup-tree.ts";

/** The groups there are, and below them what changed in their files in the current step. */
export function createCgroupsPane(): Pane {
  const diffsOf = createDiffs();
  return createListPane({
    id: "cgroups",
    empty: "",
    about: hierarchies,
    rows(view, width) {
      const diffs = diffsOf(view);
      const changes = diffs.length === 0 ? [plain([span(nothing(view), "dim")])] : [];
      return rowsOf([
        ...cgroupTree(view),
        plain([span(changesTitle(view), "strong")]),
        ...changes,
        ...diffs.map((diff) => diffRow(diff, width)),
      ]);
    },
    evidence(view, width, key, folded) {
      const diff = diffsOf(view).find((each) => diffKey(each) === key);
      if (diff !== undefined) return diffEvidence(view, diff, { width, folded });
      return groupEvidence(view, key, width);
    },
  });
}

function diffRow(diff: Diff, width: number): Row {
  return { key: diffKey(diff), draw: () => diffLine(diff, width) };
}

/** What a difference's entry is called. */
export function diffKey({ number }: Pick<Diff, "number">): string {
  return `change ${number}`;
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
