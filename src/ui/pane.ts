import type { PaneName } from "../lesson/panes.ts";
import type { Line } from "./text.ts";
import type { View } from "./view.ts";

/** A pane's lines as entries. */
export interface Picks {
  /** How many lines stand above them and do not scroll. */
  head(view: View, width: number): number;
  count(view: View, width: number): number;
  /** A line's entry by name; null: it is none. */
  key(view: View, width: number, index: number): string | null;
  /** The line of an entry; -1: it is not there at this moment. */
  place(view: View, width: number, key: string): number;
}

/** What a pane shows, as lines that fit. It is asked only for those that are visible. */
export interface Pane {
  readonly id: PaneName;
  /** What to say beside the title, from the longest to the shortest; the first that fits is. */
  about(view: View): readonly string[];
  count(view: View, width: number): number;
  /** At most `count` lines from line `from` on, each at most `width` columns. */
  lines(view: View, width: number, from: number, count: number): Line[];
  /** The lines that are entries to choose from; the keys that scroll pick one then. */
  readonly picks?: Picks;
  /** What was drawn last is not all: whoever draws asks again soon. */
  unfinished?(view: View): boolean;
  /** The line to have in sight when nobody has scrolled; without it the newest lines are. */
  anchor?(view: View, width: number): number;
  /** The lines of what the step asks, from `first` to before `end`; null: it asks nothing. */
  question?(view: View, width: number): { readonly first: number; readonly end: number } | null;
  /** The program in it wants the arrow keys as an application's (DECCKM, console_codes(4)). */
  applicationCursor?(view: View): boolean;
}

/** The first visible line of a pane of this height. */
export function firstLine(pane: Pane, view: View, width: number, height: number): number {
  const last = Math.max(0, pane.count(view, width) - height);
  const wanted =
    view.state.scroll[pane.id] ??
    pickedLine(pane, view, width, height) ??
    pane.anchor?.(view, width) ??
    last;
  return Math.max(0, Math.min(wanted, last));
}

/** Whoever picks an entry without scrolling wants it in the middle of what is in sight. */
function pickedLine({ id, picks }: Pane, view: View, width: number, height: number): number | null {
  const { picked } = view.state;
  if (picks === undefined || picked?.pane !== id || picked.opened !== "no") return null;
  const at = picks.place(view, width, picked.key);
  return at < 0 ? null : at - Math.floor((height - picks.head(view, width)) / 2);
}
