import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createWatchReader, type WatchReader } from "../../src/sources/watch-reader.ts";
import type { Event } from "../../src/timeline/event.ts";
import { hasEventShape } from "../../src/timeline/event-shape.ts";

/** Printed in a lab: by containerd 1.6 and Docker 20.10 of Debian 12, 2.1 and 28.5 of Debian forky. */
function readFixture(name: string): Event[] {
  const text = readFileSync(new URL(`../../fixtures/daemons/${name}`, import.meta.url), "utf8");
  return readText(text);
}

const NOON = Date.parse("2026-11-22T12:00:00Z") * 1e6;

/** The session began at noon; it is now `now` nanoseconds later. */
function createReader(now = Number.POSITIVE_INFINITY): WatchReader {
  return createWatchReader({ run: 4, fromRealtime: (realtime) => realtime - NOON, now: () => now });
}

function readText(text: string, now = 3600e9): Event[] {
  const reader = createReader(now);
  return [...reader.push({ stream: "out", text }), ...reader.end()];
}

const of = <K extends Event["kind"]>(events: readonly Event[], kind: K) =>
  events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);

describe("ctr events", () => {
  test("of a container that says hello, one that is stopped, and an exec", () => {
    const events = readFixture("ctr-events-1.6.txt");
    const told = of(events, "containerd.event");
    expect(told.length).toBe(events.length);
    for (const event of events) expect(hasEventShape(event)).toBe(true);
    const [first, ...others] = told;
    expect(first).toMatchObject({ topic: "/containers/create", namespace: "moby" });
    expect(first?.fields.runtime).toMatchObject({ name: "io.containerd.runc.v2" });
    const brief = others.map(({ topic, labPid, exit }) => [topic, labPid, exit]);
    expect(brief.slice(0, 5)).toEqual([
      ["/tasks/create", 200, undefined],
      ["/tasks/start", 200, undefined],
      ["/tasks/exit", 200, 0],
      ["/tasks/delete", 200, 0],
      ["/containers/delete", undefined, undefined],
    ]);
    expect(new Set(told.map(({ container }) => container)).size).toBe(2);
    const exec = told.filter((event) => event.exec !== undefined);
    expect(exec.map(({ topic }) => topic)).toEqual([
      "/tasks/exec-added",
      "/tasks/exec-started",
      "/tasks/exit",
    ]);
    expect(told.findLast(({ topic }) => topic === "/tasks/exit")?.exit).toBe(137);
  });

  test("of containerd 2.1: the same topics, with a pause, and an exec that ran out of memory", () => {
    const told = of(readFixture("ctr-events-2.1.txt"), "containerd.event");
    expect(told).toHaveLength(21);
    for (const event of told) expect(hasEventShape(event)).toBe(true);
    const of2 = told.filter(({ container }) => container === told.at(-1)?.container);
    expect(of2.map(({ topic, labPid, exit }) => [topic, labPid, exit])).toEqual([
      ["/containers/create", undefined, undefined],
      ["/tasks/create", 373, undefined],
      ["/tasks/start", 373, undefined],
      ["/tasks/exec-added", undefined, undefined],
      ["/tasks/exec-started", 430, undefined],
      ["/tasks/exit", 430, 5],
      ["/tasks/paused", undefined, undefined],
      ["/tasks/resumed", undefined, undefined],
      ["/tasks/exec-added", undefined, undefined],
      ["/tasks/exec-started", 496, undefined],
      ["/tasks/oom", undefined, undefined],
      ["/tasks/exit", 496, 137],
      ["/tasks/exit", 373, 137],
      ["/tasks/delete", 373, 137],
      ["/containers/delete", undefined, undefined],
    ]);
  });

  test("other spellings: camel case, a zone, a fraction without its zeros, nerdctl", () => {
    const lines = [
      '2025-03-01 10:00:00.5 +0100 CET default /tasks/exit {"containerId":"web","id":"web","pid":7,"exitStatus":3}',
      '{"Timestamp":"2025-03-01T09:00:00.25Z","ID":"","Namespace":"k8s.io","Topic":"/tasks/oom","Status":"OOM","Event":"{\\"container_id\\":\\"web\\"}"}',
    ];
    const at = (time: string) => Date.parse(time) * 1e6 - NOON;
    const [exit, oom] = readText(lines.join("\n"), at("2025-03-01T09:00:01Z"));
    expect(exit).toMatchObject({
      t: at("2025-03-01T09:00:00.5Z"),
      labPid: 7,
      exit: 3,
      container: "web",
    });
    expect(exit).not.toHaveProperty("exec");
    expect(oom).toMatchObject({
      t: at("2025-03-01T09:00:00.25Z"),
      topic: "/tasks/oom",
      namespace: "k8s.io",
    });
  });
});

