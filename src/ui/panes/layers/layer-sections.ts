import type { LayerContents } from "../../../timeline/event-layer.ts";
import { type MergedPath, mergeLayers } from "../../../timeline/merged.ts";
import { overlayOptions, placesOfLayer } from "../../../timeline/overlay.ts";
import type { KnownMount, World } from "../../../timeline/world.ts";
import type { View } from "../../view.ts";

/** One overlay with its layers, the uppermost first. */
export interface LayerSection {
  readonly mount: KnownMount;
  readonly writable: boolean;
  /** Mounted in this step. */
  readonly isNew: boolean;
  readonly layers: readonly LayerInfo[];
  readonly rows: readonly LayerRow[];
}

export interface LayerInfo {
  /** `upper`, or the shortest word that tells a lower directory from the others. */
  readonly name: string;
  readonly path: string;
  /** Null: nobody could read it. */
  readonly contents: LayerContents | null;
  /** Names that only this layer has and that are not in `rows`, because there are many. */
  readonly quiet: number;
}

/** `+` the name came into sight in this step, `-` it went out of sight, `~` it is another file. */
export type Sign = "+" | "-" | "~" | " ";

export interface LayerRow extends MergedPath {
  readonly sign: Sign;
  /** It was seen before this step, and is no more: what `from` and the others say is past. */
  readonly gone: boolean;
}

/** Beyond so many names that one lower layer alone has, they are counted only. */
const QUIET_SHOWN = 40;

/** The overlays whose layers were read: those this step has changed first, then the newest. */
export function layerSections(view: View): LayerSection[] {
  const { world, latest } = view;
  const since = latest?.t ?? Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  const sections: LayerSection[] = [];
  for (const mount of [...world.mounts.values()].sort(byPlace)) {
    const section = sectionOf(mount, world, since);
    if (section === null) continue;
    // One overlay may be mounted in many places: a new mount namespace has copies of all, and a
    // container's root is where its runtime has made it as well.
    const key = section.layers.map(({ path }) => path).join("\n");
    if (seen.has(key)) continue;
    seen.add(key);
    sections.push(section);
  }
  const changed = ({ isNew, rows }: LayerSection): boolean =>
    isNew || rows.some(({ sign }) => sign !== " ");
  return [...sections.filter(changed), ...sections.filter((section) => !changed(section))];
}

/** The lab's own mount namespace first, then the newest. */
function byPlace(a: KnownMount, b: KnownMount): number {
  const apart = Number(a.mntns !== undefined) - Number(b.mntns !== undefined);
  return apart || b.addedAt - a.addedAt;
}

function sectionOf(mount: KnownMount, world: World, since: number): LayerSection | null {
  const overlay = overlayOptions(mount);
  if (overlay === null) return null;
  const { upper, lower } = overlay;
  const paths = (upper === null ? lower : [upper, ...lower]).map((directory) => {
    const places = placesOfLayer(directory, mount.target);
    return places.find((place) => world.layers.has(place)) ?? directory;
  });
  const readings = paths.map((path) => world.layers.get(path) ?? []);
  if (readings.every((list) => list.length === 0)) return null;
  const isNew = mount.addedAt >= since;
  const now = readings.map((list) => list.at(-1) ?? null);
  // What was not read before the step cannot be compared.
  const before = readings.map((list) => list.findLast(({ t }) => t < since) ?? list.at(-1) ?? null);
  const all = compare(mergeLayers(isNew ? now : before), mergeLayers(now));
  const quiet = quietNames(all, upper !== null);
  const names = layerNames(upper, lower);
  const layers = paths.map((path, index) => ({
    name: names[index] ?? path,
    path,
    contents: now[index] ?? null,
    quiet: [...quiet].filter(({ from }) => from === index).length,
  }));
  const rows = all.filter((row) => !quiet.has(row));
  return { mount, writable: upper !== null, isNew, layers, rows };
}

function compare(before: readonly MergedPath[], now: readonly MergedPath[]): LayerRow[] {
  const old = new Map(before.map((row) => [row.path, row]));
  const rows = now.map((row): LayerRow => {
    const was = old.get(row.path);
    old.delete(row.path);
    return { ...row, sign: signOf(was, row), gone: false };
  });
  const gone = [...old.values()]
    .filter(({ whiteout }) => !whiteout)
    .map((row): LayerRow => ({ ...row, sign: "-", gone: true }));
  return [...rows, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function signOf(was: MergedPath | undefined, now: MergedPath): Sign {
  const visible = was !== undefined && !was.whiteout;
  if (now.whiteout) return visible ? "-" : " ";
  if (!visible) return "+";
  // A directory that merges stays what it was when another layer has it, too: it is made there on
  // the way to whatever is written in it.
  const merges = now.entry.type === "directory" && was.entry.type === "directory" && !now.opaque;
  const same =
    (was.from === now.from || merges) &&
    was.opaque === now.opaque &&
    JSON.stringify(was.entry) === JSON.stringify(now.entry);
  return same ? " " : "~";
}

/** Names about which nothing is to be said but which lower layer they are in. */
function quietNames(rows: readonly LayerRow[], writable: boolean): Set<LayerRow> {
  const quiet = rows.filter(
    ({ sign, from, below, whiteout }) =>
      sign === " " && below.length === 0 && !whiteout && !(writable && from === 0),
  );
  return new Set(quiet.length > QUIET_SHOWN ? quiet : []);
}

/** Words that say nothing: every layer of Docker's is called `diff`, of containerd's `fs`. */
const COMMON = new Set(["diff", "fs", "upper", "lower", "layer", "rootfs"]);

function layerNames(upper: string | null, lower: readonly string[]): string[] {
  const names = lower.map((path) => {
    const parts = path.split("/").filter((part) => part !== "");
    const last = parts.at(-1) ?? path;
    return COMMON.has(last) && parts.length > 1 ? (parts.at(-2) as string) : last;
  });
  const unique = names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) && name !== "upper"
      ? name
      : `${names.length - index}:${name}`,
  );
  return upper === null ? unique : ["upper", ...unique];
}
