import type { Lesson, Step } from "../../src/lesson/lesson.ts";
import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { LinkAdd } from "../../src/timeline/event-network.ts";
import { timed } from "./sample-session.ts";

/** A lesson about networks, in which the map comes first. */
export function networkLesson(): SelectedLesson {
  const lesson: Lesson = {
    ...{ format: 1, id: "networks", title: "Networks by hand", summary: "Cable by cable" },
    ...{ minutes: 10, needs: ["linux"], intro: "", trace: ["setns"], strings: 256 },
    panes: ["network", "output", "events"],
    steps: [
      step("wire", "Two containers on a bridge", "ip link add br0 type bridge"),
      step("publish", "A port for everybody", "iptables -t nat -A DOCKER …"),
      step("end", "One container ends", "kill 20"),
    ],
    file: "lessons/networks/lesson.md",
  };
  return selectVariant(lesson, "v1");
}

function step(id: string, title: string, script: string): Step {
  const placed = { variant: null, line: 1 } as const;
  return {
    ...{ id, title, needs: [], panes: null, trace: null },
    parts: [
      { kind: "prose", ...placed, markdown: "A **bridge** is a switch." },
      { kind: "run", ...placed, script },
    ],
  };
}

const INIT = 4242;
export const WEB = 4026532310;
export const DOCKERS = 4026532320;
export const OUTSIDE = 4026532330;

type Link = Omit<LinkAdd, "t">;

function link(index: number, name: string, rest: Partial<Link> = {}): Link {
  return { kind: "link.add", index, name, up: true, ...rest };
}

function veth(index: number, name: string, peer: Link["peer"], rest: Partial<Link> = {}): Link {
  return link(index, name, { type: "veth", ...(peer === undefined ? {} : { peer }), ...rest });
}

function inside(netns: number, near: number, address: string, gateway: string | null) {
  const eth0 = veth(2, "eth0", { index: near }, { netns });
  const at = { kind: "address.add", netns, index: 2, link: "eth0" } as const;
  const route = { kind: "route.add", netns, family: "ip", index: 2, link: "eth0" } as const;
  return [
    eth0,
    { ...at, address },
    { ...at, address: "fe80::1/64" },
    { ...route, destination: "172.18.0.0/16" },
    ...(gateway === null ? [] : [{ ...route, destination: "default", gateway } as const]),
  ];
}

export function networkLab(): Event[] {
  return timed([
    {
      kind: "session.start",
      ...{ format: 1, tool: "0.1.0", lesson: "networks", startedAt: "2026-11-22T06:00:00.000Z" },
      host: { os: "Debian 12", kernel: "6.18.0", arch: "x64", cgroup: "v1", strace: "6.1" },
    },
    {
      kind: "lab.ready",
      ...{ lab: "lab-1", pid: INIT, namespaces: { net: 4026532005 }, hierarchies: [], lacks: [] },
    },
    link(1, "lo", { type: "loopback" }),
  ]);
}

/** `web` by name, a container of Docker's by its process, and one that nobody has wired yet. */
export function wireEvents(): Event[] {
  const bridge = { index: 2, name: "br-控制" };
  return timed(
    [
      { kind: "step.start", step: "wire" },
      { kind: "netns.add", netns: WEB, name: "web" },
      link(1, "lo", { netns: WEB, up: false, type: "loopback" }),
      { kind: "address.add", netns: WEB, index: 1, link: "lo", address: "127.0.0.1/8" },
      link(2, bridge.name, { type: "bridge" }),
      { kind: "address.add", index: 2, link: bridge.name, address: "172.18.0.1/16" },
      veth(3, "veth-web", { netns: WEB, index: 2 }, { master: bridge }),
      ...inside(WEB, 3, "172.18.0.2/16", "172.18.0.1"),
      { kind: "process.fork", pid: 4400, ppid: INIT, labPid: 40 },
      { kind: "process.exec", pid: 4400, labPid: 40, comm: "nginx", namespaces: { net: DOCKERS } },
      { kind: "netns.add", netns: DOCKERS, name: "0123456789ab" },
      // Told before its other end was known.
      veth(4, "veth3f1c2a9", undefined, { master: bridge, operstate: "lowerlayerdown" }),
      ...inside(DOCKERS, 4, "172.18.0.3/16", "172.18.0.1"),
      { kind: "netns.add", netns: OUTSIDE, name: "internet" },
      veth(5, "wan0", { netns: OUTSIDE, index: 2 }),
      { kind: "address.add", index: 5, link: "wan0", address: "203.0.113.10/24" },
      ...inside(OUTSIDE, 5, "203.0.113.1/24", null),
      { kind: "netns.add", netns: 4026532340, name: "empty" },
      { kind: "step.end", step: "wire" },
    ],
    2e9,
  );
}

