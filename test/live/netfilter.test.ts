import { afterEach, describe, expect, test } from "vitest";
import { type Chain, chainKey, type Network } from "../../src/timeline/network.ts";
import type { Helper } from "./native-helper.ts";
import { succeeds } from "./native-helper.ts";
import {
  ask,
  becomes,
  closeLabs,
  modes,
  network,
  networks,
  openLab,
  own,
} from "./network-helper.ts";

const tools = [
  ["nft", "nftables"],
  ["conntrack", "conntrack"],
  ["iptables-nft", "iptables"],
  ["iptables-legacy", "iptables"],
  ["python3", "python3"],
] as const;
const missing = tools.find(([program]) => !succeeds("sh", "-c", `command -v ${program}`));
const without =
  missing === undefined ? "" : `needs ${missing[0]} (apt-get install -y ${missing[1]})`;
if (without) console.log(`SKIP netfilter: ${without}`);

const rulesOf = (from: Network): readonly Chain["rules"][number][] =>
  [...from.chains.values()].flatMap(({ rules }) => rules);
/** iptables-nft 1.8.9 looks at the interface first, 1.8.13 at the address; it is the same rule. */
const asEver = (text: string): string =>
  text.replace(/^(ip saddr \S+) (oifname != \S+) /, "$2 $1 ");
const textsOf = (from: Network): string[] => rulesOf(from).map(({ text }) => asEver(text));

interface NftRule {
  readonly rule?: { family: string; table: string; chain: string; handle: number };
}

/** The rules in the order of `nft list ruleset`, by chain and handle. */
async function agreeWithNft(helper: Helper, name: string | null): Promise<void> {
  const nft = `${name === null ? "" : `ip netns exec ${name} `}nft -j list ruleset 2>/dev/null`;
  const { nftables } = JSON.parse(await ask(helper, nft)) as { nftables: readonly NftRule[] };
  const said = nftables.flatMap(({ rule }) =>
    rule === undefined ? [] : [`${chainKey(rule)} ${rule.handle}`],
  );
  const seen = () =>
    [...network(helper, name).chains.values()].flatMap((chain) =>
      chain.rules.map(({ handle }) => `${chainKey(chain)} ${handle}`),
    );
  // Stable: chains by name, the rules of each in their order.
  const sorted = (rows: readonly string[]) =>
    rows
      .map((row, index) => ({ row, chain: row.replace(/ \d+$/, ""), index }))
      .sort((a, b) => a.chain.localeCompare(b.chain) || a.index - b.index)
      .map(({ row }) => row);
  await becomes(() => sorted(seen()), sorted(said));
}

/** The bridge of Docker's kind: a container, a host that is the lab, and somebody outside. */
const HOSTS = `set -e
  ip netns add c1; ip netns add out
  ip link add br0 type bridge; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
  ip link add v1 type veth peer name eth0 netns c1; ip link set v1 master br0 up
  ip -n c1 addr add 172.18.0.2/16 dev eth0; ip -n c1 link set eth0 up
  ip -n c1 route add default via 172.18.0.1
  ip link add v2 type veth peer name eth0 netns out; ip link set v2 up
  ip addr add 203.0.113.10/24 dev v2
  ip -n out addr add 203.0.113.1/24 dev eth0; ip -n out link set eth0 up
  echo 1 > /proc/sys/net/ipv4/ip_forward`;
const rules = (iptables: string): string => `set -e
  ${iptables} -t nat -A POSTROUTING -s 172.18.0.0/16 ! -o br0 -j MASQUERADE
  ${iptables} -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
  ${iptables} -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  ${iptables} -N WEB; ${iptables} -A FORWARD -o veth+ -j WEB; ${iptables} -P FORWARD ACCEPT
  ip netns exec out ${iptables} -A INPUT -m conntrack --ctstate NEW -j ACCEPT; sleep 0.1`;
/** Until a socket listens (0A) on port 80 (0050) there: proc_pid_net(5), tcp. */
const listens = (name: string): string =>
  `until ip netns exec ${name} grep -q ':0050 0*:0000 0A ' /proc/net/tcp; do sleep 0.05; done`;
const serve = (name: string): string =>
  `ip netns exec ${name} python3 -c "
import socket
s = socket.create_server(('', 80)); c, _ = s.accept(); c.sendall(b'hello from ${name}'); c.close()" &
  ${listens(name)};`;
const fetch = (name: string, address: string, port: number): string =>
  `ip netns exec ${name} python3 -c "
import socket
print(socket.create_connection(('${address}', ${port})).recv(99))"`;

