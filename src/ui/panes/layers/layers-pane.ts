import type { LayerEntry } from "../../../timeline/event-layer.ts";
import { oneLine } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { clip, clipLine, type Line, type Span, type StyleName, span, widthOf } from "../../text.ts";
import type { View } from "../../view.ts";
import {
  type LayerInfo,
  type LayerRow,
  type LayerSection,
  layerSections,
} from "./layer-sections.ts";

/** What is in each layer of each overlay, and whose file is seen. */
export function createLayersPane(): Pane {
  let known: { readonly view: View; readonly width: number; readonly drawn: Drawn } | null = null;
  const drawnFor = (view: View, width: number): Drawn => {
    if (known?.view !== view || known.width !== width)
      known = { view, width, drawn: draw(view, width) };
    return known.drawn;
  };
  return {
    id: "layers",
    about: () => ["+ came in sight, - went, ~ is another file, in this step", "+ - ~ in this step"],
    count: (view, width) => drawnFor(view, width).lines.length,
    lines: (view, width, from, count) => drawnFor(view, width).lines.slice(from, from + count),
    anchor: (view, width) => drawnFor(view, width).anchor,
  };
}

interface Drawn {
  readonly lines: readonly Line[];
  /** The line to begin with: what the step has changed is in sight. */
  readonly anchor: number;
}

/** So many names are drawn of one overlay. */
const MOST = 1000;
/** Lines of layers above the names. */
const LAYERS_SHOWN = 8;

function draw(view: View, width: number): Drawn {
  const sections = layerSections(view);
  if (sections.length === 0)
    return { lines: [[span("No overlay is mounted whose layers were read.", "dim")]], anchor: 0 };
  const lines: Line[] = [];
  let anchor = 0;
  for (const section of sections) {
    if (lines.length > 0) lines.push([]);
    lines.push(...headLines(section, width));
    if (anchor === 0) anchor = anchorOf(section, lines.length);
    lines.push(...rowLines(section, width));
  }
  return { lines, anchor };
}

/** Rows that a small screen has for a pane. */
const FEW_ROWS = 8;

/** The line before the first change, which tells where in the tree it is; 0: all is in sight anyway. */
function anchorOf({ rows, isNew }: LayerSection, above: number): number {
  const first = rows.findIndex(({ sign }) => sign !== " ");
  const last = rows.findLastIndex(({ sign }) => sign !== " ");
  return first < 0 || isNew || above + last < FEW_ROWS ? 0 : above + first - 1;
}

/** `+ /root/c1/merged: upper over app, tools, base`, and what each of them holds. */
function headLines(section: LayerSection, width: number): Line[] {
  const { mount, layers, isNew, writable } = section;
  const [first, ...others] = layers.map(({ name }) => shortName(name));
  const stack = writable
    ? `${first} over ${others.join(", ")}`
    : `read-only, of ${[first, ...others].join(", ")}`;
  const title: Line = [
    span(isNew ? "+ " : "  ", "good"),
    span(oneLine(mount.target), "strong"),
    span(`: ${stack}`),
  ];
  const column = Math.max(...layers.map(({ name }) => widthOf(shortName(name))));
  const shown = layers.slice(0, LAYERS_SHOWN).map((layer) => layerLine(layer, column, width));
  const more = layers.length - shown.length;
  return [
    clipLine(title, width),
    ...shown,
    ...(more > 0 ? [[span(`    … and ${more} more below`, "dim")]] : []),
  ];
}

function layerLine(layer: LayerInfo, column: number, width: number): Line {
  const { name, path, contents, quiet } = layer;
  const besides = quiet > 0 ? `; ${quiet} are in no other layer and not listed` : "";
  return clipLine(
    [
      span(`    ${pad(shortName(name), column)}  `, "name"),
      span(contents === null ? "not read" : holdings(contents)),
      span(besides, "dim"),
      span(`  ${oneLine(path)}`, "dim"),
    ],
    width,
  );
}

