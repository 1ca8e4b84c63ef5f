import type { ScrollStep } from "./keys.ts";
import { contentSize, layoutOf, placedPane } from "./layout.ts";
import { firstLine, type Pane } from "./pane.ts";
import type { View } from "./view.ts";

export interface PickTarget {
  /** Null: nothing is picked any more, and the pane follows what is new. */
  readonly key: string | null;
  /** First visible line; null: the end. */
  readonly scroll: number | null;
}

/** What the keys that scroll pick in a list; null: this pane is no list, or shows one entry whole. */
export function pickTarget(view: View, pane: Pane, by: ScrollStep): PickTarget | null {
  const { picks } = pane;
  const placed = placedPane(layoutOf(view), pane.id);
  const { picked } = view.state;
  const isOpen = picked?.pane === pane.id && picked.opened !== "no";
  if (picks === undefined || placed === null || isOpen) return null;
  const { width, height } = contentSize(placed);
  const room = Math.max(1, height - picks.head(view, width));
  const from = firstLine(pane, view, width, height);
  const rows: Entries = {
    count: picks.count(view, width),
    key: (index) => picks.key(view, width, index),
  };
  if (entryFrom(rows, 0, 1) === null) return null;
  if (by === "bottom") return { key: null, scroll: null };
  const current = picked?.pane === pane.id ? picks.place(view, width, picked.key) : -1;
  // Nothing is picked yet: the newest in sight is what one wants to look at.
  const start = current < 0 && by !== "top" ? from + room - 1 : movedTo(rows, current, by, room);
  const back = by === "line-up" || by === "page-up" || current < 0;
  const at = entryFrom(rows, start, back ? -1 : 1) ?? entryFrom(rows, start, back ? 1 : -1) ?? 0;
  // The rule above an entry says which step it belongs to.
  const top = at > 0 && rows.key(at - 1) === null ? at - 1 : at;
  return { key: rows.key(at), scroll: top < from ? top : Math.max(from, at - room + 1) };
}

interface Entries {
  readonly count: number;
  key(index: number): string | null;
}

/** The first entry from a row on, upwards or downwards; rules are passed over. */
function entryFrom({ count, key }: Entries, row: number, by: 1 | -1): number | null {
  const start = Math.max(0, Math.min(count - 1, row));
  for (let index = start; index >= 0 && index < count; index += by)
    if (key(index) !== null) return index;
  return null;
}

function movedTo({ count }: Entries, current: number, by: ScrollStep, room: number): number {
  const page = Math.max(1, room - 1);
  const rows: Readonly<Record<ScrollStep, number>> = {
    "line-up": current - 1,
    "line-down": current + 1,
    "page-up": current - page,
    "page-down": current + page,
    top: 0,
    bottom: count - 1,
  };
  return rows[by];
}
