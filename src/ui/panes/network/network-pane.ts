import type { Pane } from "../../pane.ts";
import { clipLine, type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { BOXES_FROM, networkBoxes } from "./network-boxes.ts";
import { connectionLines, trafficOf } from "./network-connections.ts";
import { createStepNews, type StepNews } from "./network-news.ts";
import { MARKS, tellsNews } from "./network-parts.ts";
import { movedRuleLines, ruleLines } from "./network-rules.ts";
import { type Topology, topologyOf } from "./network-topology.ts";
import { networkTree } from "./network-tree.ts";

const RULES = "rules, in the order in which the kernel looks, and packets";
const CONNECTIONS = "connections of this step";

/** A step that clears the table would push everything else out of sight. */
const GONE_SHOWN = 6;

interface Built {
  readonly view: View;
  readonly width: number;
  readonly lines: readonly Line[];
}

/**
 * The network map: every namespace with its links, addresses and routes, joined where a veth joins
 * them; below it the rules with their counters, and the connections of the current step.
 */
export function createNetworkPane(): Pane {
  const newsOf = createStepNews();
  let known: Built | null = null;
  const build = (view: View, width: number): readonly Line[] => {
    if (known?.view !== view || known.width !== width)
      known = { view, width, lines: allLines(view, newsOf(view), width) };
    return known.lines;
  };
  return {
    id: "network",
    about: counts,
    count: (view, width) => build(view, width).length,
    lines: (view, width, from, count) => build(view, width).slice(from, from + count),
    /** What the current step has done, with a line of what stands above it. */
    anchor(view, width) {
      const lines = build(view, width);
      const first = lines.findIndex((line) => tellsNews(line) || line[0]?.text === CONNECTIONS);
      return Math.max(0, first - 1);
    },
  };
}

function allLines(view: View, news: StepNews, width: number): Line[] {
  const topology = topologyOf(view.world);
  if (topology.own === null && topology.others.length === 0)
    return [[span("No network namespace is known yet.", "dim")]];
  const input = { topology, news, traffic: trafficOf(topology, news) };
  const boxes = width >= BOXES_FROM;
  const map = boxes ? networkBoxes(input, width) : networkTree(input);
  // Where there is no room for boxes there is none for all rules either: first those that moved.
  const moved = boxes ? [] : movedRuleLines(topology, news, width);
  const title = moved.length > 0 ? `all ${RULES}` : RULES;
  return [
    ...map.map((line) => clipLine(line, width)),
    ...goneLines(news, width),
    ...section(CONNECTIONS, connectionLines(topology, news, width)),
    ...section("rules that this step has made, or that have matched in it", moved),
    ...section(title, ruleLines(topology, news, width)),
  ];
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[span(title, "heading")], ...lines];
}

function goneLines({ gone }: StepNews, width: number): Line[] {
  const lines = gone
    .slice(0, GONE_SHOWN)
    .map((what): Line => clipLine([MARKS.gone, span(`${what} is gone`)], width));
  const more = gone.length - GONE_SHOWN;
  return more > 0 ? [...lines, [span(`  … and ${more} more`, "dim")]] : lines;
}

function counts(view: View): string[] {
  const { own, others }: Topology = topologyOf(view.world);
  if (own === null && others.length === 0) return [];
  const all = own === null ? others : [own, ...others];
  const bridges = all
    .flatMap(({ links }) => [...links.values()])
    .filter(({ type }) => type === "bridge").length;
  const rules = all
    .flatMap(({ chains }) => [...chains.values()])
    .reduce((sum, chain) => sum + chain.rules.length, 0);
  const words = [
    some(all.length, "namespace"),
    ...(bridges > 0 ? [some(bridges, "bridge")] : []),
    ...(rules > 0 ? [some(rules, "rule")] : []),
  ];
  return [words.join(" · "), words[0] ?? ""];
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
