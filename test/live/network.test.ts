import { afterEach, describe, expect, test } from "vitest";
import type { Helper } from "./native-helper.ts";
import {
  ask,
  askJson,
  becomes,
  closeLabs,
  modes,
  network,
  networks,
  openLab,
  own,
} from "./network-helper.ts";

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  readonly master?: string;
  readonly address?: string;
}
interface IpAddress {
  readonly ifname: string;
  readonly addr_info: readonly { local: string; prefixlen: number; scope: string }[];
}
interface IpRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
}

/** What the kernel still has at work when ip(8) is asked (carriers, addresses of IPv6) may change after. */
async function same<T>(seen: () => T, said: () => Promise<T>): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const told = await said();
    try {
      return await becomes(seen, told, 1000);
    } catch (differs) {
      if (Date.now() > deadline) throw differs;
    }
  }
}

/** ip(8) and the events tell of one namespace (`null`: the lab's own) the same. */
async function agree(helper: Helper, name: string | null): Promise<void> {
  const ip = `ip ${name === null ? "" : `-n ${name}`} -j`;
  await same(
    () => [...network(helper, name).links.values()].map(linkRow).sort(),
    async () =>
      (await askJson<IpLink>(helper, `${ip} link`))
        .map(({ ifindex, ifname, flags, mtu, operstate, master, address }) =>
          JSON.stringify([
            ifindex,
            ifname,
            flags.includes("UP"),
            mtu,
            operstate.toLowerCase(),
            master ?? null,
            address ?? null,
          ]),
        )
        .sort(),
  );
  await same(
    () =>
      [...network(helper, name).addresses.values()]
        .map(({ link, address, scope }) => `${link} ${address} ${scope}`)
        .sort(),
    async () =>
      (await askJson<IpAddress>(helper, `${ip} addr`))
        .flatMap(({ ifname, addr_info }) =>
          addr_info.map(
            ({ local, prefixlen, scope }) => `${ifname} ${local}/${prefixlen} ${scope}`,
          ),
        )
        .sort(),
  );
  const routes = async (): Promise<IpRoute[]> => [
    ...(await askJson<IpRoute>(helper, `${ip} -4 route`)),
    ...(await askJson<IpRoute>(helper, `${ip} -6 route`)),
  ];
  await same(
    () =>
      [...network(helper, name).routes.values()]
        .filter(({ table }) => table === undefined)
        .map(({ destination, gateway, link, source }) =>
          [destination.replace(/\/(32|128)$/, ""), gateway, link, source].join(" "),
        )
        .sort(),
    async () =>
      (await routes())
        .map(({ dst, gateway, dev, prefsrc }) => [dst, gateway, dev, prefsrc].join(" "))
        .sort(),
  );
}

function linkRow(link: {
  index: number;
  name: string;
  up: boolean;
  mtu?: number;
  operstate?: string;
  master?: { name?: string };
  mac?: string;
}): string {
  const { index, name, up, mtu, operstate, master, mac } = link;
  return JSON.stringify([index, name, up, mtu, operstate, master?.name ?? null, mac ?? null]);
}

const BRIDGE = `
  ip link add br0 type bridge; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
  for i in 2 3; do
    ip netns add c$i; ip link add veth$i type veth peer name eth0 netns c$i
    ip link set veth$i master br0 up; ip -n c$i addr add 172.18.0.$i/16 dev eth0
    ip -n c$i link set lo up; ip -n c$i link set eth0 up mtu 1400
    ip -n c$i route add default via 172.18.0.1
  done
  ip route add 10.9.0.0/16 via 172.18.0.2 metric 50; ip route add 10.8.0.0/16 dev br0 table 100
  ip route add unreachable 10.7.0.0/16; ip -n c2 addr add fd00::2/64 dev eth0 nodad
  ip -n c2 link add v7 link eth0 type macvlan
  sleep 2.2`;

