import type { LayerContents, LayerEntry } from "./event-layer.ts";

/** One name of the merged view, or one that a whiteout has taken out of it. */
export interface MergedPath {
  readonly path: string;
  /** The uppermost layer that has the name, an index. */
  readonly from: number;
  readonly entry: LayerEntry;
  readonly whiteout: boolean;
  readonly opaque: boolean;
  /** The layers below that have the name too: a directory shows theirs as well, all else hides them. */
  readonly below: readonly number[];
}

type Known = Pick<LayerContents, "entries" | "whiteouts" | "opaque">;

/** Who wins for each path, by path. Layers: the uppermost first; null: not known. */
export function mergeLayers(layers: readonly (Known | null)[]): MergedPath[] {
  const tables = layers.map(tableOf);
  const all = layers.map((_, index) => index);
  const merged: MergedPath[] = [];
  // Directories still to be looked into, with the layers that have a say in them.
  const open = [{ path: "", said: all }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path: parent, said } = next;
    const names = new Set(said.flatMap((index) => tables[index]?.children.get(parent) ?? []));
    for (const path of names) {
      const row = lookUp(tables, said, path);
      merged.push(row);
      const inside = contributors(tables, row);
      if (inside.length > 0) open.push({ path, said: inside });
    }
  }
  return merged.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Table {
  readonly entries: ReadonlyMap<string, LayerEntry>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly whiteouts: ReadonlySet<string>;
  readonly opaque: ReadonlySet<string>;
}

function tableOf(layer: Known | null): Table {
  const { entries = [], whiteouts = [], opaque = [] } = layer ?? {};
  const children = new Map<string, string[]>();
  for (const { path } of entries) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [path]);
    else siblings.push(path);
  }
  return {
    entries: new Map(entries.map((entry) => [entry.path, entry])),
    children,
    whiteouts: new Set(whiteouts),
    opaque: new Set(opaque),
  };
}

function lookUp(tables: readonly Table[], said: readonly number[], path: string): MergedPath {
  const having = said.filter((index) => tables[index]?.entries.has(path));
  const [from, ...below] = having as [number, ...number[]];
  const table = tables[from] as Table;
  return {
    path,
    from,
    entry: table.entries.get(path) as LayerEntry,
    whiteout: table.whiteouts.has(path),
    opaque: table.opaque.has(path),
    below,
  };
}

/** The layers whose names show in a directory: down to the first that is none, or is opaque. */
function contributors(tables: readonly Table[], { path, from, below }: MergedPath): number[] {
  const inside: number[] = [];
  for (const index of [from, ...below]) {
    const table = tables[index] as Table;
    if (table.entries.get(path)?.type !== "directory") break;
    inside.push(index);
    if (table.opaque.has(path)) break;
  }
  return inside;
}
