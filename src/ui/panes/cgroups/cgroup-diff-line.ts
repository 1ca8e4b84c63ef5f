import { oneLine } from "../../labels.ts";
import { clipLine, type Line, lineWidth, type Span, span } from "../../text.ts";
import type { Diff } from "./cgroup-diffs.ts";
import { groupLabel } from "./cgroup-tree.ts";
import { fullValue, shortValue, type ValueChange, valueChanges } from "./cgroup-values.ts";

type ShowValue = (file: string, value: string | null) => string;

/** `memory/demo memory.limit_in_bytes 9223372036854771712 (no limit) → 33554432 (32M)  ← write by 12` */
export function diffLine(diff: Diff, width: number): Line {
  const cause = causeSpans(diff);
  const full = [...place(diff), ...values(diff, fullValue)];
  if (lineWidth(full) + lineWidth(cause) <= width) return [...full, ...cause];
  // Short of room the plain numbers go first, then the end of the values; who did it stays.
  const short = [...place(diff), ...values(diff, shortValue)];
  return clipLine([...clipLine(short, width - lineWidth(cause)), ...cause], width);
}

function place(diff: Diff): Span[] {
  return [span(`${groupLabel(diff)} `, "dim"), span(`${oneLine(diff.file)} `, "name")];
}

function values(diff: Diff, show: ShowValue): Span[] {
  const changes = valueChanges(diff).filter(({ before, after }) => before !== after);
  // Up and down again in one step: the kernel's changes are one row, and its ends are the same.
  if (changes.length === 0) return [span("as before", "dim")];
  return changes.flatMap((change, index) => [
    ...(index === 0 ? [] : [span(", ")]),
    ...valueSpans(diff.file, change, show),
  ]);
}

function valueSpans(file: string, change: ValueChange, show: ShowValue): Span[] {
  const key = change.key === "" ? [] : [span(`${oneLine(change.key)} `)];
  const before = span(`${oneLine(show(file, change.before))} → `, "dim");
  return [...key, before, span(oneLine(show(file, change.after)), "strong")];
}

function causeSpans(diff: Diff): Span[] {
  const { cause, times } = diff;
  const often = times > 1 ? ` ×${times}` : "";
  if (cause.kind === "kernel") return [span(`  ← kernel${often}`, "kernel")];
  const who = cause.labPid === null ? "" : ` by ${cause.labPid}`;
  return [span(`  ← write${who}`, "good")];
}