for (const { mode, reason } of modes) {
  describe.skipIf(reason)(`the network of a ${mode} lab`, { timeout: 60_000 }, () => {
    afterEach(closeLabs);

    test("links, addresses and routes of every namespace are what ip(8) says", async () => {
      const helper = await openLab(mode, "agree");
      await ask(helper, BRIDGE);
      for (const name of [null, "c2", "c3"]) await agree(helper, name);
      const [lab, c2] = [own(helper), network(helper, "c2")];
      const [outer] = [...lab.links.values()].filter(({ name }) => name === "veth2");
      const [inner] = [...c2.links.values()].filter(({ name }) => name === "eth0");
      const [macvlan] = [...c2.links.values()].filter(({ name }) => name === "v7");
      expect(outer?.peer).toEqual({ netns: c2.netns, index: inner?.index });
      expect(inner?.peer).toEqual({ index: outer?.index });
      expect(macvlan).toMatchObject({ type: "macvlan", lower: { index: inner?.index } });
      expect([...lab.routes.values()]).toContainEqual(
        expect.objectContaining({ destination: "10.8.0.0/16", table: "100", link: "br0" }),
      );
      await ask(
        helper,
        `ip link del veth3; ip -n c2 link set eth0 down; ip -n c2 link set v7 name vv7
       ip addr del 172.18.0.1/16 dev br0; ip route del unreachable 10.7.0.0/16; sleep 0.1`,
      );
      for (const name of [null, "c2", "c3"]) await agree(helper, name);
    });

    test("a namespace with a process, one that is only mounted, and their ends", async () => {
      const helper = await openLab(mode, "ends");
      const program = "ip link add in0 type bridge; exec sleep 1000";
      await helper.ask({ op: "run", run: 1, argv: ["unshare", "-n", "sh", "-c", program] });
      const inside = await helper.wait((line) => line.kind === "link.add" && line.name === "in0");
      expect(networks(helper).get(Number(inside.netns))?.name).toBeNull();
      await helper.ask({ op: "signal", run: 1, signal: "KILL" });
      await helper.wait((line) => line.kind === "netns.remove" && line.netns === inside.netns);
      await ask(helper, "ip netns add alone; ip link add v0 type veth peer name v1 netns alone");
      const alone = await helper.wait((line) => line.kind === "netns.add" && line.name === "alone");
      await helper.wait((line) => line.kind === "link.add" && line.name === "v1");
      await ask(helper, "ip netns del alone");
      await helper.wait((line) => line.kind === "netns.remove" && line.netns === alone.netns);
      // Its veth takes the other end along: nothing of ours keeps the namespace alive.
      await helper.wait((line) => line.kind === "link.remove" && line.name === "v0");
      expect(await ask(helper, "ip -br link | grep -c v0 || true")).toBe("0\n");
      await becomes(() => networks(helper).size, 1);
      // A link that comes and goes with a namespace that has neither name nor program of its own.
      const far = `ip netns add far; ip netns exec far sleep 1000 &
        until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.02; done; ip netns del far; sleep 0.1
        ip link add w0 type veth peer name w1 netns $!; wait`;
      await helper.ask({ op: "run", run: 2, argv: ["sh", "-c", far] });
      await helper.wait((line) => line.kind === "link.add" && line.name === "w1");
      await helper.ask({ op: "signal", run: 2, signal: "KILL" });
      await becomes(() => [...own(helper).links.values()].map(({ name }) => name), ["lo"]);
    });

    test("a thousand links made at once are all seen, here and in another namespace", async () => {
      const helper = await openLab(mode, "burst");
      // Pairs of veths: the kernel needs 16 ms to destroy a bridge, and nobody a new network meanwhile.
      await ask(helper, "ip netns add many; seq 500 | sed 's/.*/link add v& type veth/' > /tmp/b");
      await ask(helper, "ip -batch /tmp/b; ip -n many -batch /tmp/b");
      const veths = (name: string | null) => () =>
        [...network(helper, name).links.values()].filter(({ type }) => type === "veth").length;
      await becomes(veths(null), 1000, 20_000);
      await becomes(veths("many"), 1000, 20_000);
      for (const name of [null, "many"]) await agree(helper, name);
    });
  });
}
