import type { Tuple } from "../../../timeline/event-network.ts";
import type { Connection, Network } from "../../../timeline/network.ts";
import { oneLine } from "../../labels.ts";
import { clipLine, type Line, lineWidth, span, widthOf } from "../../text.ts";
import type { StepNews } from "./network-news.ts";
import type { Traffic } from "./network-parts.ts";
import type { Topology } from "./network-topology.ts";

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
  const seen: Seen[] = [];
  for (const network of [...(own === null ? [] : [own]), ...others]) {
    const all = [...network.connections.values()];
    for (const connection of all) {
      const fresh = connection.t >= since && !MULTICAST.test(connection.original.dst);
      if (fresh && !known.has(answerOf(connection))) seen.push({ network, connection });
    }
    for (const connection of all) known.add(answerOf(connection));
  }
  return seen.toSorted((a, b) => b.connection.t - a.connection.t);
}

/** DNAT on the host is behind what a container sees; what they have in common is the answer. */
function answerOf({ protocol, reply }: Connection): string {
  return JSON.stringify([protocol, reply]);
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
    return wayLines(where, connection, width).map((line) => clipLine(line, width));
  });
  const more = seen.length - CONNECTIONS_SHOWN;
  return more > 0 ? [...lines, [span(`  … and ${more} more`, "dim")]] : lines;
}

/**
 * `tcp 203.0.113.1:40122 ▸ 203.0.113.10:8080  ⇒ to 172.18.0.2:80` and below it the answer. What NAT
 * wrote stands behind `⇒`: the new destination, the new source; short of room in a line of its own.
 */
function wayLines(where: string, connection: Connection, width: number): Line[] {
  const { protocol, original, reply, status, state } = connection;
  const written = writtenBy(connection);
  const forth: Line = [
    span("  "),
    span(oneLine(`${where}${protocol} `), "dim"),
    span(oneLine(wayText(original))),
  ];
  const outcome: Line = [
    ...(status.includes("seen-reply") ? [] : [span("  no answer yet", "caution")]),
    ...(state === undefined ? [] : [span(oneLine(`  ${state}`), "dim")]),
  ];
  if (written.length === 0) return [[...forth, ...outcome]];
  const indent = span(" ".repeat(Math.max(2, widthOf(where) + protocol.length - 1)));
  const back: Line = [indent, span(`↩  ${oneLine(wayText(reply))}`, "dim")];
  if (lineWidth(forth) + lineWidth(written) <= width)
    return [[...forth, ...written, ...outcome], back];
  return [[...forth, ...outcome], [indent, ...written], back];
}

function writtenBy({ original, reply }: Connection): Line {
  const target = reply.src !== original.dst || reply.sport !== original.dport;
  const source = reply.dst !== original.src || reply.dport !== original.sport;
  // The source's port is written anew only where it is taken already.
  const port = reply.dport === original.sport ? undefined : reply.dport;
  return [
    ...(target ? [span(`  ⇒ to ${end(reply.src, reply.sport)}`, "kernel")] : []),
    ...(source ? [span(`  ⇒ as ${end(reply.dst, port)}`, "kernel")] : []),
  ];
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
