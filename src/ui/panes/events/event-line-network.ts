import type { Event } from "../../../timeline/event.ts";
import type {
  ConntrackNew,
  ConntrackUpdate,
  LinkAdd,
  NetworkEvent,
  RouteAdd,
  RouteRemove,
  Tuple,
} from "../../../timeline/event-network.ts";
import { oneLine } from "../../labels.ts";

/** How the learner knows a network namespace: by its name, else by its number. */
export type NetnsOf = (netns: number) => string;

type Draw<K extends NetworkEvent["kind"]> = (
  event: Extract<NetworkEvent, { kind: K }>,
  netnsOf: NetnsOf,
) => string;

const drawings: { readonly [K in NetworkEvent["kind"]]?: Draw<K> } = {
  "netns.add": ({ netns }, netnsOf) => `network namespace ${netnsOf(netns)}`,
  "netns.remove": ({ netns, name }) => `network namespace ${name ?? `net:[${netns}]`} gone`,
  "link.add": (event, netnsOf) => `link ${linkText(event, netnsOf)}`,
  "link.remove": ({ name }) => `link ${name} removed`,
  "address.add": ({ address, link }) => `address ${address} on ${link}`,
  "address.remove": ({ address, link }) => `address ${address} removed from ${link}`,
  "route.add": (event) => `route ${routeText(event)}`,
  "route.remove": (event) => `route ${routeText(event)} removed`,
  "chain.add": ({ family, table, chain, hook, policy }) =>
    `chain ${family} ${table} ${chain}${hook === undefined ? "" : ` at ${hook}`}${policy === undefined ? "" : `, policy ${policy}`}`,
  "chain.remove": ({ family, table, chain }) => `chain ${family} ${table} ${chain} removed`,
  "rule.add": ({ table, chain, text }) => `rule ${table} ${chain}: ${text}`,
  "rule.remove": ({ table, chain, handle }) => `rule ${table} ${chain} handle ${handle} removed`,
  "conntrack.new": (event) => `connection ${connectionText(event)}`,
  "conntrack.lost": ({ dropped }) => `${dropped} more connections were not told one by one`,
};

/**
 * IPv6 gives each link an address and a route of its own when it comes up: true, and beside the
 * point of any lesson. They are in the stream, not on the screen's list of events.
 */
function isOfEveryLink(event: NetworkEvent): boolean {
  if (event.kind === "address.add" || event.kind === "address.remove")
    return event.address.startsWith("fe80:");
  const route = event.kind === "route.add" || event.kind === "route.remove";
  return route && event.destination === "fe80::/64";
}

export function isNetworkOfInterest(event: Event): boolean {
  const network = event as NetworkEvent;
  return drawings[network.kind] !== undefined && !isOfEveryLink(network);
}

/** The event as a sentence, safe for a terminal; null when it has none. */
export function networkText(event: Event, netnsOf: NetnsOf): string | null {
  const network = event as NetworkEvent;
  const draw = drawings[network.kind] as Draw<NetworkEvent["kind"]> | undefined;
  if (draw === undefined) return null;
  const inside = "netns" in network && !network.kind.startsWith("netns.") ? network.netns : null;
  const where = inside === null || inside === undefined ? "" : `${netnsOf(inside)}: `;
  return oneLine(where + draw(network as never, netnsOf));
}

function linkText({ name, up, master, peer }: LinkAdd, netnsOf: NetnsOf): string {
  const port = master === undefined ? "" : `, port of ${master.name ?? `link ${master.index}`}`;
  const there = peer?.netns === undefined ? "" : `, its other end in ${netnsOf(peer.netns)}`;
  return `${name} ${up ? "up" : "down"}${port}${there}`;
}

function routeText({ destination, gateway, link, type }: RouteAdd | RouteRemove): string {
  const via = gateway === undefined ? "" : ` via ${gateway}`;
  const dev = link === undefined ? "" : ` dev ${link}`;
  return `${type === undefined ? "" : `${type} `}${destination}${via}${dev}`;
}

function connectionText({ protocol, original, reply }: ConntrackNew | ConntrackUpdate): string {
  const { src, dst } = original;
  const forth = `${protocol} ${end(src, original.sport)} → ${end(dst, original.dport)}`;
  const turned: Tuple = { src: reply.dst, dst: reply.src };
  const source = src === turned.src && original.sport === reply.dport;
  const target = dst === turned.dst && original.dport === reply.sport;
  const rewritten = [
    ...(source ? [] : [`leaves as ${end(reply.dst, reply.dport)}`]),
    ...(target ? [] : [`goes to ${end(reply.src, reply.sport)}`]),
  ];
  // ICMP has no ports, and nothing to turn round but the addresses.
  return [forth, ...rewritten].join(", ");
}

function end(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
