import type { PaneName } from "../lesson/panes.ts";
import type { Message } from "../workbench/message.ts";
import { paneOf } from "../workbench/pane-choice.ts";
import { isTooSmall } from "../workbench/state.ts";
import { titleLine } from "./chrome.ts";
import { contentSize, headerRows, type Layout, layoutOf, type PlacedPane } from "./layout.ts";
import type { Pointed } from "./mouse.ts";
import { firstLine, type Pane } from "./pane.ts";
import type { Panes } from "./panes.ts";
import { widthOf } from "./text.ts";
import type { View } from "./view.ts";

/** Lines that one notch of the wheel scrolls. */
const NOTCH = 3;

/** What the mouse asks for: the wheel scrolls the pane under it, a click chooses it or an entry. */
export function pointedAt(view: View, panes: Panes, { did, column, row }: Pointed): Message[] {
  const { state } = view;
  if (state.overlay !== null || isTooSmall(state) || did === "other") return [];
  const layout = layoutOf(view);
  const place = placeOf(layout, column, row - headerRows(view.mode));
  if (place === null) return [];
  const pane = panes[place.placed.pane];
  if (did !== "press") return [wheeled(view, pane, place.placed, did === "wheel-up" ? -1 : 1)];
  // Whoever types in the shell stays there.
  if (state.typing) return [];
  return place.row === 0
    ? [{ kind: "focused", pane: tabAt(view, layout, pane, place) }]
    : [{ kind: "focused", pane: pane.id }, ...pressed(view, pane, place)];
}

/** A cell of a pane; row 0 is its title. */
interface Place {
  readonly placed: PlacedPane;
  readonly column: number;
  readonly row: number;
}

function placeOf({ kind, lesson, kernel }: Layout, column: number, row: number): Place | null {
  const beside = kind === "side-by-side" && lesson !== null;
  // One column between the two is the rule that parts them.
  const left = beside ? lesson.width + 1 : 0;
  const stack = beside && column < left ? [lesson] : [...(beside ? [] : [lesson]), ...kernel];
  let top = 0;
  for (const placed of stack) {
    if (placed === null) continue;
    const start = placed.pane === "lesson" ? 0 : left;
    const inside = row >= top && row < top + placed.height;
    if (inside && column >= start && column < start + placed.width)
      return { placed, column: column - start, row: row - top };
    top += placed.height;
  }
  return null;
}

function wheeled(view: View, pane: Pane, placed: PlacedPane, by: 1 | -1): Message {
  const { width, height } = contentSize(placed);
  const last = Math.max(0, pane.count(view, width) - height);
  const wanted = firstLine(pane, view, width, height) + by * NOTCH;
  const to = Math.max(0, Math.min(last, wanted));
  const follows = to === last && pane.anchor === undefined && by === 1;
  return { kind: "scrolled", pane: pane.id, to: follows ? null : to };
}

/** The pane whose name was clicked, where several share a place; else the one that shows. */
function tabAt(view: View, layout: Layout, pane: Pane, { placed, column }: Place): PaneName {
  let end = 0;
  for (const { text } of titleLine(pane, placed, layout, view)) {
    end += widthOf(text);
    if (column >= end) continue;
    const [, digit] = /^\s*\[?(\d)\b/.exec(text) ?? [];
    return (digit === undefined ? null : paneOf(view.state, digit)) ?? pane.id;
  }
  return pane.id;
}

function pressed(view: View, pane: Pane, { placed, row }: Place): Message[] {
  const { picks, id } = pane;
  const { width, height } = contentSize(placed);
  if (picks === undefined) return [];
  const head = picks.head(view, width);
  const from = firstLine(pane, view, width, height);
  const index = from + row - 1 - head;
  if (row - 1 < head || index >= picks.count(view, width)) return [];
  const key = picks.key(view, width, index);
  return key === null ? [] : [{ kind: "picked", pane: id, key, scroll: from }];
}
