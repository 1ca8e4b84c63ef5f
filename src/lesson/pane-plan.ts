import { PANES, type PaneName } from "./panes.ts";

/** The panes that show what the kernel did. */
export type KernelPaneName = Exclude<PaneName, "lesson">;

export const KERNEL_PANES = PANES.filter((pane): pane is KernelPaneName => pane !== "lesson");

/** Which panes a lesson shows, and in which order. */
export interface PanePlan {
  /** Those of the whole session, in the order of their digits: the first is 1. */
  readonly panes: readonly KernelPaneName[];
  /** The same, those first that are shown where there is no room for all. */
  readonly worth: readonly KernelPaneName[];
  /** For each step, those that come first in it; mostly none. */
  readonly steps: readonly (readonly KernelPaneName[])[];
}

/** What a lesson shows that names no panes. */
const USUAL: readonly KernelPaneName[] = ["events", "processes", "cgroups", "output"];
/** The tree of processes is what a small screen can miss first. */
const USUAL_WORTH: readonly KernelPaneName[] = ["events", "cgroups", "output", "processes"];

interface NamesPanes {
  readonly panes: readonly PaneName[] | null;
}

export function panePlan(lesson: NamesPanes & { readonly steps: readonly NamesPanes[] }): PanePlan {
  const own = lesson.panes === null ? null : kernelPanes(lesson.panes);
  const steps = lesson.steps.map(({ panes }) => kernelPanes(panes ?? []));
  return {
    panes: distinct([...(own ?? USUAL), ...steps.flat()]),
    worth: distinct([...(own ?? USUAL_WORTH), ...steps.flat()]),
    steps,
  };
}

/** The explanation is always there, whoever names it. */
function kernelPanes(names: readonly PaneName[]): KernelPaneName[] {
  return names.filter((pane) => pane !== "lesson");
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