describe("docker events", () => {
  test("of the same containers", () => {
    const events = of(readFixture("docker-events-20.10.ndjson"), "docker.event");
    const brief = events.map(
      ({ type, action, attributes }) => `${type} ${action} ${attributes.name}`,
    );
    expect(brief.slice(0, 8)).toEqual([
      "container create demo",
      "container attach demo",
      "network connect bridge",
      "container start demo",
      "container die demo",
      "network disconnect bridge",
      "container destroy demo",
      "container create web",
    ]);
    expect(events.find(({ action }) => action === "die")?.attributes.exitCode).toBe("0");
    expect(brief).toContain("container exec_start: echo hi web");
    for (const event of events) expect(hasEventShape(event)).toBe(true);
  });

  test("of Docker 28.5, which says so when the network goes before the container dies", () => {
    const events = of(readFixture("docker-events-28.ndjson"), "docker.event");
    for (const event of events) expect(hasEventShape(event)).toBe(true);
    const brief = events.map(({ action, attributes }) => `${action} ${attributes.name}`);
    expect(brief.slice(0, 7)).toEqual([
      ...["create demo", "attach demo", "connect bridge", "start demo"],
      ...["disconnect bridge", "die demo", "destroy demo"],
    ]);
    const web = events.filter(
      ({ type, attributes }) => type === "container" && attributes.name === "web",
    );
    expect(web.map(({ action }) => action.split(":")[0])).toEqual([
      ...["create", "start", "exec_create", "exec_start", "exec_die", "pause", "unpause", "update"],
      ...["exec_create", "exec_start", "oom", "exec_die", "kill", "kill", "die", "stop", "destroy"],
    ]);
    expect(web.find(({ action }) => action === "die")?.attributes.exitCode).toBe("137");
  });

  test("as podman spells them, and as later versions may without the old fields", () => {
    const [podman, docker] = readText(
      [
        '{"ID":"4f53","Image":"localhost/bb","Name":"web","Status":"died","Time":"2026-11-22T12:00:01.5Z","Type":"container","ContainerExitCode":3,"Attributes":{"a":"b"}}',
        '{"Type":"container","Action":"start","Actor":{"ID":"4f53","Attributes":{"image":"bb","name":"web"}},"scope":"local","time":1795348801,"timeNano":1795348801500000000}',
      ].join("\n"),
    );
    const attributes = { name: "web", image: "localhost/bb", exitCode: "3", a: "b" };
    expect(podman).toMatchObject({
      kind: "docker.event",
      action: "died",
      actor: "4f53",
      attributes,
    });
    expect(docker).toMatchObject({ kind: "docker.event", action: "start", actor: "4f53" });
  });
});

describe("dockerd's log", () => {
  test("in logfmt", () => {
    const events = readFixture("dockerd-20.10.log");
    const told = of(events, "dockerd.log");
    expect(told.length).toBe(events.length);
    expect(told[0]).toMatchObject({ level: "info", message: "Starting up", fields: {} });
    expect(told.map(({ message }) => message)).toContain(
      "Calling POST /v1.41/containers/create?name=demo",
    );
    const event = told.find(({ fields }) => fields.topic !== undefined);
    expect(event?.fields).toMatchObject({ topic: "/containers/create", ns: "moby" });
    // Two daemons write into one log, each in its own order.
    expect(told.every(({ t }) => t > 0)).toBe(true);
  });

  test("of Docker 28.5 and containerd 2.1, where fields say what sentences said before", () => {
    const events = readFixture("dockerd-28.log");
    const told = of(events, "dockerd.log");
    expect(told.length).toBe(events.length);
    const post = told.find(({ message }) => message === "handling POST request");
    expect(post?.fields).toMatchObject({
      ...{ method: "POST", "request-url": "/v1.51/images/create?fromSrc=-&repo=bb" },
    });
    expect(told.find(({ message }) => message === "failed to load plugin")?.fields).toMatchObject({
      error: "mkdir /opt/containerd: read-only file system",
    });
    expect(told.find(({ message }) => message === "event")?.fields.topic).toBe("/tasks/create");
  });

  test("in JSON, with Go's escapes, with a field that is no text", () => {
    const [json, escaped] = readText(
      '{"level":"warning","msg":"low","time":"2026-11-22T12:00:01.000000001Z","n":3}\n' +
        'time="2026-11-22T12:00:01.5Z" level=error msg="a \\x1b[31m\\"b\\" \\u00fc" error="x=y z" d=113µs\n',
    );
    expect(json).toMatchObject({ level: "warning", message: "low", fields: { n: "3" } });
    expect(escaped).toMatchObject({
      level: "error",
      message: 'a \u001b[31m"b" ü',
      fields: { error: "x=y z", d: "113µs" },
    });
  });
});

