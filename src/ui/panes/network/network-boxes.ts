import type { LinkAdd } from "../../../timeline/event-network.ts";
import type { Network } from "../../../timeline/network.ts";
import { clipLine, fillLine, type Line, lineWidth, type Span, span } from "../../text.ts";
import {
  linkPart,
  linksFrom,
  type MapInput,
  markOf,
  networkPart,
  type Part,
  routeParts,
  wayOf,
} from "./network-parts.ts";
import { type End, portsOf, topLinks } from "./network-topology.ts";

/** From so many columns on there is room for a box at each side. */
export const BOXES_FROM = 92;
const GAP = 9;

/** A row of the lab's own box, and the cable that leaves it to the right. */
interface Row {
  readonly mark: Span;
  readonly line: Line;
  readonly cable?: { readonly text: string; readonly way: string };
  /** What stands left of an empty row after this one. */
  readonly below: string;
}

/**
 * The map as boxes: the lab's own namespace at the left with its bridges and their ports, each
 * other one at the right, at the end of its cable.
 */
export function networkBoxes(input: MapInput, width: number): Line[] {
  const { own, others } = input.topology;
  const right = Math.floor((width - GAP) * 0.48);
  const left = width - GAP - right;
  const canvas: Canvas = { input, right, rows: [], boxes: [], drawn: new Set() };
  if (own !== null) drawOwn(canvas, own);
  for (const network of others) drawBox(canvas, network, null);
  return besideEachOther(ownLines(input, canvas.rows, left), canvas.boxes, left);
}

interface Canvas {
  readonly input: MapInput;
  readonly right: number;
  readonly rows: Row[];
  /** The lines of the boxes at the right, from the top of the map. */
  readonly boxes: Line[];
  readonly drawn: Set<Network>;
}

function drawOwn(canvas: Canvas, own: Network): void {
  const { input } = canvas;
  canvas.drawn.add(own);
  for (const link of topLinks(own)) {
    const ports = link.type === "bridge" ? portsOf(own, link) : [];
    drawLink(canvas, { network: own, link }, ports.length > 0 ? ["╔ ", "║ "] : ["", ""]);
    ports.forEach((port, index) => {
      const last = index === ports.length - 1;
      drawLink(canvas, { network: own, link: port }, last ? ["╚═ ", ""] : ["╠═ ", "║ "]);
    });
  }
  for (const route of routeParts(input, own))
    canvas.rows.push({ mark: markOf([route]), line: route.spans, below: "" });
}

function drawLink(canvas: Canvas, end: End, [prefix, below]: readonly [string, string]): void {
  const { input, rows, boxes, drawn } = canvas;
  const part = linkPart(input, end.network, end.link);
  const kind = end.link.type === "bridge" ? [span(" bridge", "dim")] : [];
  const line = [span(prefix, "dim"), ...part.spans, ...kind];
  const far = input.topology.otherEnd(end);
  if (far === null || drawn.has(far.network)) {
    const there = far === null ? [] : farInWords(input, far);
    rows.push({ mark: markOf([part]), line: [...line, ...there], below });
    return;
  }
  // A cable arrives at the first row of its box, so the box begins one row above the cable.
  const blank = rows.at(-1)?.below ?? "";
  while (rows.length < boxes.length)
    rows.push({ mark: span("  "), line: [span(blank, "dim")], below: blank });
  while (boxes.length < rows.length) boxes.push([]);
  const cable = { text: far.link.up ? "─" : "┄", way: wayOf(input, far.network) };
  rows.push({ mark: markOf([part]), line, below, cable });
  drawBox(canvas, far.network, far.link);
}

function farInWords(input: MapInput, { network, link }: End): Span[] {
  const name = networkPart(input, network).spans;
  return [span(" ── ", "dim"), ...name, span(": "), ...linkPart(input, network, link).spans];
}

function drawBox(canvas: Canvas, network: Network, first: LinkAdd | null): void {
  const { input, right, boxes, drawn } = canvas;
  if (drawn.has(network)) return;
  drawn.add(network);
  const links = linksFrom(network, first).map((link) => {
    const part = linkPart(input, network, link);
    const far = link === first ? null : input.topology.otherEnd({ network, link });
    return far === null ? part : { ...part, spans: [...part.spans, ...farInWords(input, far)] };
  });
  const parts = [...links, ...routeParts(input, network)];
  const inner = right - 2;
  const rows = parts.length === 0 ? [[span("  nothing but lo", "dim")]] : parts.map(partLine);
  boxes.push(
    borderLine("╭", networkPart(input, network), "╮", right),
    ...rows.map((row, index): Line => {
      const joint = index === 0 && first !== null ? "┤" : "│";
      return [span(joint, "dim"), ...fillLine(row, inner), span("│", "dim")];
    }),
    [span(`╰${"─".repeat(inner)}╯`, "dim")],
  );
}

function partLine(part: Part): Line {
  return [markOf([part]), ...part.spans];
}

function borderLine(from: string, title: Part, to: string, width: number): Line {
  const mark = title.news === null ? [] : [markOf([title])];
  const words = clipLine([span(" "), ...mark, ...title.spans, span(" ")], width - 4);
  const rest = "─".repeat(Math.max(0, width - 3 - lineWidth(words)));
  return [span(`${from}─`, "dim"), ...words, span(`${rest}${to}`, "dim")];
}

/** The lab's own box, each line as wide as the box and the gap to the others. */
function ownLines(input: MapInput, rows: readonly Row[], width: number): Line[] {
  const { own } = input.topology;
  if (own === null) return [];
  const inner = width - 2;
  const gap = span(" ".repeat(GAP));
  return [
    [...borderLine("╭", networkPart(input, own), "╮", width), gap],
    ...rows.map(({ mark, line, cable }): Line => {
      const text = [mark, ...line];
      if (cable === undefined)
        return [span("│", "dim"), ...fillLine(text, inner), span("│", "dim"), gap];
      const near = clipLine(text, inner - 3);
      const run = cable.text.repeat(inner - 1 - lineWidth(near));
      const half = Math.floor((GAP - cable.way.length) / 2);
      return [
        span("│", "dim"),
        ...near,
        span(` ${run}┼${cable.text.repeat(half)}`, "dim"),
        span(cable.way, "kernel"),
        span(cable.text.repeat(GAP - cable.way.length - half), "dim"),
      ];
    }),
    [span(`╰${"─".repeat(inner)}╯`, "dim"), gap],
  ];
}

function besideEachOther(own: readonly Line[], boxes: readonly Line[], left: number): Line[] {
  const blank: Line = [span(" ".repeat(left + GAP))];
  return Array.from({ length: Math.max(own.length, boxes.length) }, (_, index) => [
    ...(own[index] ?? blank),
    ...(boxes[index] ?? []),
  ]);
}
