import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { decodeRecording } from "../../src/timeline/recording.ts";
import { jsonLines } from "../../src/ui/panes/exchanges/json-lines.ts";
import { evidenceLines } from "../../src/ui/panes/flow/evidence.ts";
import { type Arrow, createFlowReader } from "../../src/ui/panes/flow/flow-arrows.ts";
import { type Lanes, layLanes } from "../../src/ui/panes/flow/flow-lanes.ts";
import { textOf } from "../../src/ui/text.ts";
import { dockerEvents } from "./sample-docker.ts";

function arrowsOf(step: string): Arrow[] {
  const events = dockerEvents();
  const mark = (kind: string) =>
    events.find((event) => event.kind === kind && "step" in event && event.step === step)?.t ?? 0;
  const { arrows } = createFlowReader().read(events, events.length);
  return arrows.filter(({ t }) => t >= mark("step.start") && t <= mark("step.end"));
}

const brief = ({ from, to, label }: Arrow): string => `${from} ${to} ${label}`;

describe("the flow of docker run", () => {
  test("is in the order of time, and says who does what", () => {
    const arrows = arrowsOf("run");
    expect(arrows.map(({ t }) => t)).toEqual(arrows.map(({ t }) => t).toSorted((a, b) => a - b));
    const wanted = [
      /^client client docker run --rm --name demo bb echo hello/,
      /^client daemon HEAD \/_ping$/,
      /^client daemon POST \/containers\/create$/,
      /^daemon client 201 for create, /,
      /^client daemon POST \/containers\/…\/start$/,
      /^containerd daemon \/containers\/create$/,
      /^containerd shim containerd-shim-runc-v2 start$/,
      /^shim runtime runc create$/,
      /^runtime runtime runc init$/,
      /^runtime runtime runs libnetwork-setkey /,
      /^runtime shim exit 0 \(runc\)$/,
      /^shim containerd \/tasks\/create pid \d+$/,
      /^shim runtime runc start$/,
      /^runtime container echo hello from the container$/,
      /^daemon client stdout, 25 bytes: hello from the container$/,
      /^container shim exit 0 \(echo\)$/,
      /^shim containerd \/tasks\/exit pid \d+ exit 0$/,
      /^shim runtime runc delete$/,
      /^daemon client wait: 30 bytes, /,
      /^client client exit 0 \(docker\)$/,
    ];
    const lines = arrows.map(brief);
    let from = 0;
    for (const form of wanted) {
      const at = lines.findIndex((line, index) => index >= from && form.test(line));
      expect(at, `${form} after ${lines[from - 1]}`).toBeGreaterThanOrEqual(0);
      from = form.source.includes("stdout") ? from : at + 1;
    }
  });

  test("a stop is a kill with 15, and one with 9 a second later", () => {
    const lines = arrowsOf("detached").map(brief);
    const kills = lines.filter((line) => line.startsWith("shim runtime runc kill"));
    expect(kills).toEqual(["shim runtime runc kill 15", "shim runtime runc kill 9"]);
    expect(lines).toContain("container shim ✗ killed by SIGKILL (sleep)");
    expect(lines).toContain(
      "daemon daemon runs docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
    );
  });

  test("other clients have the same lane, and a socket says whom they ask", () => {
    const lines = arrowsOf("others").map(brief);
    expect(lines).toContainEqual(
      expect.stringMatching(/^client containerd gRPC Containers\/ListStream$/),
    );
    expect(lines).toContain("client daemon GET /containers/json");
    expect(lines).toContainEqual(expect.stringMatching(/^shim containerd \/tasks\/oom$/));
  });

  test("requests of clients that nobody traces come from dockerd's log, others once", () => {
    const log = (t: number, message: string, fields = {}): Event => ({
      ...{ kind: "dockerd.log", t, run: 1, level: "debug", message, fields },
    });
    const asked = (t: number, began: number): Event => ({
      ...{ kind: "exchange", t, began, answered: t, run: 1, labPid: 2, fd: 3, connection: 1 },
      ...{ side: "client", method: "GET", path: "/v1.41/info", status: 200 },
      ...{ socket: "/var/run/docker.sock", request: { headers: [], bytes: 0 } },
    });
    const fields = { method: "POST", "request-url": "/v1.47/containers/create?name=x" };
    const events = [
      ...[
        log(1e6, "Calling GET /v1.41/containers/0123456789ab/json?x=1"),
        log(2e6, "Calling nobody"),
      ],
      log(3e6, "handling POST request", fields),
      // The log's line before the answer is known, and after.
      ...[log(5e6, "Calling GET /v1.41/info"), asked(9e6, 4e6)],
      ...[asked(900e6, 800e6), log(801e6, "Calling GET /v1.41/info")],
    ];
    const { arrows } = createFlowReader().read(events, events.length);
    expect(arrows.map((arrow) => [arrow.logged ?? false, brief(arrow)])).toEqual([
      [true, "client daemon GET /containers/…/json"],
      [true, "client daemon POST /containers/create"],
      [false, "client daemon GET /info"],
      [false, "daemon client 200 for info, 5.0 ms"],
      [false, "client daemon GET /info"],
      [false, "daemon client 200 for info, 100.0 ms"],
    ]);
  });

  test("what is of another time says so, and nobody plays a part for it", () => {
    const origin = "2013";
    const events: Event[] = [
      { kind: "process.exec", t: 1, pid: 2, argv: ["dockerd"], origin },
      {
        ...{
          kind: "exchange",
          t: 5,
          began: 2,
          answered: 3,
          run: 1,
          labPid: 2,
          fd: 3,
          connection: 1,
        },
        ...{ side: "client", method: "POST", path: "/v1.4/containers/6b4b8793687d/start", origin },
        ...{ status: 204, socket: "/var/run/docker.sock", request: { headers: [], bytes: 0 } },
      },
    ];
    const { arrows, actors } = createFlowReader().read(events, 2);
    expect(actors).toEqual([]);
    expect(arrows.map((arrow) => [arrow.origin, brief(arrow)])).toEqual([
      ["2013", "client daemon POST /containers/…/start"],
      ["2013", "daemon client 204 for start, 0.0 ms"],
    ]);
    const [first] = evidenceLines(events[1] as Event, { width: 80, since: 0, folded: true });
    expect(textOf(first ?? [])).toBe("from a trace of 2013: nothing of it happened in this lab");
  });

  test("the same at any cursor as when read in one go, and back again", () => {
    const events = dockerEvents();
    const step = createFlowReader();
    for (let cursor = 0; cursor <= events.length; cursor += 7) step.read(events, cursor);
    const whole = createFlowReader().read(events, events.length).arrows;
    expect(step.read(events, events.length).arrows).toEqual(whole);
    const half = createFlowReader().read(events, 300).arrows;
    expect(step.read(events, 300).arrows).toEqual(half);
  });

  test("a moment in the past is the same as when nothing more was known yet", () => {
    const file = new URL("../../fixtures/recordings/docker-run.v1.ndjson", import.meta.url);
    const { events } = decodeRecording(readFileSync(file, "utf8"));
    const all = createFlowReader();
    all.read(events, events.length);
    const growing = createFlowReader();
    for (let cursor = 1; cursor <= events.length; cursor += 61) {
      const then = growing.read(events, cursor);
      const now = all.read(events, cursor);
      expect(now.arrows.map(({ key }) => key)).toEqual(then.arrows.map(({ key }) => key));
      const [{ lives: _, ...lanes }, { lives: __, ...same }] = [now, then].map((flow) =>
        layLanes(flow, 120),
      ) as [Lanes, Lanes];
      expect(lanes).toEqual(same);
    }
  });

  test("lanes are who is there: podman, conmon and crun as well", () => {
    const fork = (pid: number, ppid: number): Event => ({
      kind: "process.fork",
      t: pid,
      pid,
      ppid,
    });
    const exec = (pid: number, argv: string[], own = {}): Event => ({
      ...{ kind: "process.exec", t: pid + 0.5, pid, argv, namespaces: own },
    });
    const events = [
      ...[fork(2, 1), exec(2, ["/usr/bin/podman", "run", "bb"])],
      ...[fork(3, 2), exec(3, ["/usr/bin/conmon", "--api-version", "1"])],
      ...[fork(4, 3), exec(4, ["/usr/bin/crun", "create", "web"])],
      ...[fork(5, 4), exec(5, ["sleep", "9"], { pid: 7 })],
    ];
    const flow = createFlowReader().read(events, events.length);
    expect(flow.arrows.map(brief)).toEqual([
      "client client podman run bb",
      "client shim conmon",
      "shim runtime crun create web",
      "runtime container sleep 9",
    ]);
    expect(layLanes(flow, 100).heads).toEqual(["podman", "conmon", "crun", "container"]);
    expect(layLanes({ arrows: [], actors: [] }, 100).heads).toEqual([]);
  });
});

