import type { SummaryEvent } from "./event.ts";
import type { Leader } from "./leader.ts";

export type SummaryBody = Omit<SummaryEvent, "lines" | keyof Leader>;

/** Twelve columns and a call's name: far less than this. */
const WIDEST = 512;

const title = /^System call usage summary for .* mode:$/;
const rule = /^-{4,}(?: -{4,})*$/;
const columns =
  /^(?:% time|seconds|usecs\/call|calls|errors|syscall|(?:wall-)?(?:shortest|longest|\S+))$/;
const number = /^\d+(?:\.\d+)?$/;
const header = /(?:^| )(?:% time|usecs\/call|calls|errors|syscall|seconds)(?= |$)/;

/** Reads a line of the summary of -c, -C, -w, -U. Null when it is none. */
export function readSummary(text: string): SummaryBody | null {
  if (text.length > WIDEST) return null;
  if (title.test(text)) return { type: "summary", form: "title", cells: [text], gaps: [0, 0] };
  if (rule.test(text)) return split(text, "rule");
  if (header.test(text)) {
    const found = split(text, "header");
    return found.cells.every((cell) => isColumn(cell)) && found.cells.length > 1 ? found : null;
  }
  return readRow(text);
}

/** Numbers, and the name of a call first or last. */
function readRow(text: string): SummaryBody | null {
  if (!/^ *[\w#.]/.test(text) || !/\d/.test(text)) return null;
  const found = split(text, "row");
  const { cells } = found;
  const names = cells.filter((cell) => !number.test(cell));
  const name = names[0];
  if (cells.length < 3 || names.length !== 1 || name === undefined) return null;
  if (!/^[a-z_][\w#]*$/.test(name) || (cells[0] !== name && cells.at(-1) !== name)) return null;
  return cells.some((cell) => /^\d+\.\d{2,}$/.test(cell)) ? found : null;
}

function isColumn(cell: string): boolean {
  return (
    columns.test(cell) &&
    /^(?:% time|seconds|usecs\/call|calls|errors|syscall|(?:wall-)?\w+)$/.test(cell)
  );
}

function split(text: string, form: SummaryEvent["form"]): SummaryBody {
  const cells: string[] = [];
  const gaps: number[] = [];
  let end = 0;
  for (const match of text.matchAll(/% time|\S+/g)) {
    gaps.push(match.index - end);
    cells.push(match[0]);
    end = match.index + match[0].length;
  }
  gaps.push(text.length - end);
  return { type: "summary", form, cells, gaps };
}
