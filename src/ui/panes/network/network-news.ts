import type { LinkAdd } from "../../../timeline/event-network.ts";
import { foldWorld } from "../../../timeline/fold.ts";
import { type Chain, chainKey, type Network, type Rule } from "../../../timeline/network.ts";
import { oneLine } from "../../labels.ts";
import type { View } from "../../view.ts";

/** `+` came, `~` is not as it was; in the current step. */
export type News = "+" | "~" | null;

/** What the current step has done to the networks so far. */
export interface StepNews {
  network(network: Network): News;
  link(network: Network, link: LinkAdd): News;
  /** Any address or route of that key. */
  address(network: Network, key: string): News;
  route(network: Network, key: string): News;
  /** How many packets a rule has matched in this step; the first reading counts from 0. */
  hits(network: Network, rule: Rule): number;
  rule(network: Network, rule: Rule): News;
  /** What was there when the step began and is not any more, in words. */
  readonly gone: readonly string[];
  /** Nanoseconds: when the step began. */
  readonly since: number;
}

type Networks = ReadonlyMap<number, Network>;

const OF_NETWORKS = /^(netns|link|address|route|table|chain|rule|conntrack)\./;

/** Remembers the networks as they were when the current step began. */
export function createStepNews(): (view: View) => StepNews {
  let known: { readonly events: View["events"]; readonly start: number; before: Networks } | null =
    null;
  return (view) => {
    const { events, latest, world } = view;
    if (latest === null) return stepNews(world.networks, world.networks, 0);
    if (known === null || known.start !== latest.start || known.events !== events) {
      const earlier = events.slice(0, latest.start).filter(({ kind }) => OF_NETWORKS.test(kind));
      known = { events, start: latest.start, before: foldWorld(earlier).networks };
    }
    return stepNews(known.before, world.networks, latest.t);
  };
}

function stepNews(before: Networks, now: Networks, since: number): StepNews {
  const was = (network: Network): Network | undefined => before.get(network.netns ?? 0);
  const byHandle = new Map<Chain, ReadonlyMap<number, Rule>>();
  const old = (network: Network, rule: Rule): Rule | undefined => {
    const chain = was(network)?.chains.get(chainKey(rule));
    if (chain === undefined) return undefined;
    const rules = byHandle.get(chain) ?? new Map(chain.rules.map((each) => [each.handle, each]));
    byHandle.set(chain, rules);
    return rules.get(rule.handle);
  };
  return {
    since,
    gone: goneFrom(before, now),
    network: (network) => (was(network) === undefined ? "+" : null),
    link(network, link) {
      const earlier = was(network)?.links.get(link.index);
      if (earlier === undefined) return "+";
      return looks(earlier) === looks(link) ? null : "~";
    },
    address: (network, key) => (was(network)?.addresses.has(key) === true ? null : "+"),
    route: (network, key) => (was(network)?.routes.has(key) === true ? null : "+"),
    rule(network, rule) {
      const earlier = old(network, rule);
      if (earlier === undefined) return "+";
      return earlier.text === rule.text ? null : "~";
    },
    hits: (network, rule) => (rule.packets ?? 0) - (old(network, rule)?.packets ?? 0),
  };
}

/** What of a link is worth a mark when it changes. */
function looks({ name, up, master, peer }: LinkAdd): string {
  return JSON.stringify([name, up, master?.index, peer]);
}

function goneFrom(before: Networks, now: Networks): string[] {
  const namespaces: string[] = [];
  const parts: string[] = [];
  for (const [key, network] of before) {
    const is = now.get(key);
    const name = network.name ?? `net:[${network.netns}]`;
    // What was in a namespace went with it.
    if (is === undefined) namespaces.push(oneLine(`namespace ${name}`));
    else parts.push(...partsGone(network, is, network.netns === null ? "" : `${name}: `));
  }
  return [...namespaces, ...parts];
}

function partsGone(before: Network, now: Network, where: string): string[] {
  const links = [...before.links.values()].filter(({ index }) => !now.links.has(index));
  const rules = [...before.chains].flatMap(([chain, { rules }]) => {
    const left = new Set(now.chains.get(chain)?.rules.map(({ handle }) => handle));
    return rules.filter(({ handle }) => !left.has(handle));
  });
  return [
    ...links.map(({ name }) => oneLine(`${where}link ${name}`)),
    ...rules.map(({ text, chain }) => oneLine(`${where}rule ${chain}: ${text}`)),
  ];
}
