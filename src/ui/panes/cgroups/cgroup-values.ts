import type { CgroupFileChange } from "../../../timeline/world.ts";
import { oneLine } from "../../labels.ts";

/** What changed in one file, as `key before → after`; the key is empty for a single value. */
export interface ValueChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string;
}

/** PAGE_COUNTER_MAX pages, which is how cgroup v1 spells "no limit" (mm/memcontrol-v1.c). */
const NO_LIMIT = 9223372036854771712n;
const MEBIBYTE = 1024 * 1024;
const LISTS_OF_PIDS: readonly string[] = ["cgroup.procs", "tasks", "cgroup.threads"];

/** What is different: a value, the pids that came and went, or only the keys that changed. */
export function valueChanges(
  change: Pick<CgroupFileChange, "file" | "before" | "after">,
): ValueChange[] {
  const before = change.before?.trim() ?? null;
  const after = change.after.trim();
  if (LISTS_OF_PIDS.includes(change.file))
    return [{ key: "", before: pidList(before), after: pidList(after) ?? "" }];
  if (!after.includes("\n") && !before?.includes("\n")) return [{ key: "", before, after }];
  const old = keyed(before ?? "");
  const changed = [...keyed(after)].filter(([key, value]) => old.get(key) !== value);
  return changed
    .filter(([key]) => !isRepetition(key))
    .map(([key, value]) => ({ key, before: old.get(key) ?? null, after: value }));
}

function pidList(text: string | null): string | null {
  return text === null ? null : text.split("\n").join(" ");
}

/** `key value` lines; nested keyed ones (`8:0 rbytes=1 …`) keep all after the key as the value. */
function keyed(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const space = line.search(/\s/);
      return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1).trim()];
    }),
  );
}

/** v1's memory.stat says everything twice: for the group, and with its descendants. */
function isRepetition(key: string): boolean {
  return key.startsWith("total_") || key.startsWith("hierarchical_");
}

/** A value as the file has it, with a human form beside a large number of bytes. */
export function fullValue(file: string, value: string | null): string {
  if (value === null) return "(new)";
  if (value === "") return "(empty)";
  const human = bytesForHumans(file, value);
  return human === null ? oneLine(value) : `${value} (${human})`;
}

/** The human form alone where there is one. */
export function shortValue(file: string, value: string | null): string {
  const human = value === null ? null : bytesForHumans(file, value);
  return human ?? fullValue(file, value);
}

export function bytesForHumans(file: string, value: string): string | null {
  if (!/^(memory|hugetlb)\./.test(file) || !/^\d{7,20}$/.test(value)) return null;
  if (BigInt(value) >= NO_LIMIT) return "no limit";
  const bytes = Number(value);
  if (bytes < MEBIBYTE) return null;
  const mebibytes = bytes / MEBIBYTE;
  return mebibytes < 1024 ? `${rounded(mebibytes)}M` : `${rounded(mebibytes / 1024)}G`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(1).replace(/\.0$/, "");
}
