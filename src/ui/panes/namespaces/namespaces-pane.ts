import type { Namespaces, NamespaceType } from "../../../timeline/event-parts.ts";
import { oneLine } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { clip, clipLine, type Line, type Span, span, widthOf } from "../../text.ts";
import type { View } from "../../view.ts";
import {
  isInNew,
  type KeptNamespace,
  keptNamespaces,
  type NamespaceRow,
  namespaceRows,
  newNamespaces,
  placeName,
  TYPES,
} from "./namespace-rows.ts";

/** Who is in which namespaces: a row for those who share all, a column for each type. */
export function createNamespacesPane(): Pane {
  let known: { readonly view: View; readonly table: Table } | null = null;
  const tableOf = (view: View): Table => {
    if (known?.view !== view) known = { view, table: tabulate(view) };
    return known.table;
  };
  return {
    id: "namespaces",
    about: ({ world }) => {
      const own = `= ${placeName(world)}'s, + new`;
      return [`${own} in this step`, own];
    },
    count: (view) => tableOf(view).lines.length,
    lines: (view, width, from, count) =>
      tableOf(view)
        .lines.slice(from, from + count)
        .map((line) => clipLine(line, width)),
    anchor: () => 0,
  };
}

interface Table {
  readonly lines: readonly Line[];
}

/** How inodes are written: without the digits that all of them begin with. */
interface Digits {
  readonly common: string;
  readonly width: number;
}

const NAME_AT_LEAST = 13;
const NAME_AT_MOST = 18;
/** So many processes are named; the others are counted. */
const NAMED = 4;

function tabulate(view: View): Table {
  const { lab } = view.world;
  if (lab === null) return { lines: [[span("No lab yet.", "dim")]] };
  const rows = namespaceRows(view);
  const kept = keptNamespaces(view.world);
  const fresh = newNamespaces(view, kept);
  const digits = digitsOf([
    ...Object.values(lab.namespaces),
    ...rows.flatMap(({ namespaces }) => Object.values(namespaces)),
    ...kept.map(({ inode }) => inode),
  ]);
  const nameWidth = Math.min(
    NAME_AT_MOST,
    Math.max(NAME_AT_LEAST, ...rows.map(({ name }) => widthOf(name) + 2)),
  );
  const draw = { own: lab.namespaces, digits, nameWidth, fresh };
  const drawn = [
    ...rows.map((row) => ({ rank: rankOf(row, fresh), line: rowLine(row, draw) })),
    ...kept.map((namespace) => ({
      rank: fresh.has(`${namespace.type} ${namespace.inode}`) ? 1 : 2,
      line: keptLine(namespace, draw),
    })),
  ];
  const sorted = drawn.sort((a, b) => a.rank - b.rank);
  return { lines: [heading(draw), ...sorted.map(({ line }) => line)] };
}

/** What a step has made stands right below the lab's own row, in sight on a small screen too. */
function rankOf(row: NamespaceRow, fresh: ReadonlyMap<string, number>): number {
  if (row.isLab) return 0;
  return TYPES.some((type) => isInNew(row, type, fresh)) ? 1 : 2;
}

interface Draw {
  /** The lab's own. */
  readonly own: Namespaces;
  readonly digits: Digits;
  readonly nameWidth: number;
  readonly fresh: ReadonlyMap<string, number>;
}

/** Inodes of namespaces are ten digits, the first six of them mostly the same. */
function digitsOf(inodes: readonly number[]): Digits {
  const texts = inodes.map(String);
  const [first = ""] = texts;
  let length = Math.max(0, first.length - 4);
  while (length > 0 && !texts.every((text) => text.startsWith(first.slice(0, length)))) length--;
  if (texts.some((text) => text.length !== first.length)) length = 0;
  const width = Math.max(4, ...texts.map((text) => text.length - length));
  return { common: first.slice(0, length), width };
}

function heading({ digits, nameWidth }: Draw): Line {
  const name = digits.common === "" ? "inodes" : `${digits.common}…`;
  const types = TYPES.map((type) => ` ${type.padEnd(digits.width + 1)}`);
  return [span(fill(name, nameWidth), "dim"), span(types.join(""), "strong")];
}

function rowLine(row: NamespaceRow, draw: Draw): Line {
  const cells = TYPES.map((type) => cellSpan(row, type, draw));
  const tail = row.ended ? [span(" ended: ", "dim")] : [span(" ")];
  const line = [
    span(fill(row.name, draw.nameWidth), row.isLab ? "strong" : "name"),
    ...cells,
    ...tail,
    ...processSpans(row),
  ];
  return row.ended ? line.map(({ text }) => span(text, "dim")) : line;
}

function cellSpan(row: NamespaceRow, type: NamespaceType, draw: Draw): Span {
  const { isLab, namespaces } = row;
  const { own, digits, fresh } = draw;
  const inode = isLab ? own[type] : namespaces[type];
  const room = digits.width + 2;
  if (inode === undefined) return span((isLab ? "  ?" : "  =").padEnd(room), "dim");
  const sign = isInNew(row, type, fresh) ? "+" : " ";
  const text = `${sign}${shortInode(inode, digits)}`.padEnd(room);
  return span(text, isLab ? "dim" : sign === "+" ? "good" : undefined);
}

function shortInode(inode: number, { common }: Digits): string {
  return `${inode}`.slice(common.length);
}

function processSpans({ processes }: NamespaceRow): Span[] {
  const names = processes
    .slice(0, NAMED)
    .map(({ labPid, comm }) => `${labPid ?? "?"} ${oneLine(comm ?? "?")}`);
  const more = processes.length - NAMED;
  return [span(names.join(", ")), span(more > 0 ? ` and ${more} more` : "", "dim")];
}

function keptLine({ type, inode, files, processes }: KeptNamespace, draw: Draw): Line {
  const { digits, nameWidth, fresh } = draw;
  const sign = fresh.has(`${type} ${inode}`) ? "+" : " ";
  const name = fill(`${type}${sign}${shortInode(inode, digits)}`, nameWidth);
  const who = processes === 0 ? "no process in it; " : "";
  const by = files.length === 0 ? "held by a file that is open" : `kept by ${holders(files)}`;
  return [span(name, sign === "+" ? "good" : undefined), span(` ${who}`, "caution"), span(by)];
}

function holders(files: readonly string[]): string {
  return files.map((file) => oneLine(file)).join(", ");
}

function fill(text: string, width: number): string {
  const shown = clip(text, width - 1);
  return shown + " ".repeat(Math.max(0, width - widthOf(shown)));
}