for (const { mode, reason } of modes) {
  describe.skipIf(reason || without)(`netfilter in a ${mode} lab`, { timeout: 60_000 }, () => {
    afterEach(closeLabs);

    for (const iptables of ["iptables-nft", "iptables-legacy"]) {
      test(`${iptables}: rules in words, what NAT makes of connections, counters`, async () => {
        const helper = await openLab(mode, iptables);
        await ask(helper, HOSTS);
        await ask(helper, rules(iptables));
        const texts = [
          "ct state established,related accept",
          'oifname "veth*" jump WEB',
          'oifname != "br0" ip saddr 172.18.0.0/16 masquerade',
          "tcp dport 8080 dnat to 172.18.0.2:80",
        ];
        await becomes(() => textsOf(own(helper)).sort(), texts.sort());
        await becomes(() => textsOf(network(helper, "out")), ["ct state new accept"]);
        const legacy = iptables === "iptables-legacy";
        expect(rulesOf(own(helper)).every((rule) => (rule.legacy ?? false) === legacy)).toBe(true);
        const forward = [...own(helper).chains.values()].find(({ chain }) => chain === "FORWARD");
        expect(forward).toMatchObject({ hook: "forward", policy: "accept" });
        if (!legacy) for (const name of [null, "out"]) await agreeWithNft(helper, name);

        await ask(helper, `${serve("out")} ${serve("c1")}`);
        expect(await ask(helper, fetch("c1", "203.0.113.1", 80))).toContain("hello from out");
        expect(await ask(helper, fetch("out", "203.0.113.10", 8080))).toContain("hello from c1");
        const seen = (from: Network) =>
          [...from.connections.values()].filter(({ protocol }) => protocol === "tcp");
        const assured = (from: Network) =>
          seen(from).filter(({ status }) => status?.includes("assured")).length;
        await becomes(() => assured(own(helper)), 2);
        expect(seen(own(helper))).toContainEqual(
          expect.objectContaining({
            original: expect.objectContaining({ src: "172.18.0.2", dst: "203.0.113.1", dport: 80 }),
            reply: expect.objectContaining({ src: "203.0.113.1", dst: "203.0.113.10", sport: 80 }),
            status: expect.arrayContaining(["src-nat", "assured"]),
          }),
        );
        expect(seen(own(helper))).toContainEqual(
          expect.objectContaining({
            original: expect.objectContaining({ dst: "203.0.113.10", dport: 8080 }),
            reply: expect.objectContaining({ src: "172.18.0.2", sport: 80 }),
            status: expect.arrayContaining(["dst-nat", "assured"]),
          }),
        );
        // In another namespace too, though no socket of ours stays in it.
        await becomes(() => seen(network(helper, "out")).length, 2);
        await agreeWithConntrack(helper, null);
        await agreeWithConntrack(helper, "out");

        const hits = async (): Promise<string[]> => {
          expect(await helper.ask({ op: "count" })).toMatchObject({ kind: "ok" });
          const counted = rulesOf(own(helper)).filter(({ packets }) => (packets ?? 0) > 0);
          return counted.map(({ text }) => asEver(text)).sort();
        };
        // A PID 1 that answers late has nothing counted (netns-enter.c).
        await expect
          .poll(hits, { timeout: 10_000 })
          .toEqual(texts.filter((text) => !text.includes("WEB")).sort());
        const snapshot = await helper.ask({ op: "snapshot" });
        const [lab] = snapshot.netns as { rules: { text: string; packets?: number }[] }[];
        expect(lab?.rules.find(({ text }) => text.includes("8080"))?.packets).toBeGreaterThan(0);
        await ask(
          helper,
          `ip netns del out; ${iptables} -D FORWARD 2; ${iptables} -F -t nat; sleep 0.1`,
        );
        await becomes(() => textsOf(own(helper)), ["ct state established,related accept"]);
        await becomes(() => networks(helper).size, 2);
      });
    }

    test("a transaction of many rules is seen whole, in its order", async () => {
      const helper = await openLab(mode, "many");
      // Without root a message has to fit into the send buffer that everybody has.
      const count = mode === "root" ? 1000 : 200;
      const script = `echo add table ip t > /tmp/r; echo add chain ip t c >> /tmp/r
        seq ${count} | sed 's/.*/add rule ip t c tcp dport & counter accept/' >> /tmp/r`;
      await ask(helper, `${script}; nft -f /tmp/r; nft insert rule ip t c udp dport 1 drop`);
      await becomes(() => rulesOf(own(helper)).length, count + 1, 5000);
      expect(textsOf(own(helper)).slice(0, 3)).toEqual([
        "udp dport 1 drop",
        "tcp dport 1 accept",
        "tcp dport 2 accept",
      ]);
      await agreeWithNft(helper, null);
      await ask(helper, "nft flush ruleset");
      await becomes(() => own(helper).chains.size, 0);
    });

    test("a burst of connections is cut short, and that is said", async () => {
      const helper = await openLab(mode, "burst");
      await ask(
        helper,
        `iptables-nft -A OUTPUT -m conntrack --ctstate NEW -j ACCEPT; sleep 0.2; python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(1, 20001): s.sendto(b'x', ('127.0.0.1', port))"`,
      );
      const lost = await helper.wait((line) => line.kind === "conntrack.lost");
      // 500 at once and 200 a second (native/conntrack.c), for as long as they came.
      const told = helper.lines.filter(({ kind }) => kind === "conntrack.new");
      const seconds = (Number(told.at(-1)?.t) - Number(told[0]?.t)) / 1e9;
      expect(told.length).toBeGreaterThan(100);
      expect(told.length).toBeLessThanOrEqual(510 + 200 * seconds);
      expect(lost.all === true || Number(lost.dropped) > 1000).toBe(true);
      expect(own(helper).connections.size).toBeLessThanOrEqual(1000);
      expect(await helper.sh(1, "exit 3")).toMatchObject({ code: 3 });
    });

    test("a PID 1 that answers late is asked again for connections", async () => {
      const helper = await openLab(mode, "late");
      const { pid } = await helper.wait(({ kind }) => kind === "lab.ready");
      process.kill(Number(pid), "SIGSTOP");
      await helper.ask({ op: "watch", what: "conntrack" });
      await new Promise((resolve) => setTimeout(resolve, 600));
      process.kill(Number(pid), "SIGCONT");
      await ask(helper, "iptables-nft -A OUTPUT -m conntrack --ctstate NEW");
      const heard = () => [...own(helper).connections.values()].map(({ protocol }) => protocol)[0];
      // Each port is another connection; what came before it was asked again is not told.
      for (let port = 9; heard() === undefined && port < 50; port++) {
        await ask(
          helper,
          `python3 -c "import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))"`,
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      expect(heard()).toBe("udp");
    });

    test("a PID 1 that answers late is asked again for the rules of iptables-legacy", async () => {
      const helper = await openLab(mode, "late-rules");
      const { pid } = await helper.wait(({ kind }) => kind === "lab.ready");
      const script = `trap 'iptables-legacy -A FORWARD -j ACCEPT; echo added' USR1
        iptables-legacy -N WEB; echo armed; while :; do sleep 0.05; done`;
      const run = await helper.ask({ op: "run", run: 1, argv: ["/bin/sh", "-c", script] });
      await helper.wait(({ text }) => text === "armed\n");
      await becomes(() => own(helper).chains.size, 4);
      process.kill(Number(pid), "SIGSTOP");
      process.kill(Number(run.pid), "SIGUSR1");
      await helper.wait(({ text }) => text === "added\n");
      await new Promise((resolve) => setTimeout(resolve, 600));
      process.kill(Number(pid), "SIGCONT");
      await becomes(() => textsOf(own(helper)), ["accept"]);
    });

    test.each(["iptables-nft", "iptables-legacy"])(
      "%s: ports as they were before NAT are said in words",
      async (iptables) => {
        const helper = await openLab(mode, iptables);
        const match = `${iptables} -A FORWARD -m conntrack`;
        await ask(
          helper,
          `${match} --ctorigdstport 8080 -j DROP; ${match} ! --ctreplsrcport 80:90 -j ACCEPT
        ${match} --ctstate NEW --ctorigsrcport 1024 -j ACCEPT; ${match} --ctexpire 5 -j ACCEPT`,
        );
        await becomes(
          () => textsOf(own(helper)),
          [
            "ct original proto-dst 8080 drop",
            "ct reply proto-src != 80-90 accept",
            "ct state new ct original proto-src 1024 accept",
            'xt match "conntrack" accept',
          ],
        );
      },
    );

    test("no rule, no tracking: watching does not switch conntrack on", async () => {
      const helper = await openLab(mode, "quiet");
      await ask(helper, HOSTS);
      const count = "cat /proc/sys/net/netfilter/nf_conntrack_count";
      await ask(helper, `${serve("out")} ip route add 198.51.100.0/24 dev v2`);
      await helper.ask({ op: "watch", what: "conntrack" });
      await ask(
        helper,
        `python3 -c "
import socket
socket.create_connection(('203.0.113.1', 80)).recv(99)"`,
      );
      expect(await ask(helper, count)).toBe("0\n");
      expect(helper.lines.some(({ kind }) => kind.startsWith("conntrack."))).toBe(false);
    });
  });
}

/** Each connection that conntrack(8) lists is in the world, with the same two ends of each way. */
async function agreeWithConntrack(helper: Helper, name: string | null): Promise<void> {
  const listed = await ask(
    helper,
    `${name === null ? "" : `ip netns exec ${name} `}conntrack -L -p tcp 2>/dev/null`,
  );
  const ends = listed
    .trim()
    .split("\n")
    .map((line) => [...line.matchAll(/\b(?:src|dst|sport|dport)=(\S+)/g)].map(([, end]) => end));
  const seen = () =>
    [...network(helper, name).connections.values()]
      .filter(({ protocol }) => protocol === "tcp")
      .map(({ original, reply }) =>
        [original, reply].flatMap(({ src, dst, sport, dport }) => [
          ...[src, dst, `${sport}`, `${dport}`],
        ]),
      );
  await becomes(() => seen().sort(), ends.sort());
}
