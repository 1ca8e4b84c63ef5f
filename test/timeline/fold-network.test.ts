import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { CONNECTION_LIMIT, chainKey, OWN_NETWORK, routeKey } from "../../src/timeline/network.ts";
import { decodeRecording, encodeEvent } from "../../src/timeline/recording.ts";

const C1 = 4026532251;
const chain = { family: "ip", table: "nat", chain: "POSTROUTING" };
const rule = (handle: number, previous?: number): Event => ({
  kind: "rule.add",
  t: 5,
  ...chain,
  handle,
  text: `rule ${handle}`,
  ...(previous !== undefined && { previous }),
});
const tuple = { src: "172.18.0.2", dst: "203.0.113.1", sport: 4000, dport: 80 };
const connection = (number: number): Event => ({
  kind: "conntrack.new",
  t: 9,
  connection: number,
  protocol: "tcp",
  original: tuple,
  reply: { src: "203.0.113.1", dst: "203.0.113.10", sport: 80, dport: 4000 },
  status: ["src-nat"],
  state: "SYN_SENT",
});

const story: readonly Event[] = [
  { kind: "link.add", t: 1, index: 1, name: "lo", up: true, type: "loopback" },
  { kind: "netns.add", t: 2, netns: C1, name: "c1" },
  { kind: "link.add", t: 3, netns: C1, index: 2, name: "eth0", up: false, peer: { index: 2 } },
  {
    kind: "link.add",
    t: 3,
    index: 2,
    name: "veth0",
    up: true,
    type: "veth",
    master: { index: 3, name: "br0" },
    peer: { netns: C1, index: 2 },
  },
  {
    kind: "address.add",
    t: 4,
    netns: C1,
    index: 2,
    link: "eth0",
    address: "172.18.0.2/16",
    scope: "global",
  },
  {
    kind: "route.add",
    t: 4,
    netns: C1,
    family: "ip",
    destination: "default",
    gateway: "172.18.0.1",
    index: 2,
    link: "eth0",
  },
  {
    kind: "chain.add",
    t: 5,
    ...chain,
    type: "nat",
    hook: "postrouting",
    priority: 100,
    policy: "accept",
  },
  rule(4),
  rule(5, 4),
  { kind: "rule.count", t: 6, ...chain, handle: 4, packets: 3, bytes: 180 },
  connection(77),
];
const networksAfter = (...more: Event[]) => foldWorld([...story, ...more]).networks;

describe("the networks of a lab", () => {
  test("are a recording that reads back as it was", () => {
    const text = story.map(encodeEvent).join("");
    expect(decodeRecording(text)).toEqual({ events: story, problems: [] });
    const broken = encodeEvent({ kind: "netns.add", t: 1 } as unknown as Event);
    expect(decodeRecording(broken).problems).toHaveLength(1);
    const odd = { ...story[3], peer: { index: "2" } } as unknown as Event;
    expect(decodeRecording(encodeEvent(odd)).problems).toHaveLength(1);
  });

  test("hold what each namespace has", () => {
    const networks = networksAfter();
    expect([...networks.keys()]).toEqual([OWN_NETWORK, C1]);
    const [own, c1] = [networks.get(OWN_NETWORK), networks.get(C1)];
    expect(own?.links.get(2)).toMatchObject({ name: "veth0", master: { name: "br0" } });
    expect(c1).toMatchObject({ netns: C1, name: "c1" });
    expect([...(c1?.addresses.values() ?? [])]).toMatchObject([{ address: "172.18.0.2/16" }]);
    expect([...(c1?.routes.values() ?? [])]).toMatchObject([{ gateway: "172.18.0.1" }]);
    expect(own?.chains.get(chainKey(chain))).toMatchObject({ hook: "postrouting" });
    expect(own?.connections.get(77)).toMatchObject({ state: "SYN_SENT" });
  });

  test("lose what is removed, and all of a namespace with it", () => {
    const gone = networksAfter(
      { kind: "link.remove", t: 10, index: 2, name: "veth0" },
      { kind: "netns.remove", t: 11, netns: C1, name: "c1" },
      { ...connection(77), kind: "conntrack.destroy" } as Event,
      { kind: "chain.remove", t: 12, ...chain },
    );
    expect([...gone.keys()]).toEqual([OWN_NETWORK]);
    const own = gone.get(OWN_NETWORK);
    expect([...(own?.links.keys() ?? [])]).toEqual([1]);
    expect([own?.chains.size, own?.connections.size]).toEqual([0, 0]);
  });

  test("a namespace without its mount has no name", () => {
    expect(networksAfter({ kind: "netns.add", t: 10, netns: C1 }).get(C1)?.name).toBeNull();
  });

  test("a removed address or route goes, another table's stays", () => {
    const route = { family: "ip", destination: "default" } as const;
    const world = networksAfter(
      { kind: "route.add", t: 10, netns: C1, ...route, table: "100", gateway: "172.18.0.9" },
      { kind: "route.remove", t: 11, netns: C1, ...route },
      {
        kind: "address.remove",
        t: 11,
        netns: C1,
        index: 2,
        link: "eth0",
        address: "172.18.0.2/16",
      },
    ).get(C1);
    expect([...(world?.routes.values() ?? [])]).toMatchObject([{ table: "100" }]);
    expect(world?.addresses.size).toBe(0);
    const hop = { t: 0, family: "ip6", destination: "default", gateway: "fe80::1" } as const;
    expect(routeKey({ ...hop, index: 1 })).not.toBe(routeKey({ ...hop, index: 2 }));
  });
});

describe("rules", () => {
  const handles = (...more: Event[]) =>
    networksAfter(...more)
      .get(OWN_NETWORK)
      ?.chains.get(chainKey(chain))
      ?.rules.map(({ handle }) => handle);

  test("stand in the kernel's order", () => {
    expect(handles()).toEqual([4, 5]);
    expect(handles(rule(6), rule(7, 4), rule(8, 5))).toEqual([6, 4, 7, 5, 8]);
    expect(handles({ ...rule(6), last: true } as Event)).toEqual([4, 5, 6]);
    // Its predecessor is not known: at the end.
    expect(handles(rule(9, 99))).toEqual([4, 5, 9]);
  });

  test("are told again in place, and go", () => {
    expect(handles({ ...rule(4), text: "other" } as Event)).toEqual([4, 5]);
    expect(handles({ kind: "rule.remove", t: 9, ...chain, handle: 4 })).toEqual([5]);
  });

  test("know how often they were hit", () => {
    const rules = networksAfter().get(OWN_NETWORK)?.chains.get(chainKey(chain))?.rules;
    expect(rules).toMatchObject([
      { packets: 3, bytes: 180 },
      { packets: null, bytes: null },
    ]);
  });
});

describe("connections", () => {
  test("are never more than a screen can use", () => {
    const many = Array.from({ length: CONNECTION_LIMIT + 5 }, (_, index) =>
      connection(index + 100),
    );
    const { connections } = networksAfter(...many).get(OWN_NETWORK) ?? {};
    expect(connections?.size).toBe(CONNECTION_LIMIT);
    expect(connections?.has(77)).toBe(false);
  });

  test("are forgotten when the kernel dropped what it had to say of them", () => {
    const lost = networksAfter({ kind: "conntrack.lost", t: 10, dropped: 4, all: true });
    expect(lost.get(OWN_NETWORK)?.connections.size).toBe(0);
    const some = networksAfter({ kind: "conntrack.lost", t: 10, dropped: 4 });
    expect(some.get(OWN_NETWORK)?.connections.size).toBe(1);
  });
});
