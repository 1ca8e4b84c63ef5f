import type { Mode } from "../drivers/driver.ts";
import type { KernelPaneName } from "../lesson/pane-plan.ts";
import type { PaneName } from "../lesson/panes.ts";
import { panesByWorth } from "../workbench/pane-choice.ts";
import { inSight, type PaneSizes } from "../workbench/pane-sizes.ts";
import { looksBack, type WorkbenchState } from "../workbench/state.ts";
import { PANE_KINDS } from "./panes.ts";
import type { View } from "./view.ts";

/** From this many columns on, the explanation and the panes stand side by side. */
export const WIDE = 120;
/** Lines of prose longer than this are hard to read. */
const WIDEST_LESSON = 84;
/** Of the screen, what a pane that was made larger by one step gets. */
const STEP = 0.05;
/** What stands where, and the keys. */
const FOOTER_ROWS = 2;
const FOUR_PANES_FROM = 34;
const THREE_PANES_FROM = 28;

export interface PlacedPane {
  readonly pane: PaneName;
  readonly width: number;
  /** Its title line included. */
  readonly height: number;
  /** Rows at its end that its filter takes. */
  readonly foot?: number;
}

export interface Layout {
  /** Tabs: the kernel panes share one place. */
  readonly kind: "tabs" | "side-by-side" | "zoomed";
  readonly lesson: PlacedPane | null;
  /** From top to bottom. */
  readonly kernel: readonly PlacedPane[];
  /** Kernel panes there is no room for now. */
  readonly hidden: readonly KernelPaneName[];
}

/** What the layout depends on. */
export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  readonly headerRows: number;
  readonly footerRows: number;
  /** The session's kernel panes in the order of their digits, and in that of their worth now. */
  readonly panes: readonly KernelPaneName[];
  readonly byWorth: readonly KernelPaneName[];
  readonly focus: PaneName;
  readonly tab: KernelPaneName;
  readonly zoomed: boolean;
  readonly sizes: PaneSizes;
  readonly away: readonly KernelPaneName[];
}

export function layoutOf({ state, mode }: Pick<View, "state" | "mode">): Layout {
  const { panes } = state.plan;
  const rows = { headerRows: headerRows(mode), footerRows: footerRows(state) };
  const layout = layOut({ ...state, panes, byWorth: panesByWorth(state), ...rows });
  return { ...layout, kernel: layout.kernel.map((placed) => withFoot(state, placed)) };
}

function withFoot({ filters, filtering }: WorkbenchState, placed: PlacedPane): PlacedPane {
  const filtered = filtering === placed.pane || filters[placed.pane] !== undefined;
  return filtered ? { ...placed, foot: 1 } : placed;
}

/** Why it is only a replay needs a line of its own. */
export function headerRows(mode: Mode): number {
  return mode.kind === "replay" && mode.why !== null ? 2 : 1;
}

/** Looking back takes a line that says at what. */
export function footerRows(state: WorkbenchState): number {
  return FOOTER_ROWS + (looksBack(state) ? 1 : 0);
}

function layOut(input: LayoutInput): Layout {
  const height = input.rows - input.headerRows - input.footerRows;
  if (input.zoomed) return zoomedLayout(input, height);
  return input.columns >= WIDE ? sideBySide(input, height) : tabbed(input, height);
}

function zoomedLayout({ focus, columns, panes }: LayoutInput, height: number): Layout {
  const placed = { pane: focus, width: columns, height };
  const hidden = panes.filter((pane) => pane !== focus);
  if (focus === "lesson") return { kind: "zoomed", lesson: placed, kernel: [], hidden };
  return { kind: "zoomed", lesson: null, kernel: [placed], hidden };
}

function tabbed({ columns, tab, panes, sizes }: LayoutInput, height: number): Layout {
  const steps = (sizes.lesson ?? 0) - (sizes[tab] ?? 0);
  const share = Math.min(0.8, Math.max(0.25, 0.55 + steps * STEP));
  const upper = Math.round(height * share);
  return {
    kind: "tabs",
    lesson: { pane: "lesson", width: columns, height: upper },
    kernel: [{ pane: tab, width: columns, height: height - upper }],
    hidden: panes.filter((pane) => pane !== tab),
  };
}

function sideBySide(input: LayoutInput, height: number): Layout {
  const steps = input.sizes.lesson ?? 0;
  const usual = Math.min(WIDEST_LESSON, Math.floor(input.columns * 0.45));
  const left = usual + Math.round(input.columns * steps * STEP);
  // One column between the two is the rule that parts them.
  const width = input.columns - left - 1;
  const shown = panesShown(input);
  const heights = shareRows(shown, input, height);
  return {
    kind: "side-by-side",
    lesson: { pane: "lesson", width: left, height },
    kernel: shown.map((pane, index) => ({ pane, width, height: heights[index] ?? 0 })),
    hidden: input.panes.filter((pane) => !shown.includes(pane)),
  };
}

/** As many as there is room for, in the order of digits; the one last looked at is among them. */
function panesShown({ rows, tab, panes, byWorth, away }: LayoutInput): KernelPaneName[] {
  const count = rows >= FOUR_PANES_FROM ? 4 : rows >= THREE_PANES_FROM ? 3 : 2;
  const others = inSight(byWorth, away).filter((pane) => pane !== tab);
  const chosen = [tab, ...others].slice(0, count);
  return panes.filter((pane) => chosen.includes(pane));
}

function shareRows(
  panes: readonly KernelPaneName[],
  { focus, sizes }: LayoutInput,
  height: number,
): number[] {
  const shares = panes.map((pane) =>
    Math.max(1, PANE_KINDS[pane].rows + (pane === focus ? 2 : 0) + (sizes[pane] ?? 0)),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  const heights = shares.map((share) => Math.floor((height * share) / total));
  const rest = height - heights.reduce((sum, rows) => sum + rows, 0);
  // What rounding left over goes to the last pane.
  return heights.map((rows, index) => (index === heights.length - 1 ? rows + rest : rows));
}

export function placedPane(layout: Layout, pane: PaneName): PlacedPane | null {
  if (pane === "lesson") return layout.lesson;
  return layout.kernel.find((placed) => placed.pane === pane) ?? null;
}

/** Columns left empty at each side of a pane, for the eye. */
export const MARGIN = 1;

/** The room a placed pane has for its content: the title line and the margins are taken off. */
export function contentSize(placed: PlacedPane): { width: number; height: number } {
  return {
    width: Math.max(1, placed.width - 2 * MARGIN),
    height: Math.max(0, placed.height - 1 - (placed.foot ?? 0)),
  };
}
