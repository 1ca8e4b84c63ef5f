import type { Mode } from "../drivers/driver.ts";
import { KERNEL_PANES, type KernelPaneId, type PaneId } from "../workbench/state.ts";
import type { View } from "./view.ts";

/** From this many columns on, the explanation and the panes stand side by side. */
export const WIDE = 120;
/** Lines of prose longer than this are hard to read. */
const WIDEST_LESSON = 84;
const FOOTER_ROWS = 2;
const ALL_PANES_FROM = 34;
const THREE_PANES_FROM = 28;

export interface PlacedPane {
  readonly pane: PaneId;
  readonly width: number;
  /** Its title line included. */
  readonly height: number;
}

export interface Layout {
  /** Tabs: the kernel panes share one place. */
  readonly kind: "tabs" | "side-by-side" | "zoomed";
  readonly lesson: PlacedPane | null;
  /** From top to bottom. */
  readonly kernel: readonly PlacedPane[];
  /** Kernel panes there is no room for now. */
  readonly hidden: readonly KernelPaneId[];
}

/** What the layout depends on. */
export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  readonly headerRows: number;
  readonly focus: PaneId;
  readonly tab: KernelPaneId;
  readonly zoomed: boolean;
}

export function layoutOf(view: View): Layout {
  return layOut({ ...view.state, headerRows: headerRows(view.mode) });
}

/** Why it is only a replay needs a line of its own. */
export function headerRows(mode: Mode): number {
  return mode.kind === "replay" && mode.why !== null ? 2 : 1;
}

export function layOut(input: LayoutInput): Layout {
  const height = input.rows - input.headerRows - FOOTER_ROWS;
  if (input.zoomed) return zoomedLayout(input, height);
  return input.columns >= WIDE ? sideBySide(input, height) : tabbed(input, height);
}

function zoomedLayout({ focus, columns }: LayoutInput, height: number): Layout {
  const placed = { pane: focus, width: columns, height };
  const hidden = KERNEL_PANES.filter((pane) => pane !== focus);
  if (focus === "lesson") return { kind: "zoomed", lesson: placed, kernel: [], hidden };
  return { kind: "zoomed", lesson: null, kernel: [placed], hidden };
}

function tabbed({ columns, tab }: LayoutInput, height: number): Layout {
  const upper = Math.round(height * 0.55);
  return {
    kind: "tabs",
    lesson: { pane: "lesson", width: columns, height: upper },
    kernel: [{ pane: tab, width: columns, height: height - upper }],
    hidden: KERNEL_PANES.filter((pane) => pane !== tab),
  };
}

function sideBySide(input: LayoutInput, height: number): Layout {
  const left = Math.min(WIDEST_LESSON, Math.floor(input.columns * 0.45));
  // One column between the two is the rule that parts them.
  const width = input.columns - left - 1;
  const shown = panesShown(input);
  const heights = shareRows(shown, input.focus, height);
  return {
    kind: "side-by-side",
    lesson: { pane: "lesson", width: left, height },
    kernel: shown.map((pane, index) => ({ pane, width, height: heights[index] ?? 0 })),
    hidden: KERNEL_PANES.filter((pane) => !shown.includes(pane)),
  };
}

/** As many as there is room for, in their usual order; the one last looked at is among them. */
function panesShown({ rows, tab }: LayoutInput): KernelPaneId[] {
  const count = rows >= ALL_PANES_FROM ? 4 : rows >= THREE_PANES_FROM ? 3 : 2;
  const byWorth: KernelPaneId[] = ["events", "cgroups", "output", "processes"];
  const chosen = [tab, ...byWorth.filter((pane) => pane !== tab)].slice(0, count);
  return KERNEL_PANES.filter((pane) => chosen.includes(pane));
}

const SHARES: Readonly<Record<KernelPaneId, number>> = {
  events: 4,
  processes: 3,
  cgroups: 4,
  output: 3,
};

function shareRows(panes: readonly KernelPaneId[], focus: PaneId, height: number): number[] {
  const shares = panes.map((pane) => SHARES[pane] + (pane === focus ? 2 : 0));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const heights = shares.map((share) => Math.floor((height * share) / total));
  const rest = height - heights.reduce((sum, rows) => sum + rows, 0);
  // What rounding left over goes to the last pane.
  return heights.map((rows, index) => (index === heights.length - 1 ? rows + rest : rows));
}

export function placedPane(layout: Layout, pane: PaneId): PlacedPane | null {
  if (pane === "lesson") return layout.lesson;
  return layout.kernel.find((placed) => placed.pane === pane) ?? null;
}

/** Columns left empty at each side of a pane, for the eye. */
export const MARGIN = 1;

/** The room a placed pane has for its content: the title line and the margins are taken off. */
export function contentSize(placed: PlacedPane): { width: number; height: number } {
  return {
    width: Math.max(1, placed.width - 2 * MARGIN),
    height: Math.max(0, placed.height - 1),
  };
}
