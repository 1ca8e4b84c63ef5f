import type { KnownMount } from "../../../timeline/world.ts";
import { oneLine } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { clip, clipLine, type Line, type Span, span, widthOf } from "../../text.ts";
import type { View } from "../../view.ts";
import { namespaceRows } from "../namespaces/namespace-rows.ts";
import {
  branchesOf,
  type MountBranch,
  type MountSection,
  mountSections,
} from "./mount-sections.ts";

/** What is mounted where, by mount namespace; what the lab began with comes last. */
export function createMountsPane(): Pane {
  let known: { readonly view: View; readonly width: number; readonly lines: Line[] } | null = null;
  const linesOf = (view: View, width: number): Line[] => {
    if (known?.view !== view || known.width !== width)
      known = { view, width, lines: drawSections(view, width) };
    return known.lines;
  };
  return {
    id: "mounts",
    about: () => ["+ mounted, - unmounted in this step", "+ - in this step"],
    count: (view, width) => linesOf(view, width).length,
    lines: (view, width, from, count) => linesOf(view, width).slice(from, from + count),
    // What the lesson mounted stands at the top.
    anchor: () => 0,
  };
}

/** So many mounts of one namespace are drawn. */
const MOST = 300;

function drawSections(view: View, width: number): Line[] {
  if (view.world.lab === null) return [[span("No lab yet.", "dim")]];
  const sections = mountSections(view);
  const lab = sections.find(({ mntns }) => mntns === null);
  const lines = sections.flatMap((section) => sectionLines(section, view, width));
  const usual = branchesOf(lab?.usual ?? [], Number.POSITIVE_INFINITY);
  return [
    ...lines,
    [span("what the lab began with", "strong")],
    ...mountLines(rowsOf(usual), width),
  ];
}

function sectionLines(section: MountSection, view: View, width: number): Line[] {
  const { own, usual, gone, mntns } = section;
  const rows = [...rowsOf(own), ...gone.map((mount): Row => ({ mount, prefix: "", sign: "-" }))];
  const nothing = mntns === null ? "  nothing more" : "  nothing of its own";
  return [
    ...(mntns === null ? [] : [[]]),
    clipLine([...titleSpans(section, view), span(usualText(section), "dim")], width),
    ...mountLines(rows, width),
    ...(rows.length === 0 && usual.length > 0 ? [[span(nothing, "dim")]] : []),
  ];
}

function titleSpans({ mntns }: MountSection, view: View): Span[] {
  const inode = mntns ?? view.world.lab?.namespaces.mnt;
  const title = span(`mnt:[${inode ?? "?"}]`, "strong");
  if (mntns === null) return [title, span(" the lab's own")];
  const rows = namespaceRows(view).filter(({ namespaces, ended }) => {
    return namespaces.mnt === mntns && !ended;
  });
  const [first] = rows;
  if (first === undefined) return [title, span(" no process in it", "caution")];
  const name = first.name === "" ? "" : ` ${first.name}:`;
  const pids = rows.flatMap(({ processes }) => processes);
  const named = pids
    .slice(0, 3)
    .map(({ labPid, comm }) => `${labPid ?? "?"} ${oneLine(comm ?? "?")}`);
  const more = pids.length > 3 ? ` and ${pids.length - 3} more` : "";
  return [title, span(name, "name"), span(` ${named.join(", ")}${more}`)];
}

/** `the 30 mounts it began with`, with their propagation, which a copy may have changed. */
function usualText({ mntns, usual }: MountSection): string {
  if (usual.length === 0) return "";
  const kinds = new Set(
    usual.map(({ propagation = "private" }) => propagation.replace(/:\d+/g, "")),
  );
  const how = [...kinds].map((kind) => kind.replace("master", "slave")).join(" and ");
  const what = mntns === null ? "the" : "copies of the lab's";
  return `  ${what} ${usual.length} ${mntns === null ? "it began with" : "first mounts"} (${oneLine(how)}), and`;
}

/** One line: a mount, how it hangs in the tree, and whether the step did it. */
interface Row {
  readonly mount: KnownMount;
  readonly prefix: string;
  readonly sign: "+" | "-" | " ";
}

function rowsOf(branches: readonly MountBranch[]): Row[] {
  return branches.map(({ mount, prefix, isNew }) => ({ mount, prefix, sign: isNew ? "+" : " " }));
}

const TARGET_AT_MOST = 34;

function mountLines(rows: readonly Row[], width: number): Line[] {
  const shown = rows.slice(0, MOST);
  const targets = shown.map(({ mount, prefix }) => widthOf(prefix + oneLine(mount.target)));
  const column = Math.min(TARGET_AT_MOST, Math.max(0, ...targets));
  const lines = shown.map((row) => mountLine(row, column, width));
  const more = rows.length - shown.length;
  return more > 0 ? [...lines, [span(`  … and ${more} more`, "dim")]] : lines;
}

/** `+ ├─ /mnt  tmpfs rw  none  shared:1  relatime,size=…`: what matters least is cut off. */
function mountLine({ mount, prefix, sign }: Row, column: number, width: number): Line {
  const [access = "", ...options] = mount.options.split(",");
  const target = clip(oneLine(mount.target), Math.max(1, column - widthOf(prefix)));
  const pad = " ".repeat(Math.max(0, column - widthOf(prefix) - widthOf(target)));
  const styles = { "+": "good", "-": "bad", " ": undefined } as const;
  const { propagation = "private" } = mount;
  return clipLine(
    [
      span(`${sign} `, styles[sign]),
      span(prefix, "dim"),
      span(`${target}${pad}`, sign === "-" ? "dim" : "name"),
      span(`  ${oneLine(mount.fstype)} ${oneLine(access)}`.padEnd(14)),
      span(`  ${sourceText(mount)}`),
      span(`  ${oneLine(propagation)}`, propagation === "private" ? "dim" : "caution"),
      span(`  ${oneLine(options.join(","))}`, "dim"),
    ],
    width,
  );
}

/** The source, and which directory of it where that is not its root; of nsfs which namespace. */
function sourceText({ fstype, source, root = "/" }: KnownMount): string {
  if (root === "/") return oneLine(source);
  return fstype === "nsfs" ? oneLine(root) : `${oneLine(source)} (${oneLine(root)} of it)`;
}
