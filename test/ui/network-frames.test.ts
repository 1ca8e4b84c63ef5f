import { describe, expect, test } from "vitest";
import { textOf, widthOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";
import {
  endEvents,
  networkLab,
  networkLesson,
  publishEvents,
  wireEvents,
} from "./sample-network.ts";
import { timed } from "./sample-session.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

function before(options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: networkLesson() }).grow(networkLab());
}

function wired(options: StageOptions = {}): Stage {
  return before(options)
    .send({ kind: "asked", action: "proceed", at: 1000 })
    .grow(wireEvents())
    .send({ kind: "ran", step: "wire", failedChecks: 0, at: 2000 });
}

function published(options: StageOptions = {}): Stage {
  return wired(options)
    .send({ kind: "asked", action: "proceed", at: 5000 })
    .send({ kind: "asked", action: "proceed", at: 10_000 })
    .grow(publishEvents())
    .send({ kind: "ran", step: "publish", failedChecks: 0, at: 12_000 });
}

const ended = (options: StageOptions = {}): Stage => published(options).grow(endEvents());

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame network-before-${name}`, () => expectFrame(`network-before-${name}`, before(size)));
  test(`frame network-wired-${name}`, () => expectFrame(`network-wired-${name}`, wired(size)));
  test(`frame network-published-${name}`, () =>
    expectFrame(`network-published-${name}`, published(size)));
  test(`frame network-zoomed-${name}`, () => {
    const stage = published(size).send(
      { kind: "digit", digit: "1" },
      { kind: "asked", action: "zoom", at: 0 },
    );
    expectFrame(`network-zoomed-${name}`, stage);
  });
}

const NARROW = 76;
const WIDE = 113;

function shown(stage: Stage, width: number): string[] {
  const { network } = stage.panes;
  const view = stage.view();
  return network.lines(view, width, 0, network.count(view, width)).map(textOf);
}

function rowOf(stage: Stage, text: string, width = NARROW): string {
  return shown(stage, width).find((line) => line.includes(text)) ?? `nothing with ${text}`;
}

describe("the map", () => {
  test("a cable joins what is at its two ends, also where only one of them was told of it", () => {
    expect(rowOf(wired(), "veth-web")).toMatch(
      /veth-web ─+ web: eth0 172\.18\.0\.2\/16, via 172\.18\.0\.1$/,
    );
    expect(rowOf(wired(), "veth3f1c2a9")).toMatch(/veth3f1c2a9 no carrier ─+ nginx \(40\): eth0/);
  });

  test("boxes tell the same as the tree: every namespace once, at the end of its cable", () => {
    const lines = shown(wired(), WIDE);
    for (const name of ["lab", "web", "nginx (40)", "internet", "empty"])
      expect(
        lines.filter((line) => line.includes(`─ ${name} `) || line.includes(`+ ${name} `)),
      ).toHaveLength(1);
    const cable = lines.find((line) => line.includes("veth-web")) ?? "";
    expect(cable).toMatch(/veth-web ─+┼─+┤\+ eth0 172\.18\.0\.2\/16/);
    expect(new Set(lines.map(widthOf)).size).toBeLessThan(4);
  });

  test("what every link has by itself is not shown", () => {
    const text = shown(published(), WIDE).join("\n");
    expect(text).not.toMatch(/fe80|igmp|224\.0\.0|172\.18\.0\.0\/16 dev/);
  });

  test("new things are marked in their step, and no longer in the next", () => {
    expect(rowOf(wired(), "veth-web")).toMatch(/^\+ /);
    expect(rowOf(published(), "veth-web")).toMatch(/^ {2}/);
    expect(rowOf(ended(), "wan0")).toMatch(/^~ .*wan0 .*down/);
  });

  test("what is gone is named, a namespace without what was in it", () => {
    expect(shown(ended(), NARROW).filter((line) => line.startsWith("- "))).toEqual([
      "- namespace web is gone",
      "- link veth-web is gone",
      '- rule DOCKER: iifname != "br0" meta l4proto tcp tcp dport 8080 dnat to 172…',
    ]);
    expect(shown(wired(), NARROW).join("\n")).not.toContain("gone");
  });

  test("the direction of this step's packets is on the cables they took", () => {
    const way = (name: string): string => /[◂▸]+/.exec(rowOf(published(), name))?.[0] ?? "none";
    expect(way("wan0")).toBe("◂▸");
    expect(way("veth-web")).toBe("▸");
    expect(way("veth3f1c2a9")).toBe("◂");
    expect(/[◂▸]+/.exec(rowOf(ended(), "wan0"))?.[0]).toBeUndefined();
  });
});

describe("connections and rules", () => {
  test("a connection with what NAT made of it, and the way of the answer", () => {
    const lines = shown(published(), NARROW);
    const at = lines.findIndex((line) => line.includes("8080  ⇒"));
    expect(lines[at]).toBe(
      "  tcp 203.0.113.1:40122 ▸ 203.0.113.10:8080  ⇒ to 172.18.0.2:80  ESTABLISHED",
    );
    expect(lines[at + 1]).toBe("  ↩  172.18.0.2:80 ▸ 203.0.113.1:40122");
    // web's own namespace tracks it too, as what DNAT has made of it: that is no second one.
    expect(lines.filter((line) => line.includes("40122"))).toHaveLength(2);
    expect(rowOf(published(), "icmp")).toMatch(/⇒ as 203\.0\.113\.10 {2}no answer yet$/);
    expect(shown(ended(), NARROW).join("\n")).not.toContain("connections of this step");
  });

  test("where a line has no room for what NAT wrote, it has one of its own", () => {
    const lines = shown(published(), 60);
    const at = lines.findIndex((line) => line.includes("203.0.113.10:8080"));
    expect(lines.slice(at, at + 3).map((line) => line.trim())).toEqual([
      "tcp 203.0.113.1:40122 ▸ 203.0.113.10:8080  ESTABLISHED",
      "⇒ to 172.18.0.2:80",
      "↩  172.18.0.2:80 ▸ 203.0.113.1:40122",
    ]);
  });

  test("a protocol is named by its number where it has no name", () => {
    const gre = {
      ...{ kind: "conntrack.new" as const, connection: 11, protocol: "47", status: ["src-nat"] },
      original: { src: "172.18.0.2", dst: "203.0.113.1" },
      reply: { src: "203.0.113.1", dst: "203.0.113.10" },
    };
    expect(rowOf(published().grow(timed([gre], 9e9)), " 47 ")).toMatch(/⇒ as 203\.0\.113\.10/);
  });

  test("what a rule has counted in this step stands beside its sum", () => {
    expect(rowOf(published(), "jump DOCKER")).toMatch(/^\+ .* ▲3 +3$/);
    expect(rowOf(ended(), "jump DOCKER")).toMatch(/^ {2}.* ▲1 +4$/);
  });

  test("chains stand in the order in which a packet comes by them", () => {
    const chains = shown(published(), WIDE).flatMap(
      (line) => /^ {2}(?:\w+: )?(?:legacy )?ip (\S+ \S+)/.exec(line)?.[1] ?? [],
    );
    expect(chains).toEqual([
      "nat PREROUTING",
      "nat DOCKER",
      "filter FORWARD",
      "nat POSTROUTING",
      "filter INPUT",
    ]);
    expect(rowOf(published(), "filter FORWARD")).toMatch(/at forward, else drop$/);
    expect(rowOf(published(), "filter INPUT")).toMatch(/^ {2}web: legacy ip filter INPUT/);
  });

  test("short of room the protocol is said once", () => {
    const rule = 'iifname != "br0" tcp dport 8080 dnat to 172.18.0.2:80';
    expect(rowOf(published(), "dnat to")).toContain(`${rule}  `);
    expect(rowOf(published(), "dnat to", WIDE)).toContain("meta l4proto tcp tcp dport");
  });

  test("in the narrow form what moved stands before all rules", () => {
    const lines = shown(published(), NARROW);
    const [moved, all] = ["rules that this step has made", "all rules, in the order"].map((title) =>
      lines.findIndex((line) => line.startsWith(title)),
    );
    expect(moved).toBeGreaterThan(0);
    expect(lines.slice(moved, all).join("\n")).not.toContain("filter FORWARD");
    expect(lines.slice(all).join("\n")).toContain("filter FORWARD");
    expect(shown(wired(), NARROW).join("\n")).not.toContain("rules that this step");
    expect(shown(published(), WIDE).join("\n")).not.toContain("rules that this step");
  });

  test("a chain that jumps to itself, or through thousands, ends", () => {
    const at = { family: "ip", table: "loop" } as const;
    const chains = Array.from({ length: 3000 }, (_, index) => [
      { kind: "chain.add" as const, ...at, chain: `c${index}` },
      {
        ...{ kind: "rule.add" as const, ...at, chain: `c${index}`, handle: index + 1 },
        text: `jump c${(index + 1) % 3000}`,
      },
    ]).flat();
    const lines = shown(wired().grow(timed(chains, 9e9)), WIDE);
    expect(lines.filter((line) => line.includes("ip loop c1 "))).toHaveLength(0);
    expect(lines.filter((line) => line.endsWith("ip loop c1"))).toHaveLength(1);
  });

  test("a firewall of thousands is counted, not drawn", () => {
    const at = { family: "ip", table: "big", chain: "all" } as const;
    const rules = Array.from({ length: 5000 }, (_, index) => ({
      ...{ kind: "rule.add" as const, ...at, handle: index + 1, last: true },
      text: `tcp dport ${index} drop`,
    }));
    const lines = shown(published().grow(timed(rules, 9e9)), NARROW);
    expect(lines.length).toBeLessThan(700);
    expect(lines.at(-1)).toMatch(/… and 47\d\d more rules$/);
  });
});

test("what the step has done is in sight first: new things, else its connections", () => {
  const first = (stage: Stage): string => {
    const at = stage.panes.network.anchor?.(stage.view(), NARROW) ?? -1;
    return shown(stage, NARROW)[at + 1] ?? "nothing";
  };
  expect(first(wired())).toMatch(/^\+ ├─ br-控制/);
  expect(first(published())).toBe("connections of this step");
  expect(first(ended())).toMatch(/^~ .*wan0/);
});

test("looking back shows the map of that moment", () => {
  const stage = published();
  const after = shown(stage, NARROW);
  stage.send({ kind: "asked", action: "back", at: 0 });
  expect(shown(stage, NARROW).join("\n")).not.toContain("masquerade");
  expect(rowOf(stage, "veth-web")).toMatch(/^\+ /);
  stage.send({ kind: "asked", action: "forward", at: 0 });
  expect(shown(stage, NARROW)).toEqual(after);
});
