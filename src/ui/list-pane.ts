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

export interface List {
  readonly id: PaneName;
  about(view: View): readonly string[];
  /** Stands above the list, however far it is scrolled. */
  head(view: View, width: number): Line | null;
  rows(view: View, width: number): readonly Row[];
  /** One entry whole; null: it is not there at this moment. */
  evidence(view: View, width: number, key: string, folded: boolean): Line[] | null;
  readonly empty: string;
}

/** The mark before the entry that is picked. */
const GUTTER = 2;

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
      return rows.length + head.length;
    },
    lines(view, width, from, count) {
      const { rows, head } = draw(view, width);
      const shown = rows.slice(from, from + count - head.length);
      return [...head, ...shown.map((row) => row.draw())];
    },
    picks: { head: 1, keys: (view, width) => draw(view, width).rows.map(({ key }) => key) },
  };
}

interface Drawn {
  readonly head: readonly Line[];
  readonly rows: readonly Row[];
}

function drawList(list: List, view: View, width: number): Drawn {
  const { picked } = view.state;
  const own = picked?.pane === list.id ? picked : null;
  if (own !== null && own.opened !== "no") {
    const lines = list.evidence(view, width, own.key, own.opened === "folded");
    if (lines !== null) return { head: [], rows: lines.map(plain) };
  }
  const rows = list.rows(view, width - GUTTER);
  if (rows.length === 0) return { head: [], rows: [plain([span(list.empty, "dim")])] };
  const head = list.head(view, width - GUTTER);
  const marked = rows.map(({ draw, key }): Row => {
    const mark = key !== null && key === own?.key ? span("▸ ", "selected") : span("  ");
    return { key, draw: () => [mark, ...draw()] };
  });
  return { head: head === null ? [] : [[span("  "), ...head]], rows: marked };
}

/** A line that is no entry. */
function plain(line: Line): Row {
  return { key: null, draw: () => line };
}