describe("strace's lines", () => {
  const file = new URL("../../lessons/blackbox-2013/docker-0.5.3.strace", import.meta.url);
  const events = readText(readFileSync(file, "utf8"), 7e9);

  test("of another time keep their pauses, begin now and say whose they are", () => {
    const [comment, ...others] = events;
    expect(comment).toMatchObject({ kind: "watch.line", text: "# 2013" });
    expect(comment).not.toHaveProperty("origin");
    expect(new Set(others.map(({ origin }) => origin))).toEqual(new Set(["2013"]));
    for (const event of others) expect(hasEventShape(event)).toBe(true);
    const calls = others.filter((event) => event.kind === "syscall");
    expect(calls[0]).toMatchObject({ name: "execve", t: 7e9, labPid: 1782 });
    const hello = calls.find(({ args }) => args[1] === '"hello world\\n"');
    // 10:45:58.022405 and 10:45:58.463570.
    expect(hello?.t).toBeCloseTo(7e9 + 0.441165e9, -3);
  });

  test("are exchanges too, though threads are not told and descriptors have no names", () => {
    const exchanges = events.filter((event) => event.kind === "exchange");
    expect(exchanges.map(({ path, status, upgrade }) => [path, status, upgrade])).toEqual([
      ["/v1.4/containers/create", 201, undefined],
      ["/v1.4/containers/6b4b8793687d/start", 204, undefined],
      ["/v1.4/containers/6b4b8793687d/attach", 200, "raw-stream"],
    ]);
    expect(new Set(exchanges.map(({ connection }) => connection)).size).toBe(3);
    const stream = events.find((event) => event.kind === "exchange.stream");
    expect(stream).toMatchObject({ text: "hello world\n", labPid: 1786, direction: "in" });
    expect(stream).toMatchObject({ connection: exchanges.at(-1)?.connection });
  });

  test("of now are where their own clock says", () => {
    const line = `7 ${NOON / 1e9 + 3600 - 1}.500000 write(1</dev/null>, "x", 1) = 1\n`;
    const [event] = readText(line, 3600e9);
    expect(event).toMatchObject({ kind: "syscall", t: 3599.5e9, labPid: 7 });
    expect(event).not.toHaveProperty("origin");
  });

  test("without a time they might be anything", () => {
    expect(readText("write(1, 2) = 3")).toMatchObject([{ kind: "watch.line" }]);
  });
});

describe("what is none of these", () => {
  test.each([
    "Failed to start: no such file",
    "level=info",
    'time="x" level=info msg="open',
    "{",
    '{"a":1}',
    "2026-11-22 12:19:16 +0000 UTC moby /tasks/start {broken",
    "[1,2]",
  ])("%s is kept as text", (line) => {
    expect(readText(line)).toEqual([
      { kind: "watch.line", t: 3600e9, run: 4, stream: "out", text: line },
    ]);
  });

  test("nothing throws and nothing is lost, however the bytes are cut", () => {
    const fixture = readFileSync(
      new URL("../../fixtures/daemons/ctr-events-1.6.txt", import.meta.url),
    );
    const whole = Buffer.concat([Buffer.from("größer\n"), fixture]);
    const expected = readText(whole.toString());
    for (const size of [1, 7, 1000]) {
      const reader = createReader(3600e9);
      const events: Event[] = [];
      for (let at = 0; at < whole.length; at += size) {
        const base64 = whole.subarray(at, at + size).toString("base64");
        events.push(...reader.push({ stream: "out", base64 }));
      }
      expect([...events, ...reader.end()]).toEqual(expected);
    }
  });

  test("both streams have lines of their own, and one without end is cut", () => {
    const reader = createReader(1);
    expect(reader.push({ stream: "out", text: "a" })).toEqual([]);
    expect(reader.push({ stream: "err", text: "b\n" })).toMatchObject([
      { stream: "err", text: "b" },
    ]);
    expect(reader.push({ stream: "out", text: "x".repeat(2 << 20) })).toHaveLength(1);
    expect(reader.end()).toEqual([]);
  });
});

test("a line's own time is its place, unless it is of the future or of long ago", () => {
  const line = (time: string) => `time="2026-11-22T12:00:${time}Z" level=info msg=m\n`;
  const t = (time: string) => readText(line(time), 10e9)[0]?.t;
  expect(t("09.5")).toBe(9.5e9);
  expect(t("10.5")).toBe(10e9);
  expect(t("04.5")).toBe(10e9);
  expect(t("09")).toBe(10e9);
});
