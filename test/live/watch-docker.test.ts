import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClock } from "../../src/sources/clock.ts";
import { type Lab, openLab } from "../../src/sources/lab.ts";
import { spared, start } from "./native-helper.ts";
import {
  hostFingerprint,
  type Line,
  makeReadableCopy,
  startUntil,
  tsinternals,
  whyNotLive,
} from "./program.ts";

const PROGRAMS = ["docker", "dockerd", "containerd", "ctr", "runc", "busybox"];

function whyNot(): string | null {
  const path = (process.env.PATH ?? "").split(":");
  const missing = PROGRAMS.filter((name) => !path.some((each) => existsSync(`${each}/${name}`)));
  return whyNotLive() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : spared || null);
}

const why = whyNot();
if (why !== null) console.log(`SKIP watch docker: ${why}`);

/** A dockerd with a containerd of its own; its image is one static program. */
const UP = `mkdir -p /etc/docker bb/bin
mountpoint -q /etc/docker || mount -t tmpfs docker /etc/docker
echo '{}' > daemon.json
cat > up <<'END'
setsid dockerd --config-file daemon.json >> dockerd.log 2>&1 &
until docker version; do sleep 0.1; done
END
timeout 60 sh up > up.log 2>&1 || { tail -5 dockerd.log; exit 1; }
cp -L $(command -v busybox) bb/bin/busybox
for name in sh sleep; do ln -s busybox bb/bin/$name; done
tar -C bb -c . | docker import - bb`;

const WEB = "docker run -d --name web --network none -e DB_PASSWORD=hunter2 bb sleep 1000";

