import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createExchangeReader, shortenSocketData } from "../../src/sources/exchanges.ts";
import { createTraceReader } from "../../src/sources/trace.ts";
import type { Event, Syscall } from "../../src/timeline/event.ts";
import type { Exchange, ExchangeEvent } from "../../src/timeline/event-exchange.ts";
import { hasEventShape } from "../../src/timeline/event-shape.ts";

/** Recorded with strace 6.1 -s 65536 on Docker 20.10's and containerd 1.6's clients in a lab. */
function readFixture(name: string): Event[] {
  const file = new URL(`../../fixtures/strace/${name}.strace`, import.meta.url);
  const reader = createTraceReader({
    run: 1,
    fromMicroseconds: (micros) => micros * 1000,
    now: () => 0,
    hostPid: () => undefined,
  });
  return [...reader.push(readFileSync(file)), ...reader.end()];
}

function exchangesOf(events: readonly Event[]): ExchangeEvent[] {
  const reader = createExchangeReader();
  return [...events.flatMap((event) => reader.push(event)), ...reader.end(9e18)];
}

const only = (events: readonly ExchangeEvent[]): Exchange[] =>
  events.filter((event) => event.kind === "exchange");

const brief = (events: readonly ExchangeEvent[]): string[] =>
  only(events).map(({ method, path, status }) => {
    const short = path.replace(/[0-9a-f]{64}/, "ID");
    return `${method} ${short} ${status ?? "unanswered"}`;
  });

function call(name: string, args: readonly string[], result: string): Syscall {
  return { kind: "syscall", t: 5, run: 1, labPid: 7, name, args, result };
}

describe("docker run", () => {
  const events = exchangesOf(readFixture("docker-run"));

  test("is five requests on three connections", () => {
    expect(brief(events).toSorted()).toEqual([
      "HEAD /_ping 200",
      "POST /v1.41/containers/ID/attach 101",
      "POST /v1.41/containers/ID/start 204",
      "POST /v1.41/containers/ID/wait 200",
      "POST /v1.41/containers/create 201",
    ]);
    expect(new Set(only(events).map(({ connection }) => connection)).size).toBe(3);
    expect(new Set(only(events).map(({ socket }) => socket))).toEqual(
      new Set(["/var/run/docker.sock"]),
    );
    for (const event of events) expect(hasEventShape(event)).toBe(true);
  });

  test("has the container's whole configuration in the body of create", () => {
    const create = only(events).find(({ path }) => path.endsWith("/create"));
    expect(create?.query).toBe("name=demo");
    const config = JSON.parse(create?.request.text ?? "");
    expect(config).toMatchObject({
      Cmd: ["sh", "-c", "echo hello; echo oops >&2; exit 3"],
      Image: "bb",
      HostConfig: { AutoRemove: true, NetworkMode: "default" },
    });
    expect(JSON.parse(create?.response?.text ?? "")).toMatchObject({ Warnings: [] });
    expect(create?.t).toBeGreaterThan(create?.began ?? Number.POSITIVE_INFINITY);
  });

  test("attach is a hijacked stream whose frames say stdout and stderr", () => {
    const attach = only(events).find(({ path }) => path.endsWith("/attach"));
    expect(attach).toMatchObject({ status: 101, upgrade: "tcp" });
    const streams = events.filter((event) => event.kind === "exchange.stream");
    expect(
      streams.map(({ stream, text, direction }) => [direction, stream, text]).toSorted(),
    ).toEqual([
      ["in", "stderr", "oops\n"],
      ["in", "stdout", "hello\n"],
    ]);
    expect(new Set(streams.map(({ connection }) => connection))).toEqual(
      new Set([attach?.connection]),
    );
  });

  test("wait is answered when the container has ended, with its status", () => {
    const wait = only(events).find(({ path }) => path.endsWith("/wait"));
    expect(JSON.parse(wait?.response?.text ?? "")).toMatchObject({ StatusCode: 3 });
    const start = only(events).find(({ path }) => path.endsWith("/start"));
    expect(wait?.t).toBeGreaterThan(start?.t ?? Number.POSITIVE_INFINITY);
    expect(wait?.began).toBeLessThan(start?.began ?? 0);
  });
});

test("docker run -d leaves the body of its wait's answer open, and its exit is the end of it", () => {
  const events = readFixture("docker-detached");
  const reader = createExchangeReader();
  const before = events.flatMap((event) => reader.push(event));
  const wait = only(before).find(({ path }) => path.endsWith("/wait"));
  expect(wait?.response).toMatchObject({ bytes: 0, cut: true });
  const start = only(before).find(({ path }) => path.endsWith("/start"));
  expect(start?.response?.cut).toBeUndefined();
  expect(reader.end(0)).toEqual([]);
});

