import type { Chain, Network, Rule } from "../timeline/network.ts";
import { oneLine } from "./labels.ts";
import type { StepNews } from "./network-news.ts";
import { hitsSpan, markOf } from "./network-parts.ts";
import type { Topology } from "./network-topology.ts";
import { clipLine, type Line, lineWidth, type Span, span, spread, widthOf } from "./text.ts";

/** Somebody's firewall may have thousands: so many rules are drawn. */
const RULES_SHOWN = 300;

/** The rules of every namespace that has some, chain by chain, with what they counted. */
export function ruleLines(topology: Topology, news: StepNews, width: number): Line[] {
  const networks = topology.own === null ? topology.others : [topology.own, ...topology.others];
  const lines: Line[] = [];
  let left = RULES_SHOWN;
  let hidden = 0;
  for (const network of networks)
    for (const chain of inOrder([...network.chains.values()].filter(isOfInterest))) {
      const shown = chain.rules.slice(0, left);
      left -= shown.length;
      hidden += chain.rules.length - shown.length;
      const where = network === topology.own ? "" : `${topology.nameOf(network)}: `;
      if (shown.length > 0 || chain.rules.length === 0) lines.push(chainLine(chain, where, width));
      lines.push(...shown.map((rule) => ruleLine(network, rule, news, width)));
    }
  if (hidden > 0) lines.push([span(`  … and ${hidden} more rules`, "dim")]);
  return lines;
}

/** The kernel's way of a packet: what is for this host branches off after prerouting. */
const HOOKS = ["ingress", "prerouting", "input", "forward", "output", "postrouting"];

/** Base chains as packets come by them, each followed by those it jumps to. */
function inOrder(chains: readonly Chain[]): Chain[] {
  const base = chains
    .filter(({ hook }) => hook !== undefined)
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.priority ?? 0) - (b.priority ?? 0));
  const ordered = new Set<Chain>();
  const visit = (chain: Chain): void => {
    if (ordered.has(chain)) return;
    ordered.add(chain);
    for (const { text } of chain.rules) {
      const target = /\b(?:jump|goto) (\S+)$/.exec(text)?.[1];
      const next = chains.find((other) => isSameTable(other, chain) && other.chain === target);
      if (next !== undefined) visit(next);
    }
  };
  for (const chain of [...base, ...chains]) visit(chain);
  return [...ordered];
}

function placeOf({ hook = "" }: Chain): number {
  return HOOKS.indexOf(hook);
}

function isSameTable(a: Chain, b: Chain): boolean {
  return a.family === b.family && a.table === b.table && a.legacy === b.legacy;
}

/** iptables makes all chains of a table at once; an empty one that lets everything pass tells nothing. */
function isOfInterest({ rules, policy }: Chain): boolean {
  return rules.length > 0 || (policy !== undefined && policy !== "accept");
}

function chainLine(chain: Chain, where: string, width: number): Line {
  const { legacy, family, table, hook, policy } = chain;
  const made = legacy === true ? "legacy " : "";
  const at = hook === undefined ? "" : ` at ${hook}`;
  const otherwise =
    policy === undefined ? [] : [span(`, else ${oneLine(policy)}`, policyStyle(policy))];
  const words: Span[] = [
    span("  "),
    span(oneLine(`${where}${made}${family} ${table} `)),
    span(oneLine(chain.chain), "strong"),
    span(oneLine(at), "dim"),
    ...otherwise,
  ];
  return clipLine(words, width);
}

function policyStyle(policy: string): "dim" | "caution" {
  return policy === "accept" ? "dim" : "caution";
}

function ruleLine(network: Network, rule: Rule, news: StepNews, width: number): Line {
  const hits = news.hits(network, rule);
  const mark = markOf([{ news: news.rule(network, rule) }]);
  const counted: Span[] =
    rule.packets === null
      ? []
      : [
          ...(hits > 0 ? [hitsSpan(hits)] : []),
          span(` ${rule.packets}`.padStart(6), hits > 0 ? "strong" : "dim"),
        ];
  const room = width - 5 - lineWidth(counted);
  return spread([mark, span("  "), span(fitting(oneLine(rule.text), room))], counted, width);
}

/** Short of room, what a match of ports says anyway is left out: `meta l4proto tcp … tcp dport 80`. */
function fitting(text: string, room: number): string {
  return widthOf(text) <= room ? text : text.replace(/meta l4proto (\w+) (?=.*\b\1 [ds]port )/, "");
}
