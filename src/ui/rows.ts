import { parseFilter, passesText } from "./filter.ts";
import { type Line, textOf } from "./text.ts";

/** One line of a list. */
export interface Row {
  /** Asked for when it is in sight. */
  readonly draw: () => Line;
  /** What the entry is called, for good; null: a rule between entries, which nobody can pick. */
  readonly key: string | null;
}

/** How many entries are shown, of how many. */
export interface Passed {
  readonly passing: number;
  readonly of: number;
  /** Not all were looked at yet: whoever draws asks again. */
  readonly unfinished: boolean;
}

/** The lines of a list, which may be a million: each is made when it is asked for. */
export interface Rows {
  readonly count: number;
  /** Where only some are shown. */
  readonly passed?: Passed;
  at(index: number): Row;
  /** Where the entry of this name stands; -1: it is not there at this moment. */
  place(key: string): number;
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

/**
 * The entries whose lines pass a filter, with the rules above them: `wide` are the same rows with
 * nothing cut off.
 */
export function passingRows(rows: Rows, wide: Rows, filter: string): Rows {
  const terms = parseFilter(filter);
  const shown: Row[] = [];
  let rule: Row | null = null;
  let of = 0;
  let passing = 0;
  for (let index = 0; index < rows.count; index++) {
    const row = rows.at(index);
    if (row.key === null) rule = row;
    else if (passesText(terms, textOf(wide.at(index).draw()))) {
      shown.push(...(rule === null ? [] : [rule]), row);
      rule = null;
      passing++;
    }
    if (row.key !== null) of++;
  }
  return { ...rowsOf(shown), passed: { passing, of, unfinished: false } };
}