function holdings({
  exists,
  entries,
  whiteouts,
  opaque,
  cut,
}: NonNullable<LayerInfo["contents"]>): string {
  if (!exists) return "no such directory";
  const hidden = new Set(whiteouts);
  const count = (type: string): number =>
    entries.filter((entry) => entry.type === type && !hidden.has(entry.path)).length;
  const [files, directories] = [count("file"), count("directory")];
  const other = entries.length - files - directories - whiteouts.length;
  const bytes = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  const parts = [
    ...counted(files, "file"),
    ...counted(directories, "directory", "directories"),
    ...counted(other, "other"),
    ...counted(whiteouts.length, "whiteout"),
    ...(opaque.length > 0 ? [`${opaque.length} opaque`] : []),
  ];
  if (parts.length === 0) return "empty";
  return `${parts.join(", ")}; ${sizeText(bytes)}${cut ? ", and more that was not read" : ""}`;
}

function counted(count: number, one: string, many = `${one}s`): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

function rowLines(section: LayerSection, width: number): Line[] {
  const { layers } = section;
  const rows = section.rows.slice(0, MOST);
  const names = Math.max(0, ...rows.map((row) => widthOf(pathText(row))));
  const paths = Math.min(names, Math.max(16, Math.floor(width * 0.4)));
  const column = Math.max(...layers.map(({ name }) => widthOf(shortName(name))));
  const lines = rows.map((row) => rowLine(row, layers, { paths, column }, width));
  const more = section.rows.length - rows.length;
  return more > 0 ? [...lines, [span(`  … and ${more} more`, "dim")]] : lines;
}

const SIGN_STYLES: Readonly<Record<LayerRow["sign"], StyleName | undefined>> = {
  "+": "good",
  "-": "bad",
  "~": "caution",
  " ": undefined,
};

/** `~ etc/motd  upper  14 B  hides app, base`. */
function rowLine(
  row: LayerRow,
  layers: readonly LayerInfo[],
  { paths, column }: { readonly paths: number; readonly column: number },
  width: number,
): Line {
  const path = clip(pathText(row), paths);
  const from = shortName(layers[row.from]?.name ?? "?");
  const out = row.gone || row.whiteout;
  return clipLine(
    [
      span(`${row.sign} `, SIGN_STYLES[row.sign]),
      span(pad(path, paths), out ? "dim" : undefined),
      span(`  ${pad(row.gone ? "" : from, column)}  `, "name"),
      whatSpan(row, from),
      span(row.gone ? "" : belowText(row, layers), "dim"),
    ],
    width,
  );
}

function pathText({ path, entry }: LayerRow): string {
  return `${oneLine(path)}${entry.type === "directory" ? "/" : ""}`;
}

function whatSpan({ entry, whiteout, opaque, gone }: LayerRow, from: string): Span {
  if (gone) return span(`no longer seen, was ${from}'s`, "dim");
  if (whiteout) return span("whiteout", "caution");
  if (opaque) return span("opaque directory", "caution");
  return entry.metacopy === true ? span("metadata only", "caution") : span(entryText(entry));
}

function entryText({ type, size, links, target, redirect }: LayerEntry): string {
  if (redirect !== undefined) return `${oneLine(type)}, once ${oneLine(redirect)}`;
  if (type === "link") return `→ ${oneLine(target ?? "?")}`;
  if (type !== "file") return oneLine(type);
  return `${sizeText(size ?? 0)}${links === undefined ? "" : `, ${links} links`}`;
}

function belowText(
  { entry, whiteout, opaque, below }: LayerRow,
  layers: readonly LayerInfo[],
): string {
  if (below.length === 0) return "";
  const names = below.map((index) => shortName(layers[index]?.name ?? "?")).join(", ");
  const merges = entry.type === "directory" && !whiteout && !opaque;
  return merges ? `  and of ${names}` : `  hides that of ${names}`;
}

/** Docker's directories have names of 26 or 64 characters. */
const NAME_AT_MOST = 12;

function shortName(name: string): string {
  return clip(oneLine(name), NAME_AT_MOST);
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** As `ls -h` counts: powers of 1024. */
function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
