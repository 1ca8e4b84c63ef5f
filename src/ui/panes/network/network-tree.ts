import type { LinkAdd } from "../../../timeline/event-network.ts";
import type { Network } from "../../../timeline/network.ts";
import { type Line, type Span, span } from "../../text.ts";
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

/** The far ends of cables stand below each other when the near ones are no wider than this. */
const NEAR_WIDTH = 26;

/**
 * The map as a tree, for where there is no room for boxes: one line for each cable, with what is
 * at its other end.
 */
export function networkTree(input: MapInput): Line[] {
  const { own, others } = input.topology;
  const drawn = new Set<Network>();
  const lines = own === null ? [] : rootLines(input, own, drawn);
  for (const network of others)
    if (!drawn.has(network)) lines.push(...apart(input, network, drawn));
  return lines;
}

function rootLines(input: MapInput, network: Network, drawn: Set<Network>): Line[] {
  drawn.add(network);
  const links = topLinks(network);
  const routes = routeParts(input, network);
  const last = links.length + routes.length - 1;
  const branch = (index: number): string => (index === last ? "└─ " : "├─ ");
  return [
    [markOf([networkPart(input, network)]), ...networkPart(input, network).spans],
    ...links.flatMap((link, index) => {
      const below = index === last ? "   " : "│  ";
      const ports = link.type === "bridge" ? portsOf(network, link) : [];
      return [
        linkLine(input, { network, link }, branch(index), drawn),
        ...ports.map((port, at) => {
          const hung = at === ports.length - 1 ? "└─ " : "├─ ";
          return linkLine(input, { network, link: port }, `${below}${hung}`, drawn);
        }),
      ];
    }),
    ...routes.map((route, index): Line => {
      const prefix = span(branch(links.length + index), "dim");
      return [markOf([route]), prefix, ...route.spans];
    }),
  ];
}

function linkLine(input: MapInput, end: End, prefix: string, drawn: Set<Network>): Line {
  const near = linkPart(input, end.network, end.link);
  const kind = kindOf(end.link);
  const far = input.topology.otherEnd(end);
  const parts = [near, ...(far === null ? [] : farParts(input, far, end.network, drawn))];
  const start: Span[] = [span(prefix, "dim"), ...near.spans, ...kind];
  const spans = far === null ? [] : cable(input, start, far);
  return [markOf(parts), ...start, ...spans, ...joined(parts.slice(1))];
}

/** What the kernel's driver calls it; a veth is drawn as what it is. */
function kindOf({ type, lower }: LinkAdd): Span[] {
  if (type === undefined || type === "veth" || type === "loopback") return [];
  return [span(` ${type}${lower === undefined ? "" : ` on link ${lower.index}`}`, "dim")];
}

function cable(input: MapInput, near: readonly Span[], far: End): Span[] {
  const used = near.reduce((sum, { text }) => sum + [...text].length, 0);
  const way = wayOf(input, far.network);
  const length = Math.max(3, NEAR_WIDTH - used - way.length);
  const line = (far.link.up ? "─" : "┄").repeat(length);
  return [span(` ${line}`, "dim"), span(way, "kernel"), span("── ", "dim")];
}

/** The namespace there and all that is in it; only its name when it was drawn before. */
function farParts(input: MapInput, far: End, here: Network, drawn: Set<Network>): Part[] {
  const { network, link } = far;
  if (network === here) return [linkPart(input, network, link)];
  const name = networkPart(input, network);
  const title = { ...name, spans: [...name.spans, span(":")] };
  if (drawn.has(network)) return [title, linkPart(input, network, link)];
  drawn.add(network);
  const links = linksFrom(network, link).map((each) => linkPart(input, network, each));
  return [title, ...links, ...routeParts(input, network).map(withoutDefault)];
}

/** `via 172.18.0.1` is understood, and there is little room. */
function withoutDefault(part: Part): Part {
  return {
    ...part,
    spans: part.spans.map(({ text, style }) => ({ text: text.replace(/^default /, ""), style })),
  };
}

function joined(parts: readonly Part[]): Span[] {
  return parts.flatMap(({ spans }, index) => {
    const between = index === 0 ? [] : [span(index === 1 ? " " : ", ", "dim")];
    return [...between, ...spans];
  });
}

/** A namespace that no cable of the lab's own leads to. */
function apart(input: MapInput, network: Network, drawn: Set<Network>): Line[] {
  const lines = rootLines(input, network, drawn);
  return lines.length > 1 ? lines : [[...(lines[0] ?? []), span("  nothing but lo", "dim")]];
}
