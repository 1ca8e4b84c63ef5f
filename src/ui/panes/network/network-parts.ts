import type { LinkAdd } from "../../../timeline/event-network.ts";
import { addressKey, type Network, routeKey } from "../../../timeline/network.ts";
import { oneLine } from "../../labels.ts";
import { type Line, type Span, span } from "../../text.ts";
import type { News, StepNews } from "./network-news.ts";
import {
  addressesOf,
  routesOf,
  routeText,
  stateOf,
  type Topology,
  topLinks,
} from "./network-topology.ts";

/** What the drawings of the map are given. */
export interface MapInput {
  readonly topology: Topology;
  readonly news: StepNews;
  /** Who sends and who is asked in the connections of this step. */
  readonly traffic: Traffic;
}

/** By namespace: `out` begins connections, `in` is where they lead. */
export interface Traffic {
  readonly out: ReadonlySet<Network>;
  readonly in: ReadonlySet<Network>;
}

/** A piece of a row, and whether the current step has made or changed it. */
export interface Part {
  readonly spans: readonly Span[];
  readonly news: News;
}

/** What stands at the left of a row that the current step has changed. */
export const MARKS = {
  added: span("+ ", "good"),
  changed: span("~ ", "caution"),
  gone: span("- ", "bad"),
} as const;

const NO_MARK = span("  ");

export function markOf(parts: readonly { readonly news: News }[]): Span {
  const news = parts.map((part) => part.news);
  if (news.includes("+")) return MARKS.added;
  return news.includes("~") ? MARKS.changed : NO_MARK;
}

/** How many packets more a rule has counted in the current step. */
export function hitsSpan(hits: number): Span {
  return span(` ▲${hits}`, "kernel");
}

/** Whether the current step has changed anything in a row. */
export function tellsNews(line: Line): boolean {
  return line.some((piece) => Object.values(MARKS).includes(piece) || /^ ▲\d/.test(piece.text));
}

/** `eth0 172.18.0.2/16`, and what is wrong with it. */
export function linkPart({ news }: MapInput, network: Network, link: LinkAdd): Part {
  const addresses = addressesOf(network, link);
  const state = stateOf(link);
  const fresh = addresses.filter(
    (address) => news.address(network, addressKey({ index: link.index, address })) === "+",
  );
  const own = news.link(network, link);
  return {
    spans: [
      span(oneLine(link.name), "name"),
      ...(addresses.length === 0 ? [] : [span(` ${addresses.join(" ")}`)]),
      ...(state === "" ? [] : [span(` ${state}`, "caution")]),
    ],
    news: own === "+" || fresh.length > 0 ? "+" : own,
  };
}

export function routeParts({ news }: MapInput, network: Network): Part[] {
  return routesOf(network).map((route) => ({
    spans: [span(routeText(route), "dim")],
    news: news.route(network, routeKey(route)),
  }));
}

export function networkPart({ topology, news }: MapInput, network: Network): Part {
  return { spans: [span(topology.nameOf(network), "strong")], news: news.network(network) };
}

/** The links of a namespace, the one with that index first. */
export function linksFrom(network: Network, first: LinkAdd | null): LinkAdd[] {
  const rest = topLinks(network).filter((link) => link.index !== first?.index);
  return first === null ? rest : [first, ...rest];
}

/** Which way packets went on the cable to a namespace: `◂` from it, `▸` to it; in this step. */
export function wayOf({ traffic }: MapInput, network: Network): string {
  return `${traffic.out.has(network) ? "◂" : ""}${traffic.in.has(network) ? "▸" : ""}`;
}
