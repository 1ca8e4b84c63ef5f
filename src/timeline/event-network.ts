import type { Stamped } from "./event-parts.ts";

/**
 * What happens in the lab's network namespaces (network_namespaces(7)).
 *
 * `netns` is the namespace's inode number, as in /proc/PID/ns/net; absent, it is the lab's own.
 * `add` is told again when something in it has changed. What was in a namespace goes with it: after
 * `netns.remove` nothing of it is removed one by one.
 */
export type NetworkEvent =
  | NetnsAdd
  | NetnsRemove
  | LinkAdd
  | LinkRemove
  | AddressAdd
  | AddressRemove
  | RouteAdd
  | RouteRemove
  | TableAdd
  | TableRemove
  | ChainAdd
  | ChainRemove
  | RuleAdd
  | RuleRemove
  | RuleCount
  | ConntrackNew
  | ConntrackUpdate
  | ConntrackDestroy
  | ConntrackLost;

interface InNetns extends Stamped {
  readonly netns?: number;
}

/** A namespace was found. `name` is where it is mounted: `ip netns add NAME` makes /run/netns/NAME. */
export interface NetnsAdd extends Stamped {
  readonly kind: "netns.add";
  readonly netns: number;
  readonly name?: string;
}

/** Its last process, mount and descriptor are gone; the kernel said so (RTM_DELNSID). */
export interface NetnsRemove extends Stamped {
  readonly kind: "netns.remove";
  readonly netns: number;
  readonly name?: string;
}

/** rtnetlink(7) RTM_NEWLINK. */
export interface LinkAdd extends InNetns {
  readonly kind: "link.add";
  /** Names the interface within its namespace. */
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /** The driver's kind: `bridge`, `veth`, `loopback`. */
  readonly type?: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** `up`, `down`, `lowerlayerdown`, …: what the other end and the cable make of it. */
  readonly operstate?: string;
  /** The bridge it is a port of. */
  readonly master?: { readonly index: number; readonly name?: string };
  /** A veth's other end. Its `netns` is absent in the lab's own; unknown, all of it is absent. */
  readonly peer?: { readonly netns?: number; readonly index: number };
  /** The device a vlan, macvlan, ipvlan, … stands on. */
  readonly lower?: { readonly netns?: number; readonly index: number };
}

export interface LinkRemove extends InNetns {
  readonly kind: "link.remove";
  readonly index: number;
  readonly name: string;
}

/** ip-address(8). `address` has its prefix length: `10.0.0.1/24`. */
export interface AddressAdd extends InNetns {
  readonly kind: "address.add";
  readonly index: number;
  readonly link: string;
  readonly address: string;
  readonly scope?: string;
}

export interface AddressRemove extends InNetns {
  readonly kind: "address.remove";
  readonly index: number;
  readonly link: string;
  readonly address: string;
}

/** ip-route(8), every table but `local`. */
export interface RouteAdd extends InNetns {
  readonly kind: "route.add";
  readonly family: "ip" | "ip6";
  /** `default` or a prefix. */
  readonly destination: string;
  readonly gateway?: string;
  readonly index?: number;
  readonly link?: string;
  readonly source?: string;
  readonly metric?: number;
  /** The number of the routing table, when it is not `main`. */
  readonly table?: string;
  /** `unreachable`, `blackhole`, …; absent for an ordinary route. */
  readonly type?: string;
}

export interface RouteRemove extends Omit<RouteAdd, "kind"> {
  readonly kind: "route.remove";
}

interface InTable extends InNetns {
  /** `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`. */
  readonly family: string;
  readonly table: string;
  /** Made by iptables-legacy, which nft(8) does not show. */
  readonly legacy?: boolean;
}

export interface TableAdd extends InTable {
  readonly kind: "table.add";
}

export interface TableRemove extends InTable {
  readonly kind: "table.remove";
}

/** `hook`, `priority` and `policy` are there for a base chain: one that packets enter by themselves. */
export interface ChainAdd extends InTable {
  readonly kind: "chain.add";
  readonly chain: string;
  readonly type?: string;
  readonly hook?: string;
  readonly priority?: number;
  readonly policy?: string;
}

export interface ChainRemove extends InTable {
  readonly kind: "chain.remove";
  readonly chain: string;
}

export interface RuleAdd extends InTable {
  readonly kind: "rule.add";
  readonly chain: string;
  /** The kernel's number of the rule; of a legacy rule, which has none, a hash of it. */
  readonly handle: number;
  /** In nft(8)'s words: `tcp dport 8080 dnat to 172.18.0.2:80`. */
  readonly text: string;
  /** The handle of the rule before it; absent for a chain's first, and with `last`. */
  readonly previous?: number;
  /** It was put behind the last one, whichever that is. */
  readonly last?: boolean;
}

export interface RuleRemove extends InTable {
  readonly kind: "rule.remove";
  readonly chain: string;
  readonly handle: number;
}

/** A rule's counter, read because it was asked for, where it differs from the last reading. */
export interface RuleCount extends InTable {
  readonly kind: "rule.count";
  readonly chain: string;
  readonly handle: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface Tuple {
  readonly src: string;
  readonly dst: string;
  /** Absent for protocols without ports. */
  readonly sport?: number;
  readonly dport?: number;
}

/**
 * A connection that the kernel tracks (conntrack(8)). `reply` is what the answer looks like: where
 * it is not `original` turned round, NAT has rewritten something.
 */
interface Conntrack extends InNetns {
  /** The kernel's number of the connection. */
  readonly connection: number;
  /** `tcp`, `udp`, `icmp`, or the protocol's number. */
  readonly protocol: string;
  readonly original: Tuple;
  readonly reply: Tuple;
  /** `seen-reply`, `assured`, `src-nat`, `dst-nat`. */
  readonly status: readonly string[];
  /** TCP's: `SYN_SENT`, `ESTABLISHED`, … */
  readonly state?: string;
}

export interface ConntrackNew extends Conntrack {
  readonly kind: "conntrack.new";
}

export interface ConntrackUpdate extends Conntrack {
  readonly kind: "conntrack.update";
}

export interface ConntrackDestroy extends Conntrack {
  readonly kind: "conntrack.destroy";
}

/** More connections than are told: so many were not. `all`: those told before are to be forgotten. */
export interface ConntrackLost extends Stamped {
  readonly kind: "conntrack.lost";
  readonly dropped: number;
  readonly all?: boolean;
}
