import { type CgroupFileChange, cgroupKey } from "../../../timeline/world.ts";
import { isLabsOwn, type View } from "../../view.ts";

/** A file's change as it is shown: one write, or all that the kernel did to it in the step. */
export interface Diff extends CgroupFileChange {
  /** Which of the world's changes it is, or the first of those it is made of. */
  readonly number: number;
  readonly times: number;
}

interface Kept {
  readonly changes: readonly CgroupFileChange[];
  readonly since: number;
  seen: number;
  readonly diffs: Diff[];
  /** Where the kernel's changes of a file stand in `diffs`. */
  readonly kernel: Map<string, number>;
}

/**
 * The changes since the current step began. A counter that the kernel keeps moving is one row,
 * from its first value to its latest, which stays where it is so that the pane is calm.
 */
export function createDiffs(): (view: View) => readonly Diff[] {
  let kept: Kept | null = null;
  return (view) => {
    const { changes } = view.world;
    const since = view.latest?.t ?? 0;
    if (
      kept === null ||
      kept.changes !== changes ||
      kept.since !== since ||
      kept.seen > changes.length
    )
      kept = { changes, since, seen: firstSince(changes, since), diffs: [], kernel: new Map() };
    for (; kept.seen < changes.length; kept.seen++) {
      const change = changes[kept.seen] as CgroupFileChange;
      if (!isHousekeeping(view, change)) take(kept, change, kept.seen);
    }
    return kept.diffs;
  };
}

/** The counters of the lab's own groups move with whatever runs: that is not the lesson. */
function isHousekeeping(view: View, { hierarchy, path, cause }: CgroupFileChange): boolean {
  const group = view.world.cgroups.get(cgroupKey(hierarchy, path));
  return cause.kind === "kernel" && (group === undefined || isLabsOwn(view, group));
}

function firstSince(changes: readonly CgroupFileChange[], since: number): number {
  return changes.findLastIndex(({ t }) => t < since) + 1;
}

function take(kept: Kept, change: CgroupFileChange, number: number): void {
  const byKernel = change.cause.kind === "kernel";
  // The first reading of a file is no change, unless somebody wrote it.
  if (change.before === null && byKernel) return;
  const key = `${change.hierarchy}:${change.path}/${change.file}`;
  const at = byKernel ? kept.kernel.get(key) : undefined;
  const earlier = at === undefined ? undefined : kept.diffs[at];
  if (at === undefined || earlier === undefined) {
    if (byKernel) kept.kernel.set(key, kept.diffs.length);
    kept.diffs.push({ ...change, number, times: 1 });
    return;
  }
  const { before, times } = earlier;
  kept.diffs[at] = { ...change, number: earlier.number, before, times: times + 1 };
}
