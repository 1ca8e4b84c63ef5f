import type { LinkAdd, RouteAdd } from "../../../timeline/event-network.ts";
import { type Network, OWN_NETWORK } from "../../../timeline/network.ts";
import type { World } from "../../../timeline/world.ts";
import { oneLine } from "../../labels.ts";

/** An interface, and the namespace it is in. */
export interface End {
  readonly network: Network;
  readonly link: LinkAdd;
}

/** What hangs together, found once for a moment. */
export interface Topology {
  /** Null before anything was told of the lab's own namespace. */
  readonly own: Network | null;
  readonly others: readonly Network[];
  nameOf(network: Network): string;
  /** The other end of a veth, wherever it is; null when there is none, or nobody has told. */
  otherEnd(end: End): End | null;
}

export function topologyOf(world: World): Topology {
  const own = world.networks.get(OWN_NETWORK) ?? null;
  const others = [...world.networks.values()].filter((network) => network !== own);
  const names = new Map([...world.networks.values()].map((each) => [each, nameIn(world, each)]));
  const ends = cables(world.networks);
  return {
    own,
    others,
    nameOf: (network) => names.get(network) ?? "?",
    otherEnd: ({ network, link }) => ends.get(endKey(network.netns, link.index)) ?? null,
  };
}

function endKey(netns: number | null | undefined, index: number): string {
  return `${netns ?? OWN_NETWORK} ${index}`;
}

/** Both ends of each veth, by the key of the other: one of them may have been told without its peer. */
function cables(networks: ReadonlyMap<number, Network>): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  for (const network of networks.values())
    for (const link of network.links.values()) {
      if (link.type !== "veth" || link.peer === undefined) continue;
      const other = networks.get(link.peer.netns ?? OWN_NETWORK);
      const far = other?.links.get(link.peer.index);
      if (other === undefined || far === undefined) continue;
      ends.set(endKey(network.netns, link.index), { network: other, link: far });
      ends.set(endKey(other.netns, far.index), { network, link });
    }
  return ends;
}

/** Docker keeps a namespace by a name that nobody else uses: twelve hex digits. */
const KEPT_BY_DOCKER = /^[0-9a-f]{12}$/;

/** `web` as in `ip netns add web`; a container's or a program's name where there is no such one. */
function nameIn(world: World, { netns, name }: Network): string {
  if (netns === null) return "lab";
  const given = name !== null && !KEPT_BY_DOCKER.test(name) ? name : null;
  const living = [...world.processes.values()].filter(
    ({ exit, namespaces }) => exit === null && namespaces.net === netns,
  );
  const built = [...world.containers.values()].find(
    ({ exit, namespaces }) => exit === null && namespaces.net === netns,
  );
  const first = living.toSorted((a, b) => a.startedAt - b.startedAt)[0];
  const program =
    first === undefined ? null : `${first.comm ?? "process"} (${first.labPid ?? first.pid})`;
  return oneLine(given ?? built?.name ?? program ?? name ?? `net:[${netns}]`);
}

/** The bridge's ports in this namespace, in the order in which they were made. */
export function portsOf(network: Network, bridge: LinkAdd): LinkAdd[] {
  return [...network.links.values()].filter(({ master }) => master?.index === bridge.index);
}

/** Loaded tunnel modules put these into every namespace (net.core.fb_tunnels_only_for_init_net). */
const FALLBACK = new Set(
  "tunl0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 sit0 ip6tnl0 ip6gre0".split(" "),
);

/** What stands by itself; ports are drawn with their bridge. `lo` only where it is all and no use. */
export function topLinks(network: Network): LinkAdd[] {
  return [...network.links.values()].filter((link) => {
    if (!link.up && FALLBACK.has(link.name)) return false;
    if (link.name === "lo") return !link.up && network.links.size === 1;
    const { master } = link;
    return master === undefined || !network.links.has(master.index);
  });
}

/** Without those that every link has: IPv6's link-local ones. */
export function addressesOf(network: Network, link: LinkAdd): string[] {
  return [...network.addresses.values()]
    .filter(({ index, address }) => index === link.index && !/^fe80:/i.test(address))
    .map(({ address }) => oneLine(address));
}

/** Those that somebody made: not what comes with each address. */
export function routesOf(network: Network): RouteAdd[] {
  return [...network.routes.values()].filter(
    ({ gateway, destination, type }) =>
      gateway !== undefined || destination === "default" || type !== undefined,
  );
}

export function routeText({ destination, gateway, link, type }: RouteAdd): string {
  const via = gateway === undefined ? "" : ` via ${gateway}`;
  const dev = gateway !== undefined || link === undefined ? "" : ` dev ${link}`;
  return oneLine(`${type === undefined ? "" : `${type} `}${destination}${via}${dev}`);
}

/** Up or not, in words; nothing for a link that does what it should. */
export function stateOf({ up, operstate }: LinkAdd): string {
  if (!up) return "down";
  return operstate === "down" || operstate === "lowerlayerdown" ? "no carrier" : "";
}