test("gRPC is told as HTTP/2 with its bytes, when the client has ended", () => {
  const [http2, ...others] = exchangesOf(readFixture("ctr"));
  expect(others).toEqual([]);
  expect(http2).toMatchObject({
    kind: "exchange.http2",
    side: "client",
    socket: "/run/docker/containerd/containerd.sock",
    paths: ["/containerd.services.containers.v1.Containers/ListStream"],
  });
  if (http2?.kind !== "exchange.http2") return;
  expect(http2.sent).toBeGreaterThan(100);
  expect(http2.received).toBeGreaterThan(100);
  expect(http2.times).toHaveLength(1);
  expect(http2.times?.[0]).toBeGreaterThanOrEqual(http2.began);
  expect(http2.times?.[0]).toBeLessThan(http2.t);
  expect(hasEventShape(http2)).toBe(true);
});

describe("secrets", () => {
  // What `docker push` sent for the user "user" with the password "geheim", in base64.
  const token = /ZXIi|dXNlcjpnZWhlaW0|Z2VoZWlt|geheim/;

  test("do not get into exchanges or into the calls beside them", () => {
    const calls = readFixture("docker-push");
    expect(JSON.stringify(calls)).toMatch(/X-Registry-Auth: ey/);
    expect(JSON.stringify(calls)).toMatch(token);
    const events = exchangesOf(calls);
    const push = only(events).find(({ method }) => method === "POST");
    expect(push?.request.headers).toContainEqual(["X-Registry-Auth", "(hidden)"]);
    expect(JSON.stringify(events)).not.toMatch(token);
    const kept = calls.map((each) => (each.kind === "syscall" ? shortenSocketData(each) : each));
    expect(JSON.stringify(kept)).toContain("X-Registry-Auth: (hidden)");
    expect(JSON.stringify(kept)).not.toMatch(token);
  });

  test("a password in a body", () => {
    const fd = "5<socket:[81]>";
    const body = '{"username":"me","password":"ge\\"heim","serveraddress":"r"}';
    const head = `POST /v1.41/auth HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n`;
    const printed = JSON.stringify(head + body);
    const write = call("write", [fd, printed, "1"], `${head.length + body.length}`);
    const [auth] = only(exchangesOf([write]));
    expect(auth?.request.text).toBe('{"username":"me","password":"(hidden)","serveraddress":"r"}');
    expect(shortenSocketData(write).args[1]).not.toContain("heim");
  });
});

describe("what is kept", () => {
  const fd = "5<socket:[81]>";

  test("64 KiB of a body, the rest counted", () => {
    const body = "x".repeat(100_000);
    const text = `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const [event] = only(
      exchangesOf([call("write", [fd, JSON.stringify(text), ""], `${text.length}`)]),
    );
    expect(event?.request).toMatchObject({ bytes: 100_000, missing: 100_000 - 65536 });
    expect(event?.request.text?.length).toBe(65536);
  });

  test("256 characters of a call's data, when it went through a socket", () => {
    const long = JSON.stringify("\n".repeat(1000));
    const short = `"${"\\n".repeat(256)}"...`;
    expect(shortenSocketData(call("write", [fd, long, "1000"], "1000")).args[1]).toBe(short);
    const vector = `[{iov_base="a", iov_len=1}, {iov_base=${long}, iov_len=1000}]`;
    expect(shortenSocketData(call("writev", [fd, vector, "2"], "1001")).args[1]).toBe(
      `[{iov_base="a", iov_len=1}, {iov_base=${short}, iov_len=1000}]`,
    );
    const file = call("write", ["5</tmp/config.json>", long, "1000"], "1000");
    expect(shortenSocketData(file)).toBe(file);
  });

  test("a frame in pieces, and a stream without frames", () => {
    const attach = "POST /attach HTTP/1.1\r\n\r\n";
    const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
    const send = (text: string) => call("write", [fd, JSON.stringify(text), ""], `${text.length}`);
    const receive = (octal: string, length: number) =>
      call("read", [fd, `"${octal}"`, ""], `${length}`);
    const streams = (...reads: Syscall[]) =>
      exchangesOf([
        send(attach),
        call("read", [fd, JSON.stringify(answer), ""], `${answer.length}`),
        ...reads,
      ])
        .filter((event) => event.kind === "exchange.stream")
        .map(({ stream, text, missing }) => [stream, text, missing]);
    const pieces = streams(
      receive("\\2\\0\\0", 3),
      receive("\\0\\0\\0\\0\\4ab", 7),
      receive("cd\\1\\0\\0\\0\\0\\0\\0\\1x", 11),
    );
    expect(pieces).toEqual([
      ["stderr", "ab", undefined],
      ["stderr", "cd", undefined],
      ["stdout", "x", undefined],
    ]);
    expect(streams(receive("plain", 5), receive("\\1\\0\\0\\0", 4))).toEqual([
      [undefined, "plain", undefined],
      [undefined, "\u0001\0\0\0", undefined],
    ]);
  });
});
