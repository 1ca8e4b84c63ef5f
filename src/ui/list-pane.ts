import type { PaneName } from "../lesson/panes.ts";
import type { Pane } from "./pane.ts";
import { type Line, span } from "./text.ts";
import type { View } from "./view.ts";

/** One line of a list. */
export interface Row {
  /** Asked for when it is in sight. */
  readonly draw: () => Line;
  /** What the entry is called, for good; null: a rule between entries, which nobody can pick. */
  readonly key: string | null;
}

/** The lines of a list, which may be a million: each is made when it is asked for. */
export interface Rows {
  readonly count: number;
  at(index: number): Row;
  /** Where the entry of this name stands; -1: it is not there at this moment. */
  place(key: string): number;
}

export interface List {
  readonly id: PaneName;
  about(view: View): readonly string[];
  /** Stands above the list, however far it is scrolled. */
  head?(view: View, width: number): Line | null;
  rows(view: View, width: number): Rows;
  /** One entry whole; null: it is not there at this moment. */
  evidence(view: View, width: number, key: string, folded: boolean): Line[] | null;
  readonly empty: string;
}

/** Rows that are all there already. */
export function rowsOf(rows: readonly Row[]): Rows {
  return {
    count: rows.length,
    at: (index) => rows[index] ?? plain([]),
    place: (key) => rows.findIndex((row) => row.key === key),
  };
}

/** A line that is no entry. */
export function plain(line: Line): Row {
  return { key: null, draw: () => line };
}

/** A pane that is a list of entries, each of which can be picked and opened. */
export function createListPane(list: List): Pane {
  let known: { readonly view: View; readonly width: number; readonly drawn: Drawn } | null = null;
  const draw = (view: View, width: number): Drawn => {
    if (known?.view !== view || known.width !== width)
      known = { view, width, drawn: drawList(list, view, width) };
    return known.drawn;
  };
  return {
    id: list.id,
    about: list.about,
    count: (view, width) => {
      const { rows, head } = draw(view, width);
      return rows.count + head.length;
    },
    lines(view, width, from, count) {
      const { rows, head } = draw(view, width);
      const shown = Math.max(0, Math.min(rows.count - from, count - head.length));
      const lines = Array.from({ length: shown }, (_, offset) => rows.at(from + offset).draw());
      return [...head, ...lines];
    },
    picks: {
      head: (view, width) => draw(view, width).head.length,
      count: (view, width) => draw(view, width).rows.count,
      key: (view, width, index) => {
        const { rows } = draw(view, width);
        return index < 0 || index >= rows.count ? null : rows.at(index).key;
      },
      place: (view, width, key) => draw(view, width).rows.place(key),
    },
  };
}

interface Drawn {
  readonly head: readonly Line[];
  readonly rows: Rows;
}

function drawList(list: List, view: View, width: number): Drawn {
  const { picked } = view.state;
  const own = picked?.pane === list.id ? picked : null;
  if (own !== null && own.opened !== "no") {
    const lines = list.evidence(view, width, own.key, own.opened === "folded");
    if (lines !== null) return { head: [], rows: rowsOf(lines.map(plain)) };
  }
  const rows = list.rows(view, width);
  if (rows.count === 0) return { head: [], rows: rowsOf([plain([span(list.empty, "dim")])]) };
  const head = list.head?.(view, width) ?? null;
  return { head: head === null ? [] : [head], rows };
}
