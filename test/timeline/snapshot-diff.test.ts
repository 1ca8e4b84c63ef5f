import { describe, expect, test } from "vitest";
import { decodeEvent, encodeEvent } from "../../src/timeline/recording.ts";
import { CHANGE_LIMIT, changeText, type Snapshot } from "../../src/timeline/snapshot.ts";
import { diffSnapshots } from "../../src/timeline/snapshot-diff.ts";

const mount = { parent: 1, fstype: "tmpfs", source: "t", options: "rw", propagation: "private" };
const lo = { index: 1, name: "lo", type: "loopback", up: true };
const own = { netns: 10, own: true, addresses: [], routes: [], chains: [], rules: [] };

const quiet: Snapshot = {
  from: 1,
  until: 2,
  processes: [
    { pid: 100, labPid: 1, comm: "lab-init", state: "S", namespaces: {}, cgroups: {} },
    { pid: 200, labPid: 7, state: "S", argv: ["sleep", "9"], namespaces: {}, cgroups: {} },
  ],
  namespaces: [{ type: "net", inode: 10, owner: 5, processes: [100, 200], kept: [] }],
  cgroups: [
    { hierarchy: "memory", path: "/", files: { "memory.failcnt": "0", "memory.swappiness": "60" } },
    {
      hierarchy: "memory",
      path: "/demo",
      files: { "memory.failcnt": "0", "memory.usage_in_bytes": "5", "cgroup.procs": "200" },
    },
  ],
  mounts: [{ mount: 30, target: "/", ...mount }],
  netns: [{ ...own, links: [lo] }],
  cut: [],
};

type Process = Snapshot["processes"][number];
type Group = Snapshot["cgroups"][number];

const texts = (after: Snapshot, before = quiet): string[] =>
  diffSnapshots(before, after).changes.map(changeText);

