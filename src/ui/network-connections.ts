import type { Tuple } from "../timeline/event-network.ts";
import type { Connection, Network } from "../timeline/network.ts";
import { oneLine } from "./labels.ts";
import type { StepNews } from "./network-news.ts";
import type { Traffic } from "./network-parts.ts";
import type { Topology } from "./network-topology.ts";
import { clipLine, type Line, type Span, span } from "./text.ts";

const CONNECTIONS_SHOWN = 40;

interface Seen {
  readonly network: Network;
  readonly connection: Connection;
}

/**
 * The connections that moved in the current step, the newest first. One that several namespaces
 * track is told once, by the lab's own; what a host says to a group of hosts (IGMP, MLD) not at all.
 */
function recent({ own, others }: Topology, { since }: StepNews): Seen[] {
  const known = new Set<string>();
  return [...(own === null ? [] : [own]), ...others]
    .flatMap((network) =>
      [...network.connections.values()].map((connection) => ({ network, connection })),
    )
    .filter(({ connection: { t, original, reply } }) => {
      // DNAT on the host is behind what a container sees; what they have in common is the answer.
      const key = JSON.stringify(reply);
      const fresh = t >= since && !MULTICAST.test(original.dst) && !known.has(key);
      known.add(key);
      return fresh;
    })
    .toSorted((a, b) => b.connection.t - a.connection.t);
}

/** 224.0.0.0/4 and ff00::/8. */
const MULTICAST = /^(22[4-9]|23\d)\.|^ff[0-9a-f]{2}:/i;
/** Every namespace has these. */
const LOOPBACK = /^127\.|^::1$/;

/** Each connection twice: how its packets set out, and how the answers do. */
export function connectionLines(topology: Topology, news: StepNews, width: number): Line[] {
  const seen = recent(topology, news);
  const lines = seen.slice(0, CONNECTIONS_SHOWN).flatMap(({ network, connection }) => {
    const where = network === topology.own ? "" : `${topology.nameOf(network)}: `;
    return wayLines(where, connection).map((line) => clipLine(line, width));
  });
  const more = seen.length - CONNECTIONS_SHOWN;
  return more > 0 ? [...lines, [span(`  … and ${more} more`, "dim")]] : lines;
}

/**
 * `tcp 203.0.113.1:40122 ▸ 203.0.113.10:8080  ⇒ 172.18.0.2:80` and below it the answer. What NAT
 * wrote stands behind `⇒`: the new destination, or the new source.
 */
function wayLines(where: string, { protocol, original, reply, status, state }: Connection): Line[] {
  const target = reply.src !== original.dst || reply.sport !== original.dport;
  const source = reply.dst !== original.src || reply.dport !== original.sport;
  const answered = status.includes("seen-reply");
  // The source's port is written anew only where it is taken already.
  const port = reply.dport === original.sport ? undefined : reply.dport;
  const written: Span[] = [
    ...(target ? [span(`  ⇒ to ${end(reply.src, reply.sport)}`, "kernel")] : []),
    ...(source ? [span(`  ⇒ as ${end(reply.dst, port)}`, "kernel")] : []),
  ];
  const forth: Line = [
    span("  "),
    span(oneLine(`${where}${protocol} `), "dim"),
    span(oneLine(wayText(original))),
    ...written,
    ...(answered ? [] : [span("  no answer yet", "caution")]),
    ...(state === undefined ? [] : [span(oneLine(`  ${state}`), "dim")]),
  ];
  if (!target && !source) return [forth];
  const room = " ".repeat(where.length + protocol.length - 3);
  return [forth, [span(`  ${room}↩  ${oneLine(wayText(reply))}`, "dim")]];
}

function wayText({ src, dst, sport, dport }: Tuple): string {
  return `${end(src, sport)} ▸ ${end(dst, dport)}`;
}

function end(address: string, port: number | undefined): string {
  if (port === undefined) return oneLine(address);
  return oneLine(address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);
}

/** Which namespaces the packets of this step come from, and where they are led. */
export function trafficOf(topology: Topology, news: StepNews): Traffic {
  const homes = new Map<string, Network>();
  for (const network of topology.others)
    for (const { address } of network.addresses.values()) {
      const [host = ""] = address.split("/");
      if (!LOOPBACK.test(host)) homes.set(host, network);
    }
  const traffic = { out: new Set<Network>(), in: new Set<Network>() };
  for (const { network, connection } of recent(topology, news)) {
    // What a namespace says to itself is on no cable.
    if (network !== topology.own) continue;
    const from = homes.get(connection.original.src);
    const to = homes.get(connection.reply.src);
    if (from !== undefined) traffic.out.add(from);
    if (to !== undefined) traffic.in.add(to);
  }
  return traffic;
}
