import { KERNEL_PANES, type KernelPaneId, type PaneId } from "../workbench/state.ts";

/** From this many columns on, the explanation and the panes stand side by side. */
const WIDE = 120;
/** Lines of prose longer than this are hard to read. */
const WIDEST_LESSON = 84;
const HEADER_ROWS = 1;
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
  readonly focus: PaneId;
  readonly tab: KernelPaneId;
  readonly zoomed: boolean;
}

export function layOut(input: LayoutInput): Layout {
  const height = input.rows - HEADER_ROWS - FOOTER_ROWS;
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
