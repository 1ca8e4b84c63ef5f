import { type Chain, chainKey, type Network, type Rule } from "../../../timeline/network.ts";
import { oneLine } from "../../labels.ts";
import { clipLine, type Line, lineWidth, type Span, span, spread, widthOf } from "../../text.ts";
import type { StepNews } from "./network-news.ts";
import { hitsSpan, markOf } from "./network-parts.ts";
import type { Topology } from "./network-topology.ts";

/** Somebody's firewall may have thousands: so many rules are drawn. */
const RULES_SHOWN = 300;

/** The rules of every namespace that has some, chain by chain, with what they counted. */
export function ruleLines(topology: Topology, news: StepNews, width: number): Line[] {
  let left = RULES_SHOWN;
  let hidden = 0;
  const lines = chainsOf(topology).flatMap(({ network, chain, where }) => {
    const shown = chain.rules.slice(0, left);
    left -= shown.length;
    hidden += chain.rules.length - shown.length;
    if (shown.length === 0 && chain.rules.length > 0) return [];
    return chainLines(network, { ...chain, rules: shown }, where, news, width);
  });
  return hidden > 0 ? [...lines, [span(`  … and ${hidden} more rules`, "dim")]] : lines;
}

/** Only those that the current step has made, or that have counted something in it. */
export function movedRuleLines(topology: Topology, news: StepNews, width: number): Line[] {
  return chainsOf(topology).flatMap(({ network, chain, where }) => {
    const rules = chain.rules.filter(
      (rule) => news.rule(network, rule) !== null || news.hits(network, rule) > 0,
    );
    const shown = { ...chain, rules: rules.slice(0, RULES_SHOWN) };
    return rules.length === 0 ? [] : chainLines(network, shown, where, news, width);
  });
}

interface Placed {
  readonly network: Network;
  readonly chain: Chain;
  /** `web: `; nothing for the lab's own. */
  readonly where: string;
}

function chainsOf(topology: Topology): Placed[] {
  const { own, others } = topology;
  return (own === null ? others : [own, ...others]).flatMap((network) => {
    const where = network === own ? "" : `${topology.nameOf(network)}: `;
    const chains = inOrder([...network.chains.values()].filter(isOfInterest));
    return chains.map((chain) => ({ network, chain, where }));
  });
}

function chainLines(
  network: Network,
  chain: Chain,
  where: string,
  news: StepNews,
  width: number,
): Line[] {
  const rules = chain.rules.map((rule) => ruleLine(network, rule, news, width));
  return [chainLine(chain, where, width), ...rules];
}

/** The kernel's way of a packet: what is for this host branches off after prerouting. */
const HOOKS = ["ingress", "prerouting", "input", "forward", "output", "postrouting"];

/** Base chains as packets come by them, each followed by those it jumps to. */
function inOrder(chains: readonly Chain[]): Chain[] {
  const byKey = new Map(chains.map((chain) => [chainKey(chain), chain]));
  const base = chains
    .filter(({ hook }) => hook !== undefined)
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.priority ?? 0) - (b.priority ?? 0));
  const ordered = new Set<Chain>();
  // A stack, not recursion: what is read may be from a recording that somebody made up.
  const stack = [...base, ...chains].toReversed();
  for (let chain = stack.pop(); chain !== undefined; chain = stack.pop()) {
    if (ordered.has(chain)) continue;
    ordered.add(chain);
    const targets = new Set(chain.rules.map(targetOf));
    for (const target of [...targets].toReversed()) {
      const next = target === null ? undefined : byKey.get(chainKey({ ...chain, chain: target }));
      if (next !== undefined) stack.push(next);
    }
  }
  return [...ordered];
}

function targetOf({ text }: Rule): string | null {
  return /\b(?:jump|goto) (\S+)$/.exec(text)?.[1] ?? null;
}

function placeOf({ hook = "" }: Chain): number {
  return HOOKS.indexOf(hook);
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
