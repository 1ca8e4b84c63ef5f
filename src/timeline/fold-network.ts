import type { EventKind } from "./event.ts";
import type { ChainAdd, NetworkEvent, RuleAdd, RuleCount, RuleRemove } from "./event-network.ts";
import type { Folding } from "./folding.ts";
import {
  addressKey,
  type Chain,
  CONNECTION_LIMIT,
  chainKey,
  type Network,
  OWN_NETWORK,
  type Rule,
  routeKey,
} from "./network.ts";

type Open<T> = T extends ReadonlyMap<infer Key, infer Value> ? Map<Key, Value> : T;
/** A namespace as its fold sees it: changed in place, because a copy for each event would cost most. */
type Folded = { -readonly [K in keyof Network]: Open<Network[K]> };

type Handler<K extends NetworkEvent["kind"]> = (
  network: Folded,
  event: Extract<NetworkEvent, { kind: K }>,
) => void;

const handlers: { readonly [K in NetworkEvent["kind"]]?: Handler<K> } = {
  "netns.add": (network, event) => {
    network.name = event.name ?? null;
  },
  "link.add": ({ links }, event) => {
    links.set(event.index, event);
  },
  "link.remove": ({ links }, event) => {
    links.delete(event.index);
  },
  "address.add": ({ addresses }, event) => {
    addresses.set(addressKey(event), event);
  },
  "address.remove": ({ addresses }, event) => {
    addresses.delete(addressKey(event));
  },
  "route.add": ({ routes }, event) => {
    routes.set(routeKey(event), event);
  },
  "route.remove": ({ routes }, event) => {
    routes.delete(routeKey(event));
  },
  "chain.add": chainAdded,
  "chain.remove": ({ chains }, event) => {
    chains.delete(chainKey(event));
  },
  "rule.add": ruleAdded,
  "rule.remove": ruleRemoved,
  "rule.count": ruleCounted,
  "conntrack.new": connectionSeen,
  "conntrack.update": connectionSeen,
  "conntrack.destroy": ({ connections }, event) => {
    connections.delete(event.connection);
  },
};

/** Folds an event of the network; false when it is none. */
export function foldNetwork(
  { world }: Folding,
  event: { readonly kind: EventKind; readonly netns?: number },
): boolean {
  if (event.kind === "netns.remove") {
    world.networks.delete(event.netns ?? OWN_NETWORK);
    return true;
  }
  if (event.kind === "conntrack.lost") {
    if ("all" in event && event.all === true)
      for (const network of world.networks.values()) (network as Folded).connections.clear();
    return true;
  }
  const handler = handlers[event.kind as NetworkEvent["kind"]] as
    | ((network: Folded, event: unknown) => void)
    | undefined;
  handler?.(networkOf(world.networks, event.netns), event);
  return handler !== undefined;
}

function networkOf(networks: Map<number, Network>, netns: number | undefined): Folded {
  const key = netns ?? OWN_NETWORK;
  const known = networks.get(key) ?? emptyNetwork(netns ?? null);
  networks.set(key, known);
  return known as Folded;
}

function emptyNetwork(netns: number | null): Network {
  return {
    netns,
    name: null,
    links: new Map(),
    addresses: new Map(),
    routes: new Map(),
    chains: new Map(),
    connections: new Map(),
  };
}

function chainAdded({ chains }: Folded, event: ChainAdd): void {
  const key = chainKey(event);
  chains.set(key, { ...event, rules: chains.get(key)?.rules ?? [] });
}

/** The chain's own list of rules. */
function rulesOf(network: Folded, event: Parameters<typeof chainKey>[0]): Rule[] | undefined {
  return network.chains.get(chainKey(event))?.rules as Rule[] | undefined;
}

function ruleAdded(network: Folded, event: RuleAdd): void {
  const { family, table, chain, t } = event;
  // A chain always comes first; a recording that was cut may have lost it.
  if (rulesOf(network, event) === undefined)
    chainAdded(network, { kind: "chain.add", t, family, table, chain, ...legacyOf(event) });
  const rules = rulesOf(network, event) ?? [];
  const known = rules.findIndex(({ handle }) => handle === event.handle);
  const rule = { ...event, packets: null, bytes: null };
  if (known !== -1) {
    rules[known] = rule;
    return;
  }
  const before = rules.findLastIndex(({ handle }) => handle === event.previous);
  const atEnd = event.last === true || (event.previous !== undefined && before === -1);
  rules.splice(atEnd ? rules.length : before + 1, 0, rule);
}

function legacyOf({ legacy }: { legacy?: boolean }): Pick<Chain, "legacy"> {
  return legacy === undefined ? {} : { legacy };
}

function ruleRemoved(network: Folded, event: RuleRemove): void {
  const rules = rulesOf(network, event);
  const at = rules?.findIndex(({ handle }) => handle === event.handle) ?? -1;
  if (at !== -1) rules?.splice(at, 1);
}

function ruleCounted(network: Folded, { packets, bytes, ...event }: RuleCount): void {
  const rules = rulesOf(network, event);
  const at = rules?.findIndex(({ handle }) => handle === event.handle) ?? -1;
  if (rules !== undefined && at !== -1) rules[at] = { ...(rules[at] as Rule), packets, bytes };
}

function connectionSeen(
  { connections }: Folded,
  event: Extract<NetworkEvent, { kind: "conntrack.new" | "conntrack.update" }>,
): void {
  connections.set(event.connection, event);
  if (connections.size <= CONNECTION_LIMIT) return;
  for (const oldest of connections.keys()) {
    connections.delete(oldest);
    return;
  }
}