describe("the difference of two snapshots", () => {
  test("nothing is nothing, and neither is what moves by itself", () => {
    expect(diffSnapshots(quiet, quiet)).toEqual({ changes: [], more: 0 });
    const [init, sleep] = quiet.processes as [Process, Process];
    const [root, demo] = quiet.cgroups as [Group, Group];
    const moved: Snapshot = {
      ...quiet,
      processes: [
        { ...init, comm: "other" },
        { ...sleep, state: "R" },
        { pid: 300, comm: "strace", namespaces: {}, cgroups: {} },
      ],
      cgroups: [
        { ...root, files: { "memory.failcnt": "9", "memory.swappiness": "60" } },
        {
          ...demo,
          files: { "memory.failcnt": "0", "memory.usage_in_bytes": "7", "cgroup.procs": "1" },
        },
      ],
    };
    expect(texts(moved)).toEqual([]);
  });

  test("processes: come, gone, elsewhere, stopped, another program", () => {
    const [init, sleep] = quiet.processes as [Process, Process];
    const with_ = (...processes: Snapshot["processes"]): Snapshot => ({
      ...quiet,
      processes: [init, ...processes],
    });
    const cgroups = { memory: "/demo", "": "/init" };
    expect(
      texts(with_(sleep, { pid: 9, labPid: 8, comm: "x", namespaces: { uts: 4 }, cgroups })),
    ).toEqual(["+ process 8 (x) in memory/demo uts:[4]"]);
    expect(texts(with_())).toEqual(["- process 7 sleep 9"]);
    expect(texts(with_({ ...sleep, namespaces: { net: 11 }, state: "T", argv: ["cat"] }))).toEqual([
      "~ process 7 cat namespaces: the lab's → net:[11]",
      "~ process 7 cat: sleep 9 → cat",
      "~ process 7 cat state: the lab's → T",
    ]);
  });

  test("groups, their files, and namespaces that a file keeps", () => {
    const [root, demo] = quiet.cgroups as [Group, Group];
    const after: Snapshot = {
      ...quiet,
      cgroups: [
        root,
        { ...demo, files: { ...demo.files, "memory.failcnt": "3" } },
        { hierarchy: "", path: "/new", files: { "memory.max": "max" } },
      ],
      namespaces: [
        ...quiet.namespaces,
        { type: "uts", inode: 12, processes: [], kept: ["/run/uts"] },
      ],
    };
    expect(texts(after)).toEqual([
      "+ namespace uts:[12] kept on /run/uts",
      "~ cgroup memory/demo memory.failcnt: 0 → 3",
      "+ cgroup /new",
    ]);
    expect(texts(quiet, after)).toEqual([
      "- namespace uts:[12] kept on /run/uts",
      "~ cgroup memory/demo memory.failcnt: 3 → 0",
      "- cgroup /new",
    ]);
  });

  test("where a namespace is kept, but not the copies of that mount in other namespaces", () => {
    const uts = { type: "uts", inode: 12, processes: [], kept: ["/run/uts"] } as const;
    const before: Snapshot = { ...quiet, namespaces: [...quiet.namespaces, uts] };
    const keptAt = (...kept: string[]): Snapshot => ({
      ...quiet,
      namespaces: [...quiet.namespaces, { ...uts, kept }],
    });
    expect(texts(keptAt("/run/uts", "/run/uts"), before)).toEqual([]);
    expect(texts(keptAt("/run/uts", "/run/uts", "/tmp/uts"), before)).toEqual([
      "~ namespace uts:[12] kept on: /run/uts → /run/uts, /tmp/uts",
    ]);
  });

  test("mounts one by one, but not those that came with a namespace", () => {
    const after: Snapshot = {
      ...quiet,
      mounts: [
        { mount: 30, target: "/", ...mount, options: "ro" },
        { mount: 31, target: "/mnt", ...mount },
        { mount: 40, target: "/", mntns: 77, ...mount },
      ],
    };
    const later: Snapshot = {
      ...after,
      mounts: [...after.mounts, { mount: 41, target: "/proc", mntns: 77, ...mount }],
    };
    expect(texts(after)).toEqual([
      "~ mount tmpfs on /: / rw private → / ro private",
      "+ mount tmpfs on /mnt",
    ]);
    expect(texts(later, after)).toEqual(["+ mount tmpfs on /proc in mnt:[77]"]);
  });

  test("mounts of a namespace that all change as its table, as in pivot_root(2)", () => {
    const table = (first: number, length: number) =>
      Array.from({ length }, (_, index) => ({
        ...{ ...mount, mount: first + index, target: `/${first + index}`, mntns: 77 },
      }));
    const before: Snapshot = { ...quiet, mounts: [...quiet.mounts, ...table(100, 8)] };
    const after: Snapshot = { ...quiet, mounts: [...quiet.mounts, ...table(200, 7)] };
    expect(texts(after, before)).toEqual([
      "~ mount table in mnt:[77]: 8 mounts → 7, 7 of them new",
    ]);
  });

  test("mounts not of a namespace whose inode the kernel gave again", () => {
    const mnt = (...processes: number[]) =>
      ({ type: "mnt", inode: 77, processes, kept: [] }) as const;
    const held = (mount_: number, ...processes: number[]): Snapshot => ({
      ...quiet,
      namespaces: [...quiet.namespaces, mnt(...processes)],
      mounts: [...quiet.mounts, { ...mount, mount: mount_, target: "/mnt", mntns: 77 }],
    });
    expect(texts(held(41, 300), held(40, 200))).toEqual([]);
    expect(texts(held(41, 200, 300), held(40, 200))).toEqual([
      "- mount tmpfs on /mnt in mnt:[77]",
      "+ mount tmpfs on /mnt in mnt:[77]",
    ]);
  });

  test("networks: a port's bridge by its name, and nothing of what every link and lo get", () => {
    const port = { index: 3, name: "veth-web", type: "veth", up: false };
    const before: Snapshot = { ...quiet, netns: [{ ...own, links: [lo, port] }] };
    const master = { index: 2, name: "br0" };
    const network = {
      ...own,
      links: [lo, { ...port, up: true, master }],
      addresses: [
        { index: 3, link: "veth-web", address: "fe80::1/64" },
        { index: 1, link: "lo", address: "127.0.0.1/8" },
        { index: 1, link: "lo", address: "::1/128" },
      ],
      routes: [{ family: "ip6", destination: "fe80::/64", index: 3, link: "veth-web" }],
    };
    expect(texts({ ...quiet, netns: [network] }, before)).toEqual([
      "~ link veth-web (veth) up: no → yes",
      "~ link veth-web (veth) master: none → br0",
    ]);
  });

  test("networks: a legacy chain is not the nftables chain of its name", () => {
    const chain = { family: "ip", table: "nat", chain: "POSTROUTING", policy: "accept" };
    const nft: Snapshot = { ...quiet, netns: [{ ...own, links: [lo], chains: [chain] }] };
    const legacy = { ...chain, legacy: true, policy: "drop" };
    const both: Snapshot = {
      ...quiet,
      netns: [{ ...own, links: [lo], chains: [chain, legacy] }],
    };
    expect(texts(both, nft)).toEqual(["+ chain legacy ip nat POSTROUTING"]);
  });

  test("networks: links, addresses, routes and rules, not their counters", () => {
    const address = { index: 2, address: "10.0.0.1/24", link: "veth0", scope: "global" };
    const route = { family: "ip", destination: "default", gateway: "10.0.0.2", link: "veth0" };
    const rule = { family: "ip", table: "nat", chain: "post", handle: 4, text: "masquerade" };
    const veth = { index: 2, name: "veth0", type: "veth", up: false };
    const filled = { ...own, addresses: [address], routes: [route], rules: [rule] };
    const after: Snapshot = {
      ...quiet,
      netns: [
        { ...filled, links: [lo, veth] },
        { ...own, own: false, netns: 11, name: "c1", links: [lo, { ...veth, index: 3 }] },
      ],
    };
    expect(texts(after)).toEqual([
      "+ link veth0 (veth)",
      "+ address 10.0.0.1/24 on veth0",
      "+ route default via 10.0.0.2 dev veth0",
      "+ rule nat post: masquerade",
      "+ network namespace c1",
      "+ link veth0 (veth) in c1",
    ]);
    const counted: Snapshot = {
      ...quiet,
      netns: [{ ...filled, links: [lo, { ...veth, up: true }], rules: [{ ...rule, packets: 9 }] }],
    };
    expect(texts(counted, after)).toEqual([
      "~ link veth0 (veth) up: no → yes",
      "- network namespace c1",
    ]);
  });

  test("what is too much is counted", () => {
    const groups = Array.from({ length: CHANGE_LIMIT + 5 }, (_, index) => ({
      hierarchy: "",
      path: `/g${index}`,
      files: {},
    }));
    const after = {
      ...quiet,
      cgroups: [...quiet.cgroups, ...groups],
      cut: [{ what: "mounts", left: 2 }],
    };
    const { changes, more } = diffSnapshots(quiet, after);
    expect([changes.length, more]).toEqual([CHANGE_LIMIT, 7]);
  });

  test("survives a recording, and one that is no difference does not", () => {
    const { changes, more } = diffSnapshots(quiet, { ...quiet, cgroups: [] });
    const event = { kind: "step.changes", t: 5, step: "a", changes, more } as const;
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
    expect(decodeEvent('{"kind":"step.changes","t":5,"step":"a","changes":[7],"more":0}')).toBe(
      null,
    );
  });
});
