import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type HttpEvent, type HttpExchange, readHttp } from "../../src/sources/http.ts";
import { createTraceReader } from "../../src/sources/trace.ts";
import type { Event, Syscall } from "../../src/timeline/event.ts";

/** Recorded with strace 6.1 on curl, a Python client and a Node server on a unix socket. */
function readFixture(name: string): Event[] {
  const file = new URL(`../../fixtures/strace/${name}.strace`, import.meta.url);
  const reader = createTraceReader({
    run: 1,
    fromMicroseconds: (micros) => micros,
    now: () => 0,
    hostPid: () => undefined,
  });
  return [...reader.push(readFileSync(file)), ...reader.end()];
}

const exchanges = (events: readonly HttpEvent[]): HttpExchange[] =>
  events.filter((event) => event.type === "exchange");

const brief = (events: readonly HttpEvent[]): string[] =>
  exchanges(events).map(({ method, target, status }) => `${method} ${target} ${status}`);

function call(name: string, args: readonly string[], result: string, labPid = 7): Syscall {
  return { kind: "syscall", t: 0, run: 1, labPid, name, args, result };
}

const fd = "5<socket:[81]>";
const quote = (text: string): string => JSON.stringify(text);
const sent = (text: string): Syscall => call("write", [fd, quote(text), "0"], `${text.length}`);
const received = (text: string): Syscall => call("read", [fd, quote(text), "0"], `${text.length}`);
const GET = "GET / HTTP/1.1\r\nHost: d\r\n\r\n";

describe("recorded traces", () => {
  test("what a client asked docker's API is one event with its JSON body", () => {
    const events = exchanges(readHttp(readFixture("http-client")));
    expect(brief(events)).toEqual([
      "POST /v1.41/containers/create?name=web 201",
      "HEAD /_ping 200",
      "GET /v1.41/events 200",
      "GET /nothing 404",
    ]);
    const [create, , stream] = events;
    expect(create).toMatchObject({ side: "client", labPid: 1846, fd: 5, peer: "d.sock" });
    expect(JSON.parse(create?.request.body.text ?? "")).toEqual({
      Image: "alpine",
      Cmd: ["sleep", "60"],
      HostConfig: { Memory: 67108864 },
      Labels: { say: "grüß dich" },
    });
    expect(create?.request.headers).toContainEqual(["Content-Type", "application/json"]);
    expect(create?.response).toMatchObject({
      startLine: "HTTP/1.1 201 Created",
      body: { text: '{"Id":"4f53cda18c2b","Warnings":[]}\n', bytes: 36, missing: 0 },
      whole: true,
    });
    expect(create?.until).toBeGreaterThan(create?.t ?? Infinity);
    // Chunked, over several reads.
    expect(stream?.response?.body.text).toBe('{"status":"create"}\n{"status":"start"}\n');
  });

  test("the server's side, through read and writev", () => {
    const events = exchanges(readHttp(readFixture("http-server")));
    expect(brief(events)).toEqual(["POST /v1.41/containers/create?name=web 201", "GET /_ping 200"]);
    expect(events[0]).toMatchObject({ side: "server", fd: 20 });
    expect(events[0]?.request.body.text).toBe('{"Image":"alpine"}');
    expect(events[1]?.response?.body.text).toBe("OK");
  });

  test("what -s cut off is counted, and the next exchange is not lost", () => {
    const events = exchanges(readHttp(readFixture("http-cut")));
    expect(brief(events)).toEqual(["POST /v1.41/containers/create?name=web 201", "GET /_ping 200"]);
    expect(events[0]?.request).toMatchObject({
      whole: false,
      body: { bytes: 1938, missing: 1834 },
    });
    expect(events[0]?.request.body.text?.startsWith('{"Image": "alpine"')).toBe(true);
    expect(events[0]?.request.body.text?.endsWith("…")).toBe(true);
    expect(events[0]?.response?.whole).toBe(true);
    expect(events[1]?.request.whole).toBe(true);
  });

  test("docker attach becomes a raw stream", () => {
    const events = readHttp(readFixture("http-upgrade"));
    expect(events).toMatchObject([
      { type: "exchange", method: "POST", status: 101, upgrade: "tcp", peer: "d.sock" },
      { type: "raw", direction: "in", shown: "hello from the container\n" },
      { type: "raw", direction: "out", shown: "exit\n" },
      { type: "raw", direction: "in", shown: "got exit\n" },
    ]);
  });
});

