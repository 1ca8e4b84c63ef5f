import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { daemonText, isDaemonOfInterest } from "../../src/ui/panes/events/event-line-daemon.ts";
import { createFlowReader } from "../../src/ui/panes/flow/flow-arrows.ts";
import { textOf } from "../../src/ui/text.ts";
import { createStage, type Stage } from "./render-frame.tsx";
import { dockerLesson } from "./sample-docker.ts";

/**
 * Docker 28.5 with containerd 2.1 and runc 1.3 in the lesson docker-run: who does what in the step
 * "requests", and the network in it, before it and in "dns".
 */
function events28(): Event[] {
  const file = new URL("../../fixtures/daemons/docker-28.ndjson", import.meta.url);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

const events = events28();

describe("the flow of docker run, Docker 28", () => {
  const until = events.findIndex((event) => event.kind === "step.end" && event.step === "requests");
  const { arrows } = createFlowReader().read(events, until);
  const lines = arrows.map(({ from, to, label }) => `${from} ${to} ${label}`);

  test("dockerd makes the network between create and start, and no hook does", () => {
    const order = [
      "client daemon HEAD /_ping",
      "client daemon POST /containers/create",
      "client daemon POST /containers/…/attach",
      "client daemon POST /containers/…/wait",
      "client daemon POST /containers/…/start",
      "containerd daemon /containers/create",
      "containerd shim containerd-shim-runc-v2 start",
      "shim runtime runc create",
      "shim containerd /tasks/create pid 518",
      "daemon daemon runs iptables --wait -t raw -A PREROUTING -d 172.17.0.2 '!' -i docker0 -j DROP",
      "daemon daemon event: network connect bridge",
      "shim runtime runc start",
      "runtime container echo hello",
      "shim containerd /tasks/exit pid 518 exit 0",
      "containerd shim containerd-shim-runc-v2 delete",
      "client client exit 0 (docker)",
    ];
    expect(order.filter((line) => !lines.includes(line))).toEqual([]);
    const places = order.map((line) => lines.indexOf(line));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(lines.join("\n")).not.toContain("setkey");
  });

  test("a program that had ended before it was read is said to be one", () => {
    expect(lines).toContain("daemon daemon runs something too brief to be read");
    expect(lines.filter((line) => line.includes("?"))).toEqual([]);
  });
});

describe("the rules of Docker 28", () => {
  const stage = (): Stage => {
    const lesson = { ...dockerLesson(), panes: ["network", "output"] as const };
    return createStage({ columns: 200, rows: 90, lesson }).grow(events);
  };
  const rows = (): string[] => {
    const on = stage();
    const { network } = on.panes;
    const view = on.view();
    return network.lines(view, 160, 0, network.count(view, 160)).map(textOf);
  };

  test("are all said in words, in the order in which a packet meets them", () => {
    const shown = rows().map((row) =>
      row.replace(/^[\s+·]*/, "").replace(/\s+(?:▲\d+\s+)?\d+$/, ""),
    );
    expect(shown.filter((row) => /\bxt\b|match "|target "|unknown|0x/.test(row))).toEqual([]);
    const order = [
      "ip raw PREROUTING at prerouting, else accept",
      'ip daddr 172.18.0.2 iifname != "br-0a4d82451e2a" drop',
      "ip filter FORWARD at forward, else drop",
      "jump DOCKER-USER",
      "jump DOCKER-FORWARD",
      "ip filter DOCKER-FORWARD",
      "jump DOCKER-CT",
      "jump DOCKER-ISOLATION-STAGE-1",
      "jump DOCKER-BRIDGE",
      'iifname "br-0a4d82451e2a" accept',
      'oifname "br-0a4d82451e2a" ct state established,related accept',
    ];
    const from = shown.findIndex((row) => row.includes("in the order in which the kernel looks"));
    const all = shown.slice(from);
    expect(order.filter((row) => !all.includes(row))).toEqual([]);
    const places = order.map((row) => all.indexOf(row));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test("the pair is made with one end in the container, and renamed there", () => {
    const until = events.findIndex(
      (event) => event.kind === "step.end" && event.step === "requests",
    );
    const links = events
      .slice(0, until)
      .flatMap((event) => (event.kind === "link.add" && event.type === "veth" ? [event] : []));
    expect(links[0]).toMatchObject({ index: 2, netns: expect.any(Number) });
    const names = links.filter(({ netns, index }) => netns !== undefined && index === 2);
    expect([...new Set(names.map(({ name }) => name))]).toEqual([links[0]?.name, "eth0"]);
    expect(foldWorld(events).networks.size).toBeGreaterThan(0);
  });
});

describe("what containerd 2 and dockerd 28 say of themselves", () => {
  const log = (level: string, message: string, fields: Record<string, string>): Event => ({
    ...{ kind: "dockerd.log", t: 1, run: 1 },
    ...{ level, message, fields },
  });

  test("a plugin that is loaded is no news, in either spelling; one that is not says why", () => {
    const id = "io.containerd.content.v1.content";
    expect(isDaemonOfInterest(log("info", "loading plugin", { id }))).toBe(false);
    expect(isDaemonOfInterest(log("info", "skip loading plugin", { id }))).toBe(false);
    expect(isDaemonOfInterest(log("info", `loading plugin "${id}"...`, {}))).toBe(false);
    const failed = log("warning", "failed to load plugin", { error: "read-only", id });
    expect(isDaemonOfInterest(failed)).toBe(true);
    expect(daemonText(failed)).toBe(
      `dockerd warning: failed to load plugin id=${id} error=read-only`,
    );
  });

  test("what stands in the sentence already is not said twice", () => {
    const id = "0f8ff367bd8a02ab72d4b860d5de523a6b8551ed990c93647468d52dfb451145";
    expect(daemonText(log("info", `connecting to shim ${id}`, { id, address: "/run/s" }))).toBe(
      "dockerd info: connecting to shim 0f8ff367bd8a address=/run/s",
    );
  });
});