describe("evidence", () => {
  const texts = (event: Event, folded = true): string[] =>
    evidenceLines(event, { width: 60, since: 0, folded }).map(textOf);

  test("a body that is streamed, one that is no JSON, one that was cut", () => {
    const message = { headers: [], bytes: 30 };
    const of = (text: string, more = {}): Event => ({
      ...{ kind: "exchange", t: 2e6, began: 1e6, run: 1, labPid: 2, fd: 3, connection: 1 },
      ...{ side: "client", method: "POST", path: "/images/create", status: 200 },
      ...{ request: { ...message, bytes: 0 }, response: { ...message, text, ...more } },
    });
    const streamed = texts(of('{"status":"a","x":null}\r\n{"status":"b"}\r\n'));
    expect(streamed).toContain('  "status": "a",');
    expect(streamed).toContain('  "status": "b"');
    expect(texts(of("{broken"))).toContain("{broken");
    expect(texts(of("…", { missing: 9, cut: true }))).toEqual(
      expect.arrayContaining([
        "9 of 30 bytes are not here",
        "the connection ended before the body did",
      ]),
    );
  });

  test("nothing is wider than it may be", () => {
    for (const event of dockerEvents())
      for (const folded of [true, false])
        for (const line of texts(event, folded)) expect(line.length).toBeLessThanOrEqual(60);
  });

  test("JSON folded and whole", () => {
    const value = { a: null, b: { c: 0, d: [] }, e: [1, { f: "x" }], g: "y" };
    expect(jsonLines(value, true).map(textOf)).toEqual([
      "{",
      '  "e": [',
      "    1,",
      "    {",
      '      "f": "x"',
      "    }",
      "  ],",
      '  "g": "y",',
      "  … 2 more: null, false, 0 or empty",
      "}",
    ]);
    expect(JSON.parse(jsonLines(value, false).map(textOf).join("\n"))).toEqual(value);
    expect(jsonLines([], true).map(textOf)).toEqual(["[]"]);
  });
});
