import { pairs } from "./pairs.ts";
import type { Change, Fact, Snapshot, SnapshotNetwork } from "./snapshot.ts";

/** How the facts of one kind are told apart, called, and compared. */
interface Kind {
  readonly what: string;
  readonly list: "links" | "addresses" | "routes" | "chains" | "rules";
  readonly key: readonly string[];
  name(fact: Fact): string;
  /** The fields whose change is worth a word; counters are not. */
  readonly compared: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    ...{ what: "link", list: "links", key: ["index"] },
    name: ({ name, type }) => `${name}${type === undefined ? "" : ` (${type})`}`,
    compared: ["name", "up", "mac", "mtu", "master", "peer"],
  },
  {
    ...{ what: "address", list: "addresses", key: ["index", "address"] },
    name: ({ address, link }) => `${address} on ${link}`,
    compared: ["scope"],
  },
  {
    ...{ what: "route", list: "routes" },
    key: ["family", "destination", "table", "metric", "gateway", "index"],
    name: routeName,
    compared: ["source", "type"],
  },
  {
    ...{ what: "chain", list: "chains", key: ["legacy", "family", "table", "chain"] },
    name: (chain) => `${backend(chain)}${chain.family} ${chain.table} ${chain.chain}`,
    compared: ["policy", "hook", "priority"],
  },
  {
    ...{ what: "rule", list: "rules", key: ["legacy", "family", "table", "chain", "handle"] },
    name: (rule) => `${backend(rule)}${rule.table} ${rule.chain}: ${rule.text}`,
    compared: ["text"],
  },
];

/** iptables-legacy has tables and chains of the same names as nftables, and nft(8) shows only its own. */
function backend({ legacy }: Fact): string {
  return legacy === true ? "legacy " : "";
}

function routeName({ destination, gateway, link }: Fact): string {
  const via = gateway === undefined ? "" : ` via ${gateway}`;
  return `${destination}${via}${link === undefined ? "" : ` dev ${link}`}`;
}

export function networkChanges(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  for (const [was, is] of pairs(before.netns, after.netns, ({ netns }) => `${netns}`)) {
    const network = (is ?? was) as SnapshotNetwork;
    const where = network.own === true ? {} : { where: nameOf(network) };
    if (was === null || is === null) {
      // What is in it came or went with it; of its links lo is in every one.
      const how = was === null ? "added" : "removed";
      changes.push({ how, what: "network namespace", name: nameOf(network) });
      if (how === "removed") continue;
    }
    for (const kind of KINDS)
      changes.push(...factChanges(kind, was?.[kind.list] ?? [], is?.[kind.list] ?? [], where));
  }
  return changes.filter((change) => !isOfEveryNamespace(change));
}

/** What every namespace has (lo), and every link gets with IPv6 when it comes up. */
function isOfEveryNamespace({ what, name }: Change): boolean {
  if (what === "link") return name === "lo (loopback)";
  if (what === "address") return /^(fe80:|127\.0\.0\.1\/8 on lo$|::1\/128 on lo$)/.test(name);
  return what === "route" && /^(fe80::\/64|ff00::\/8|::1) dev /.test(name);
}

function nameOf({ name, netns }: SnapshotNetwork): string {
  return name ?? `net:[${netns}]`;
}

function factChanges(
  { what, key, name, compared }: Kind,
  before: readonly Fact[],
  after: readonly Fact[],
  where: { where?: string },
): Change[] {
  const changes: Change[] = [];
  const keyOf = (fact: Fact): string => key.map((field) => String(fact[field] ?? "")).join(" ");
  for (const [was, is] of pairs(before, after, keyOf)) {
    const at = { what, name: name((is ?? was) as Fact), ...where };
    if (was === null) changes.push({ how: "added", ...at });
    else if (is === null) changes.push({ how: "removed", ...at });
    else
      for (const field of compared) {
        const [old, now] = [wordFor(was[field]), wordFor(is[field])];
        if (old !== now)
          changes.push({
            ...{ how: "changed", ...at, name: `${at.name} ${field}` },
            ...{ before: old, after: now },
          });
      }
  }
  return changes;
}

function wordFor(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object" || value === null) return String(value);
  if ("name" in value) return String(value.name);
  if (!("index" in value)) return JSON.stringify(value);
  // A veth's other end has a number there, and no name that is known here.
  return "netns" in value ? `${value.index} in net:[${value.netns}]` : `${value.index}`;
}
