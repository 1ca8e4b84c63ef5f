import type { Line } from "./line.ts";
import { type Source, sourceOf } from "./source.ts";

/** A call in more pieces than this is put together rather than searched. */
const FEW = 4;

/** The line on which a part of a call's text stands whole; null when it goes across. */
export function findPart(
  lines: readonly Line[],
  from: number,
  to: number,
): { readonly line: Line; readonly base: number } | null {
  let before = 0;
  for (let i = 0; i < lines.length && lines.length <= FEW; i++) {
    const line = lines[i] as Line;
    const end = before + line.to - line.from;
    if (to <= end && from >= before) return { line, base: line.from - before };
    if (from < end) return null;
    before = end;
  }
  return null;
}

export function joinLines(lines: readonly Line[]): Source {
  return sourceOf(lines.map((line) => line.block.text.slice(line.from, line.to)).join(""));
}

const resumedForm = /^<\.\.\. (.*?) resumed>/;

/** The name in `<... name resumed>`. */
export function resumedName(line: Line): string {
  return resumedForm.exec(line.block.text.slice(line.body, line.from))?.[1] ?? "";
}