describe.skipIf(why !== null)("watching a docker daemon", { timeout: 120_000 }, () => {
  let lab: Lab;
  let runs = 0;
  let before: string;
  const written: string[] = [];

  const sh = async (script: string): Promise<number | undefined> => {
    const { exited } = await lab.start(++runs, ["/bin/sh", "-c", `cd /root; ${script}`], null);
    return (await exited)?.code;
  };
  /** The daemon's socket, as the host reaches it. */
  const env = () => ({ CI: "", DOCKER_HOST: `unix:///proc/${lab.ready.pid}/root/run/docker.sock` });

  /** Watches from before the first command to after the last event that is waited for. */
  const watched = async (
    commands: () => Promise<void>,
    last: (line: Line) => boolean,
    args: readonly string[] = [],
  ): Promise<Line[]> => {
    const begun = (line: Line) => line.kind === "exchange" && line.path === "/containers/json";
    let over: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const seen = (line: Line): boolean => {
      if (last(line)) over();
      return begun(line);
    };
    const argv = ["watch", "docker", "--json", ...args];
    const { session, lines } = await startUntil(argv, seen, { env: env() });
    await commands();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000))]);
    process.kill(session.pid as number, "SIGINT");
    await session;
    return lines;
  };

  beforeAll(async () => {
    before = hostFingerprint();
    const command = start as [string, ...string[]];
    lab = await openLab({ command, clock: createClock(), name: "watched", mode: "root" });
    (async () => {
      for await (const batch of lab.events())
        for (const event of batch) if (event.kind === "output") written.push(event.text ?? "");
    })();
    expect(await sh(UP), written.join("")).toBe(0);
  });
  afterAll(async () => {
    await lab?.close();
    expect(hostFingerprint()).toBe(before);
  });

  test("start, exec and exit are told with their statuses, and nothing is done", async () => {
    let groupsThere = 0;
    const lines = await watched(
      async () => {
        expect(await sh(WEB)).toBe(0);
        expect(await sh("docker exec web sh -c 'exit 4'")).toBe(4);
        expect(await sh("docker stop -t 0 web")).toBe(0);
      },
      // Its groups are looked at twice a second, so that they are gone is told last.
      ({ kind }) => {
        if (kind === "cgroup.create") groupsThere++;
        if (kind === "cgroup.remove") groupsThere--;
        return kind === "cgroup.remove" && groupsThere === 0;
      },
    );
    const of = (kind: string): Line[] => lines.filter((line) => line.kind === kind);
    // By what runc calls its stages, not by the file they are of: exe, or the number of a descriptor.
    expect(of("process.exit").map(({ comm }) => comm)).toContain("runc:[1:CHILD]");
    const actions = of("docker.event").map(({ action, attributes }) => {
      const { exitCode } = attributes as { exitCode?: string };
      return `${String(action).split(":")[0]}${exitCode === undefined ? "" : ` ${exitCode}`}`;
    });
    for (const action of ["create", "start", "exec_start", "exec_die 4", "die 137"])
      expect(actions).toContain(action);
    expect(actions.indexOf("exec_die 4")).toBeLessThan(actions.indexOf("die 137"));
    // containerd's word for the same, the first process by its pid in the daemon's namespace.
    const topics = of("containerd.event").map(({ topic, exit }) => `${topic} ${exit ?? ""}`.trim());
    for (const topic of ["/tasks/create", "/tasks/start", "/tasks/exit 4", "/tasks/exit 137"])
      expect(topics).toContain(topic);
    // The kernel's: who executed what.
    const programs = of("process.exec").map(({ argv }) => (argv as string[] | undefined) ?? []);
    const ran = (...words: string[]) =>
      programs.some((argv) => words.every((word) => argv.some((each) => each.endsWith(word))));
    expect(ran("docker", "run")).toBe(true);
    expect(ran("containerd-shim-runc-v2")).toBe(true);
    expect(ran("runc", "create")).toBe(true);
    expect(ran("sleep", "1000")).toBe(true);
    const sleeper = of("process.exec").find(({ argv }) => String(argv) === "sleep,1000");
    expect(Object.keys(sleeper?.namespaces as object)).toContain("pid");
    // What we asked is told as ours; nothing but questions was asked.
    expect(of("exchange").every(({ own, method }) => own === true && method === "GET")).toBe(true);
    const asked = of("exchange").map(({ path, status }) => `${path} ${status}`);
    expect(asked.some((each) => /^\/containers\/[0-9a-f]{64}\/json 200$/.test(each))).toBe(true);
    // Its config.json, and its group's files.
    expect(of("bundle.config")[0]).toMatchObject({ runtime: "runc", labPid: sleeper?.labPid });
    const groups = of("cgroup.create").map(({ path }) => String(path));
    expect(groups.some((path) => /\/docker[/-][0-9a-f]{64}/.test(path))).toBe(true);
    const files = new Set(of("cgroup.change").map(({ file }) => file));
    expect(files.has("memory.usage_in_bytes") || files.has("memory.current")).toBe(true);
    expect(of("cgroup.remove").length).toBe(groups.length);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    expect(JSON.stringify(lines)).toContain("DB_PASSWORD=(hidden)");
    expect(of("diagnostic").map(({ message }) => message)).toEqual([]);
    // The other end has heard nothing but these questions: the container is as it was.
    expect(await sh("docker inspect -f '{{.State.ExitCode}}' web | grep -qx 137")).toBe(0);
    expect(await sh("docker rm web")).toBe(0);
  });

  test("who runs already is looked at; a restart of the daemon is told, and watched on", async () => {
    expect(await sh(WEB.replace("web", "old --stop-timeout 1"))).toBe(0);
    const lines = await watched(
      async () => {
        await sh("kill $(cat /run/docker.pid); while [ -e /run/docker.pid ]; do sleep 0.1; done");
        expect(await sh("timeout 60 sh up > up.log 2>&1")).toBe(0);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await sh("docker run --rm --name again --network none bb sh -c 'exit 7'");
      },
      ({ kind, action, attributes }) =>
        kind === "docker.event" &&
        action === "destroy" &&
        (attributes as { name?: string }).name === "again",
    );
    const found = lines.filter(({ kind }) => kind === "process.found");
    expect(found.map(({ comm }) => comm)).toEqual(expect.arrayContaining(["dockerd", "sleep"]));
    const messages = lines.flatMap(({ kind, message }) => (kind === "diagnostic" ? [message] : []));
    expect(messages).toContain("dockerd has gone from its socket; waiting for it");
    expect(messages.join("\n")).toMatch(/dockerd answers again: Docker\//);
    const died = lines.filter(({ action }) => action === "die").map(({ attributes }) => attributes);
    expect(died).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "again", exitCode: "7" })]),
    );
    await sh("docker rm -f old");
  });

  test("under sudo only the looking stays root", async () => {
    const sudo = { SUDO_UID: "65534", SUDO_GID: "65534", SUDO_USER: "nobody" };
    const argv = ["watch", "docker", "--json"];
    const seen = (line: Line) => line.kind === "exchange" && line.path === "/containers/json";
    const { session } = await startUntil(argv, seen, { env: { ...env(), ...sudo } });
    const { pid } = session;
    const uidOf = (file: string) => /^Uid:\t(\d+)/m.exec(readFileSync(file, "utf8"))?.[1];
    expect(uidOf(`/proc/${pid}/status`)).toBe("65534");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    expect(children.map((child) => uidOf(`/proc/${child}/status`))).toEqual(["0"]);
    // However we end, it ends with us.
    process.kill(pid as number, "SIGKILL");
    await session;
    for (let waited = 0; existsSync(`/proc/${children[0]}/ns`); waited += 50) {
      expect(waited).toBeLessThan(5000);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (/^State:\tZ/m.test(readFileSync(`/proc/${children[0]}/status`, "utf8"))) break;
    }
  });

  test("an ordinary user who may use the socket sees what the kernel lets everybody see", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tsi-watch-"));
    chmodSync(folder, 0o755);
    const copy = join(folder, "readable");
    makeReadableCopy(copy);
    // What the group docker would be: a socket that this user may use.
    const socket = join(folder, "docker.sock");
    const server = createServer((client) => {
      const daemon = connect(`/proc/${lab.ready.pid}/root/run/docker.sock`);
      client.pipe(daemon).pipe(client);
      client.on("error", () => daemon.destroy());
      daemon.on("error", () => client.destroy());
      client.on("close", () => daemon.destroy());
    });
    await new Promise<void>((listening) => server.listen(socket, listening));
    chmodSync(socket, 0o666);
    const watch = execa(
      join(copy, "node"),
      [join(copy, "dist/tsinternals.mjs"), "watch", "docker", "--plain"],
      {
        ...{ reject: false, stdin: "ignore", uid: 65534, gid: 65534, cwd: "/", timeout: 40_000 },
        env: { DOCKER_HOST: `unix://${socket}`, HOME: "/" },
      },
    );
    let text = "";
    const said = new Promise<void>((resolve) => {
      watch.stdout.setEncoding("utf8").on("data", (piece: string) => {
        if (!text.includes("/containers/json") && piece.includes("/containers/json"))
          sh("docker run --rm --name mine --network none bb sh -c 'sleep 1; exit 5'");
        text += piece;
        if (text.includes("docker container destroy mine")) resolve();
      });
    });
    await Promise.race([said, watch]);
    watch.kill("SIGINT");
    await watch;
    server.close();
    rmSync(folder, { recursive: true });
    expect(text).toContain("containerd: no events of containerd: only root may ask it");
    expect(text).toContain("docker container die mine exit 5");
    expect(text).toMatch(/cgroup memory\S* created|cgroup \/\S* created/);
    expect(text).toMatch(/runs docker run --rm --name mine/);
  });

  test("no daemon is one sentence and status 3", async () => {
    const nowhere = { CI: "", DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const { exitCode, stderr } = await tsinternals(["watch", "docker"], { env: nowhere });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        "tsinternals: no docker daemon listens on /nowhere/docker.sock\n  try: see what DOCKER_HOST says",
    });
  });
});