describe("one connection", () => {
  const small = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  const chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n";

  test("pipelined requests get their responses in order", () => {
    const two = GET + GET.replace("/ ", "/two ");
    const events = exchanges(readHttp([sent(two), received(small + chunked)]));
    expect(brief(events)).toEqual(["GET / 200", "GET /two 200"]);
    expect(events.map((event) => event.response?.body.text)).toEqual(["hi", "abc0123456789"]);
  });

  test("every place to cut the bytes in two gives the same", () => {
    const post = "POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
    const expected = readHttp([sent(post), received(chunked + small)]);
    expect(brief(expected)).toEqual(["POST /a 200"]);
    const all = chunked + small;
    for (let at = 1; at < post.length; at++) {
      const halves = [sent(post.slice(0, at)), sent(post.slice(at)), received(all)];
      expect(readHttp(halves)).toEqual(expected);
    }
    for (let at = 1; at < all.length; at++) {
      const halves = [sent(post), received(all.slice(0, at)), received(all.slice(at))];
      expect(readHttp(halves)).toEqual(expected);
    }
  });

  test("a response without a length ends with the connection", () => {
    const answer = "HTTP/1.0 200 OK\r\n\r\npart";
    const events = [sent(GET), received(answer), received("ial"), received("")];
    expect(exchanges(readHttp(events))[0]?.response).toMatchObject({
      body: { text: "partial" },
      whole: true,
    });
  });

  test("100 Continue is not the answer", () => {
    const events = [sent(GET), received(`HTTP/1.1 100 Continue\r\n\r\n${small}`)];
    expect(brief(readHttp(events))).toEqual(["GET / 200"]);
  });

  test("a request nobody answered", () => {
    expect(exchanges(readHttp([sent(GET)]))).toMatchObject([
      { method: "GET", response: null, status: null, until: null },
    ]);
  });

  test("what was on its way when the trace began is no answer", () => {
    const events = [received("rest of a body"), received(small), sent(GET), received(small)];
    expect(brief(readHttp(events))).toEqual(["GET / 200"]);
  });

  test("a head that -s cut off is said to be cut, and still gets its answer", () => {
    const cut = call("write", [fd, '"POST /v1.41/containers/create?na"...', "900"], "900");
    const events = exchanges(readHttp([cut, received(small), sent(GET), received(small)]));
    expect(brief(events)).toEqual(["POST /v1.41/containers/create?na 200", "GET / 200"]);
    expect(events[0]?.request).toMatchObject({ whole: false, headers: [] });
  });

  test("a hole in a chunk, and one over its end", () => {
    const begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n01";
    const cut = (missing: number): Syscall =>
      call("read", [fd, `${quote(begin)}...`, "4096"], `${begin.length + missing}`);
    const inside = readHttp([sent(GET), cut(13), received("f\r\n0\r\n\r\n")]);
    expect(exchanges(inside)[0]?.response).toMatchObject({
      whole: false,
      body: { text: "01…f", bytes: 16, missing: 13 },
    });
    const over = [sent(GET), cut(400), sent(GET), received(small)];
    const answers = exchanges(readHttp(over)).map((event) => event.response?.whole);
    expect(answers).toEqual([false, true]);
  });

  test("bytes that are not text come as base64", () => {
    const answer = call(
      "read",
      [fd, '"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n\\377\\0"', "9"],
      "40",
    );
    const body = exchanges(readHttp([sent(GET), answer]))[0]?.response?.body;
    expect(body).toEqual({ base64: "/wA=", bytes: 2, missing: 0 });
  });

  test("a peek, a failed call and a short write are not read twice", () => {
    const events = [
      call("write", [fd, quote(`${GET}GET /not-sent`), "99"], `${GET.length}`),
      call("recvfrom", [fd, quote(small), "99", "MSG_PEEK", "NULL", "NULL"], `${small.length}`),
      call("read", [fd, "0x7ffd", "99"], "-1"),
      received(small),
    ];
    expect(brief(readHttp(events))).toEqual(["GET / 200"]);
  });

  test("sendfile's bytes are counted", () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    const events = [
      received(GET),
      sent(head),
      call("sendfile", [fd, "6</srv/file>", "NULL", "1000"], "1000"),
    ];
    expect(exchanges(readHttp(events))[0]).toMatchObject({
      side: "server",
      response: { whole: false, body: { text: "…", bytes: 1000, missing: 1000 } },
    });
  });
});

describe("which connection", () => {
  const at = (name: string, where: string, text: string, pid: number): Syscall =>
    call(name, [where, quote(text), "0"], `${text.length}`, pid);
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  test("a file or a terminal is not a socket", () => {
    const events = [at("write", "1</dev/pts/0>", GET, 7), at("read", "1</dev/pts/0>", ok, 7)];
    expect(readHttp(events)).toEqual([]);
  });

  test("without -y: by process and descriptor, threads together, closed and opened anew", () => {
    const events = [
      call("socket", ["AF_UNIX", "SOCK_STREAM", "0"], "3"),
      call("connect", ["3", '{sa_family=AF_UNIX, sun_path="/run/docker.sock"}', "110"], "0"),
      call("clone", ["child_stack=0x7f", "flags=CLONE_VM|CLONE_THREAD"], "8"),
      at("write", "3", GET, 7),
      at("write", "3", GET.replace("/ ", "/other "), 9),
      at("read", "3", ok, 8),
      call("close", ["3"], "0"),
      call("socket", ["AF_UNIX", "SOCK_STREAM", "0"], "3"),
      at("write", "3", GET.replace("/ ", "/again "), 7),
      at("read", "3", ok, 7),
    ];
    const events2 = exchanges(readHttp(events));
    expect(brief(events2)).toEqual(["GET / 200", "GET /again 200"]);
    expect(events2.map((event) => event.peer)).toEqual(["/run/docker.sock", undefined]);
  });

  test("with -yy the peer is known without connect, and its number may come late", () => {
    const where = (name: string): string => `3<UNIX-STREAM:[${name}]>`;
    const events = [
      at("sendto", where('12->34,"/run/docker.sock"'), GET, 7),
      at("recvfrom", where("12"), ok, 7),
      at("write", "4<TCP:[10.0.0.1:5000->10.0.0.2:80]>", GET, 7),
      at("read", "4<TCP:[10.0.0.1:5000->10.0.0.2:80]>", ok, 7),
    ];
    const peers = exchanges(readHttp(events)).map((event) => event.peer);
    expect(peers).toEqual(["/run/docker.sock", "10.0.0.2:80"]);
  });

  test("a parent closes what its child goes on using", () => {
    const events = [at("read", fd, GET, 8), call("close", [fd], "0", 7), at("write", fd, ok, 8)];
    expect(brief(readHttp(events))).toEqual(["GET / 200"]);
  });
});
