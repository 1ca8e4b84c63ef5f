import type { KernelPaneName } from "../lesson/pane-plan.ts";
import type { PaneName } from "../lesson/panes.ts";

/** By how many steps a learner has made panes larger than usual, below zero smaller. */
export type PaneSizes = Readonly<Partial<Record<PaneName, number>>>;

/** Beyond that many steps a pane would crowd out the others. */
export const MOST_STEPS = 5;

/** From a file that anybody may have written. */
export function withinLimits(sizes: PaneSizes): PaneSizes {
  if (Object.values(sizes).every((size) => Math.abs(size) <= MOST_STEPS)) return sizes;
  const limited = (size: number): number => Math.max(-MOST_STEPS, Math.min(MOST_STEPS, size));
  return Object.fromEntries(Object.entries(sizes).map(([pane, size]) => [pane, limited(size)]));
}

export function inSight(
  panes: readonly KernelPaneName[],
  away: readonly KernelPaneName[],
): KernelPaneName[] {
  return panes.filter((pane) => !away.includes(pane));
}
