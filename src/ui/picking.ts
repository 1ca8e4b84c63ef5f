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
  const keys = picks.keys(view, width);
  const places = keys.flatMap((key, index) => (key === null ? [] : [index]));
  if (places.length === 0) return null;
  if (by === "bottom") return { key: null, scroll: null };
  const room = Math.max(1, height - picks.head);
  const from = firstLine(pane, view, width, height);
  const current = picked?.pane === pane.id ? keys.indexOf(picked.key) : -1;
  const at =
    current < 0 && by !== "top"
      ? lastBefore(places, from + room)
      : moved(places, current, by, room);
  // The rule above an entry says which step it belongs to.
  const top = keys[at - 1] === null ? at - 1 : at;
  return { key: keys[at] ?? null, scroll: top < from ? top : Math.max(from, at - room + 1) };
}

/** Nothing is picked yet: the newest in sight is what one wants to look at. */
function lastBefore(places: readonly number[], end: number): number {
  return places.findLast((place) => place < end) ?? places[0] ?? 0;
}

function moved(places: readonly number[], current: number, by: ScrollStep, room: number): number {
  const page = Math.max(1, room - 1);
  const steps: Readonly<Record<ScrollStep, number>> = {
    "line-up": -1,
    "line-down": 1,
    "page-up": -page,
    "page-down": page,
    top: Number.NEGATIVE_INFINITY,
    bottom: Number.POSITIVE_INFINITY,
  };
  const index = places.indexOf(current) + steps[by];
  return places[Math.max(0, Math.min(places.length - 1, index))] ?? 0;
}
