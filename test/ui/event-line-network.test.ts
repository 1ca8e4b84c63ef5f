import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { isNetworkOfInterest, networkText } from "../../src/ui/panes/events/event-line-network.ts";

const netnsOf = (netns: number): string => (netns === 9 ? "c1" : `net:[${netns}]`);
const said = (event: object): string | null => networkText({ t: 0, ...event } as Event, netnsOf);
const connection = { kind: "conntrack.new", connection: 1, protocol: "tcp", status: [] };
const original = { src: "172.18.0.2", dst: "203.0.113.1", sport: 4000, dport: 80 };

describe("what happens in the network, in a line", () => {
  test("says where, and what is connected with what", () => {
    expect(said({ kind: "netns.add", netns: 9, name: "c1" })).toBe("network namespace c1");
    expect(said({ kind: "netns.remove", netns: 8 })).toBe("network namespace net:[8] gone");
    const link = { kind: "link.add", index: 2, name: "veth0", up: true };
    expect(said({ ...link, master: { index: 3, name: "br0" }, peer: { netns: 9, index: 2 } })).toBe(
      "link veth0 up, port of br0, its other end in c1",
    );
    expect(said({ ...link, netns: 9, up: false })).toBe("c1: link veth0 down");
    const route = { family: "ip", destination: "default", gateway: "10.0.0.1", link: "eth0" };
    expect(said({ kind: "route.add", netns: 9, ...route })).toBe(
      "c1: route default via 10.0.0.1 dev eth0",
    );
  });

  test("shows what NAT makes of a connection", () => {
    const plain = { src: "203.0.113.1", dst: "172.18.0.2", sport: 80, dport: 4000 };
    expect(said({ ...connection, original, reply: plain })).toBe(
      "connection tcp 172.18.0.2:4000 → 203.0.113.1:80",
    );
    expect(said({ ...connection, original, reply: { ...plain, dst: "203.0.113.10" } })).toBe(
      "connection tcp 172.18.0.2:4000 → 203.0.113.1:80, leaves as 203.0.113.10:4000",
    );
    expect(
      said({ ...connection, original, reply: { ...plain, src: "172.18.0.3", sport: 8080 } }),
    ).toContain("goes to 172.18.0.3:8080");
  });

  test("leaves out what IPv6 does on every link, and nothing else", () => {
    const address = { kind: "address.add", t: 0, index: 1, link: "eth0" };
    const shown = (fields: object) => isNetworkOfInterest({ ...address, ...fields } as Event);
    expect(shown({ address: "fe80::1/64" })).toBe(false);
    expect(shown({ address: "fd00::1/64" })).toBe(true);
    expect(isNetworkOfInterest({ kind: "output" } as Event)).toBe(false);
  });
});
