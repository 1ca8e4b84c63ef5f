import type {
  AddressAdd,
  ChainAdd,
  ConntrackNew,
  ConntrackUpdate,
  LinkAdd,
  RouteAdd,
  RuleAdd,
} from "./event-network.ts";

/** One network namespace, at one moment. */
export interface Network {
  /** Its inode; null for the lab's own. */
  readonly netns: number | null;
  readonly name: string | null;
  /** By interface index. */
  readonly links: ReadonlyMap<number, LinkAdd>;
  /** By addressKey. */
  readonly addresses: ReadonlyMap<string, AddressAdd>;
  /** By routeKey. */
  readonly routes: ReadonlyMap<string, RouteAdd>;
  /** By chainKey, in the order in which they were made. */
  readonly chains: ReadonlyMap<string, Chain>;
  /** The living ones, by the kernel's number, the oldest first; at most CONNECTION_LIMIT. */
  readonly connections: ReadonlyMap<number, Connection>;
}

export interface Chain extends ChainAdd {
  /** In the order in which the kernel looks at them. */
  readonly rules: readonly Rule[];
}

export interface Rule extends RuleAdd {
  /** Null: the rule has no counter, or nobody has read it. */
  readonly packets: number | null;
  readonly bytes: number | null;
}

export type Connection = ConntrackNew | ConntrackUpdate;

export const CONNECTION_LIMIT = 1000;

/** The key of the lab's own namespace in `World.networks`, whose others are inode numbers. */
export const OWN_NETWORK = 0;

export function addressKey({ index, address }: { index: number; address: string }): string {
  return `${index} ${address}`;
}

export function routeKey(route: Omit<RouteAdd, "kind">): string {
  const { family, destination, table = "", metric = "", gateway = "", index = "" } = route;
  // In IPv6 several next hops are several routes; in IPv4 a new one takes the place of the old.
  const hop = family === "ip6" ? ` ${gateway} ${index}` : "";
  return `${family} ${destination} ${table} ${metric}${hop}`;
}

export function chainKey(at: {
  family: string;
  table: string;
  chain: string;
  legacy?: boolean;
}): string {
  return `${at.legacy === true ? "legacy " : ""}${at.family} ${at.table} ${at.chain}`;
}
