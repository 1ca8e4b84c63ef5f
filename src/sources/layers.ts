import type { LayerContents, LayerEntry } from "../timeline/event-layer.ts";
import { overlayOptions, placesOfLayer } from "../timeline/overlay.ts";
import type { Snapshot } from "../timeline/snapshot.ts";

/** What the helper's `tree` says of one name (native/README.md). */
export interface TreeEntry extends Required<Pick<LayerEntry, "path" | "type" | "mode">> {
  readonly links: number;
  readonly size: number;
  readonly target?: string;
  readonly redirect?: string;
  readonly whiteout?: boolean;
  readonly opaque?: boolean;
  readonly metacopy?: boolean;
}

export interface Tree {
  readonly entries: readonly TreeEntry[];
  readonly more: boolean;
}

/** The names below a directory of the lab; null when there is none. */
export type ReadTree = (path: string) => Promise<Tree | null>;

export type LayersSeen = Omit<LayerContents, "t">;

export interface LayerReader {
  /** What is different since the last look. */
  look(lab: Snapshot): Promise<LayersSeen[]>;
  /** What was told so far, by path. */
  told(): ReadonlyMap<string, LayersSeen>;
}

/** So many directories are looked at each time, at about 2 ms for a full one. */
const DIRECTORY_LIMIT = 64;

/**
 * Reads the directories of the overlays that a learner has mounted, and tells those that differ from
 * what was told before. The overlays of the first look are the lab's own and are left out, also where
 * a new mount namespace has copies of them.
 */
export function createLayerReader(read: ReadTree): LayerReader {
  const told = new Map<string, LayersSeen>();
  let own: ReadonlySet<string> | null = null;
  const look: LayerReader["look"] = async ({ mounts }) => {
    const overlays = mounts.filter(({ fstype }) => fstype === "overlay");
    own ??= new Set(overlays.map(({ options }) => essence(options)));
    const paths = new Set<string>();
    for (const mount of overlays) {
      if (own.has(essence(mount.options))) continue;
      for (const path of await layersOf(mount, read, told)) paths.add(path);
    }
    // What was mounted before comes last, where there is no room for all.
    for (const path of told.keys()) paths.add(path);
    const seen: LayersSeen[] = [];
    for (const path of [...paths].slice(0, DIRECTORY_LIMIT)) {
      const contents = contentsOf(path, await read(path));
      if (JSON.stringify(told.get(path)) === JSON.stringify(contents)) continue;
      seen.push(contents);
      told.set(path, contents);
    }
    return seen;
  };
  return { look, told: () => new Map(told) };
}

/** The same file system has other options of the mount (ro, nosuid) in each place. */
function essence(options: string): string {
  return options.slice(Math.max(0, options.search(/(lower|upper)dir/)));
}

async function layersOf(
  mount: Snapshot["mounts"][number],
  read: ReadTree,
  known: ReadonlyMap<string, unknown>,
): Promise<string[]> {
  const { upper, lower } = overlayOptions(mount) ?? { upper: null, lower: [] };
  const found: string[] = [];
  for (const directory of upper === null ? lower : [upper, ...lower])
    for (const place of placesOfLayer(directory, mount.target)) {
      if (!known.has(place) && (await read(place)) === null) continue;
      found.push(place);
      break;
    }
  return found;
}

function contentsOf(path: string, tree: Tree | null): LayersSeen {
  const entries = (tree?.entries ?? []).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    kind: "layer.contents",
    path,
    exists: tree !== null,
    entries: entries.map(entryOf),
    whiteouts: entries.filter(({ whiteout }) => whiteout).map((entry) => entry.path),
    opaque: entries.filter(({ opaque }) => opaque).map((entry) => entry.path),
    cut: tree?.more ?? false,
  };
}

/** Short: a layer may have hundreds, and a recording keeps them. */
function entryOf({ path, type, mode, ...entry }: TreeEntry): LayerEntry {
  const { size, links, target, redirect, metacopy } = entry;
  return {
    ...{ path, type, mode },
    ...(type === "file" && { size }),
    ...(type === "file" && links > 1 && { links }),
    ...(target !== undefined && { target }),
    ...(redirect !== undefined && { redirect }),
    ...(metacopy !== undefined && { metacopy }),
  };
}
