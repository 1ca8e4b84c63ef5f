import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  ApiAnswer,
  DockerApi,
  FollowListener,
} from "../../../src/sources/host-docker/docker-api.ts";
import { type DockerWatch, watchDocker } from "../../../src/sources/host-docker/docker-watch.ts";
import { containerOf, type Inspected } from "../../../src/sources/host-docker/inspect.ts";
import type { Event } from "../../../src/timeline/event.ts";

const ID = "1061a45d2b298735df4820d23fcab4e3a3c900ce8e402be69047f14928f396cb";

/** The same three events as Docker 20.10 and as Docker 25 and later put them on the wire. */
const OLD = [
  `{"status":"start","id":"${ID}","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"${ID}","Attributes":{"image":"busybox","name":"web"}},"scope":"local","time":1000,"timeNano":1000000000100}`,
  `{"status":"exec_die","id":"${ID}","from":"busybox","Type":"container","Action":"exec_die","Actor":{"ID":"${ID}","Attributes":{"execID":"e1","exitCode":"4","image":"busybox","name":"web"}},"scope":"local","time":1000,"timeNano":1000000000200}`,
  `{"status":"die","id":"${ID}","from":"busybox","Type":"container","Action":"die","Actor":{"ID":"${ID}","Attributes":{"exitCode":"137","image":"busybox","name":"web"}},"scope":"local","time":1000,"timeNano":1000000000300}`,
];
const NEW = OLD.map((line) =>
  line
    .replace(/"status".*?"Type"/, '"Type"')
    .replace('"exitCode":"137"', '"execDuration":"3","exitCode":"137"'),
);

const INSPECTED = {
  Id: ID,
  Name: "/web",
  State: { Status: "running", Pid: 292 },
  Config: { Env: ["PATH=/bin", "DB_PASSWORD=hunter2", 'API_KEY=a"b'] },
};

function answer(status: number, body: unknown): ApiAnswer {
  const headers = [["Server", "Docker/28.2.2 (linux)"]] as const;
  return { status, asked: [["Host", "docker"]], headers, body: JSON.stringify(body) };
}

/** A daemon whose events the test says, and which it can end. */
function fakeDaemon() {
  const asked: string[] = [];
  let listener: FollowListener | null = null;
  let end: () => void = () => {};
  let reachable = true;
  const api: DockerApi = {
    socket: "/var/run/docker.sock",
    async get(path) {
      asked.push(path);
      if (path === "/containers/json") return answer(200, [{ Id: ID }]);
      return answer(200, path === "/_ping" ? "OK" : INSPECTED);
    },
    async follow(path, heard) {
      asked.push(path);
      if (!reachable) throw new Error("ECONNREFUSED");
      listener = heard;
      heard.opened();
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    close: () => end(),
  };
  return {
    api,
    asked,
    say: (line: string) => listener?.line(line),
    stop() {
      reachable = false;
      end();
    },
    restart() {
      reachable = true;
    },
  };
}

let emitted: Event[];
let running: [Inspected, boolean][];
let watch: DockerWatch;
let daemon: ReturnType<typeof fakeDaemon>;

beforeEach(() => {
  vi.useFakeTimers();
  emitted = [];
  running = [];
  daemon = fakeDaemon();
  watch = watchDocker({
    api: daemon.api,
    now: () => 5e9,
    fromRealtime: (nanoseconds) => nanoseconds - 999e9 + 3e9,
    emit: (event) => emitted.push(event),
    running: (container, fresh) => running.push([container, fresh]),
  });
  watch.begin();
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

const pass = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const told = (kind: Event["kind"]): Event[] => emitted.filter((event) => event.kind === kind);

describe("watching the daemon", () => {
  test("first it listens, then it looks who runs, with questions alone", async () => {
    await pass();
    expect(daemon.asked).toEqual([
      "/events",
      "/_ping",
      "/containers/json",
      `/containers/${ID}/json`,
    ]);
    expect(running).toEqual([[{ id: ID, name: "web", labPid: 292 }, false]]);
    expect(told("exchange")).toMatchObject([
      { path: "/_ping", own: true, method: "GET", status: 200 },
      { path: "/containers/json", own: true },
      { path: `/containers/${ID}/json`, own: true, socket: "/var/run/docker.sock" },
    ]);
  });

  test.each([
    ["20.10", OLD],
    ["25 and later", NEW],
  ])("events as Docker %s says them", async (_, lines) => {
    await pass();
    lines.forEach(daemon.say);
    expect(told("docker.event")).toMatchObject([
      { type: "container", action: "start", actor: ID, attributes: { name: "web" }, run: 0 },
      { action: "exec_die", attributes: { exitCode: "4", execID: "e1" } },
      { action: "die", attributes: { exitCode: "137" } },
    ]);
    // By the daemon's own clock, as session time.
    expect(told("docker.event")[0]?.t).toBe(4e9 + 100);
    await pass();
    expect(running.at(-1)).toEqual([{ id: ID, name: "web", labPid: 292 }, true]);
  });

  test("passwords in a container's environment are not kept", async () => {
    await pass();
    const text = JSON.stringify(emitted);
    expect(text).not.toContain("hunter2");
    expect(text).toContain("DB_PASSWORD=(hidden)");
    expect(text).toContain("API_KEY=(hidden)");
    expect(text).toContain("PATH=/bin");
  });

  test("a daemon that goes is waited for, and both is said once", async () => {
    await pass();
    daemon.stop();
    await pass(2100);
    expect(told("diagnostic")).toMatchObject([
      { message: "dockerd has gone from its socket; waiting for it" },
    ]);
    daemon.restart();
    await pass(600);
    expect(told("diagnostic").slice(1)).toMatchObject([
      { message: "dockerd answers again: Docker/28.2.2 (linux)" },
    ]);
    daemon.say(OLD[2] as string);
    expect(told("docker.event")).toHaveLength(1);
  });

  test("a line that is no event is kept as a line", async () => {
    await pass();
    daemon.say("not JSON");
    expect(told("watch.line")).toMatchObject([{ text: "not JSON" }]);
  });
});

describe("what inspect says", () => {
  test("is a container with its first process", () => {
    expect(containerOf(INSPECTED)).toEqual({ id: ID, name: "web", labPid: 292 });
  });
  test("is nothing when it has ended, and when it is something else", () => {
    expect(containerOf({ ...INSPECTED, State: { Pid: 0 } })).toBeNull();
    expect(containerOf({ ...INSPECTED, Id: "../version" })).toBeNull();
    for (const odd of [null, 7, "x", [], { State: 1 }]) expect(containerOf(odd)).toBeNull();
  });
});
