import type { PaneName } from "../lesson/panes.ts";
import type { Pane } from "./pane.ts";
import { passingRows, plain, type Rows, rowsOf } from "./rows.ts";
import { type Line, span } from "./text.ts";
import type { View } from "./view.ts";

export interface List {
  readonly id: PaneName;
  about(view: View): readonly string[];
  /** Stands above the list, however far it is scrolled. */
  head?(view: View, width: number): Line | null;
  rows(view: View, width: number): Rows;
  /** One entry whole; null: it is not there at this moment. */
  evidence(view: View, width: number, key: string, folded: boolean): Line[] | null;
  readonly empty: string;
  /** Its rows are those that pass the filter; else lines are filtered by their words. */
  readonly filters?: true;
}

/** So wide are rows drawn whose words are looked through, and rows of a pane nobody has drawn. */
const UNCUT = 2000;

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
    about: (view) => {
      const { passing } = draw(view, known?.width ?? UNCUT);
      const about = list.about(view);
      if (passing === null) return about;
      const both = about.map((words) => `${passing} · ${words}`);
      // Whose lines these are alone is never left out.
      return about.length > 0 && view.state.followed !== null ? both : [...both, passing];
    },
    unfinished: (view) => known?.view === view && known.drawn.rows.passed?.unfinished === true,
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
  /** `12 of 3,400`; null where nothing is filtered. */
  readonly passing: string | null;
}

function drawList(list: List, view: View, width: number): Drawn {
  const { picked } = view.state;
  const own = picked?.pane === list.id ? picked : null;
  const rows = filteredRows(list, view, width);
  const passing = passingText(rows);
  if (own !== null && own.opened !== "no") {
    const lines = list.evidence(view, width, own.key, own.opened === "folded");
    if (lines !== null) return { head: [], rows: rowsOf(lines.map(plain)), passing: null };
  }
  if (rows.count === 0) return { head: [], rows: noRows(list, rows), passing };
  const head = list.head?.(view, width) ?? null;
  return { head: head === null ? [] : [head], rows, passing };
}

function filteredRows(list: List, view: View, width: number): Rows {
  const filter = view.state.filters[list.id] ?? "";
  const rows = list.rows(view, width);
  if (list.filters === true || filter.trim() === "") return rows;
  return passingRows(rows, list.rows(view, UNCUT), filter);
}

/** One line that says why there is none. */
function noRows(list: List, { passed }: Rows): Rows {
  const filtered =
    passed?.unfinished === true ? "Looking…" : "Nothing passes; Esc shows all again.";
  const line = plain([span(passed === undefined ? list.empty : filtered, "dim")]);
  return { ...rowsOf([line]), ...(passed && { passed }) };
}

function passingText({ passed }: Rows): string | null {
  if (passed === undefined) return null;
  const { passing, of, unfinished } = passed;
  const looking = unfinished ? ", looking" : "";
  return `${passing.toLocaleString("en")} of ${of.toLocaleString("en")}${looking}`;
}
