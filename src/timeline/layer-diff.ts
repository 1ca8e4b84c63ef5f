import type { LayerContents, LayerEntry } from "./event-layer.ts";
import { pairs } from "./pairs.ts";
import type { Change } from "./snapshot.ts";

type Known = Omit<LayerContents, "t">;

/** What is different in the layers that were known at both moments. */
export function layerChanges(
  before: ReadonlyMap<string, Known>,
  after: ReadonlyMap<string, Known>,
): Change[] {
  return [...after].flatMap(([path, now]) => {
    const was = before.get(path);
    return was === undefined || was === now ? [] : entryChanges(was, now);
  });
}

function entryChanges(before: Known, after: Known): Change[] {
  const changes: Change[] = [];
  const where = `layer ${after.path}`;
  for (const [was, is] of pairs(before.entries, after.entries, ({ path }) => path)) {
    const old = was === null ? "" : wordsOf(was, before);
    const now = is === null ? "" : wordsOf(is, after);
    const name = (is ?? was)?.path ?? "";
    if (was === null) changes.push({ how: "added", what: now, name, where });
    else if (is === null) changes.push({ how: "removed", what: old, name, where });
    else if (old !== now || JSON.stringify(was) !== JSON.stringify(is))
      changes.push({
        ...{ how: "changed", what: now, name, where },
        ...{ before: detail(was, old, now), after: detail(is, now, old) },
      });
  }
  return changes;
}

function wordsOf({ path, type }: LayerEntry, layer: Known): string {
  if (layer.whiteouts.includes(path)) return "whiteout";
  return layer.opaque.includes(path) ? "opaque directory" : type;
}

/** What it is stands before already, unless that has changed. */
function detail(entry: LayerEntry, words: string, others: string): string {
  const { mode, size, links, target } = entry;
  const parts = [words === others ? "" : words, mode, size === undefined ? "" : `${size} bytes`];
  if (links !== undefined) parts.push(`${links} links`);
  if (target !== undefined) parts.push(`→ ${target}`);
  return parts.filter((part) => part !== "").join(" ");
}