const NAT = { family: "ip", table: "nat" } as const;
const FILTER = { family: "ip", table: "filter" } as const;

/** NAT, a policy, a legacy rule; one request comes in by DNAT, one goes out unanswered. */
export function publishEvents(): Event[] {
  const dnat = 'iifname != "br0" meta l4proto tcp tcp dport 8080 dnat to 172.18.0.2:80';
  const original = { src: "203.0.113.1", sport: 40122, dst: "203.0.113.10", dport: 8080 };
  const reply = { src: "172.18.0.2", sport: 80, dst: "203.0.113.1", dport: 40122 };
  const request = { connection: 7, protocol: "tcp", original, reply } as const;
  return timed(
    [
      { kind: "step.start", step: "publish" },
      { kind: "chain.add", ...NAT, chain: "POSTROUTING", hook: "postrouting", policy: "accept" },
      {
        kind: "rule.add",
        ...NAT,
        chain: "POSTROUTING",
        handle: 3,
        text: "ip saddr 172.18.0.0/16 masquerade",
      },
      { kind: "chain.add", ...NAT, chain: "DOCKER" },
      { kind: "rule.add", ...NAT, chain: "DOCKER", handle: 5, text: dnat },
      { kind: "chain.add", ...NAT, chain: "PREROUTING", hook: "prerouting", policy: "accept" },
      {
        kind: "rule.add",
        ...NAT,
        chain: "PREROUTING",
        handle: 6,
        text: "fib daddr type local jump DOCKER",
      },
      { kind: "chain.add", ...FILTER, chain: "INPUT", hook: "input", policy: "accept" },
      { kind: "chain.add", ...FILTER, chain: "FORWARD", hook: "forward", policy: "drop" },
      { kind: "chain.add", ...FILTER, legacy: true, netns: WEB, chain: "INPUT", hook: "input" },
      {
        kind: "rule.add",
        ...FILTER,
        legacy: true,
        netns: WEB,
        chain: "INPUT",
        handle: 9,
        text: "tcp dport 9 drop",
      },
      { kind: "conntrack.new", ...request, status: [], state: "SYN_SENT" },
      {
        kind: "conntrack.update",
        ...request,
        status: ["seen-reply", "dst-nat"],
        state: "ESTABLISHED",
      },
      {
        kind: "conntrack.new",
        netns: WEB,
        ...request,
        original: { ...original, dst: "172.18.0.2", dport: 80 },
        status: ["seen-reply"],
      },
      {
        kind: "conntrack.new",
        connection: 8,
        protocol: "icmp",
        original: { src: "172.18.0.3", dst: "203.0.113.1" },
        reply: { src: "203.0.113.1", dst: "203.0.113.10" },
        status: ["src-nat"],
      },
      {
        kind: "conntrack.new",
        connection: 9,
        protocol: "igmp",
        original: { src: "172.18.0.1", dst: "224.0.0.22" },
        reply: { src: "224.0.0.22", dst: "172.18.0.1" },
        status: [],
      },
      // The lab's own to itself: not web's, though web has that address too.
      {
        kind: "conntrack.new",
        ...{ connection: 10, protocol: "udp", status: ["seen-reply"] },
        original: { src: "127.0.0.1", sport: 40000, dst: "127.0.0.1", dport: 53 },
        reply: { src: "127.0.0.1", sport: 53, dst: "127.0.0.1", dport: 40000 },
      },
      { kind: "rule.count", ...NAT, chain: "PREROUTING", handle: 6, packets: 3, bytes: 180 },
      { kind: "rule.count", ...NAT, chain: "DOCKER", handle: 5, packets: 3, bytes: 180 },
      { kind: "step.end", step: "publish" },
    ],
    5e9,
  );
}

/** web is gone, with what was in it; the rule that led there too, and another counts on. */
export function endEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "end" },
      { kind: "netns.remove", netns: WEB, name: "web" },
      { kind: "link.remove", index: 3, name: "veth-web" },
      { kind: "rule.remove", ...NAT, chain: "DOCKER", handle: 5 },
      { kind: "rule.count", ...NAT, chain: "PREROUTING", handle: 6, packets: 4, bytes: 240 },
      { ...veth(5, "wan0", { netns: OUTSIDE, index: 2 }), up: false },
      { kind: "step.end", step: "end" },
    ],
    8e9,
  );
}
