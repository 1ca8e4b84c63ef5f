import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../native", import.meta.url));
const binary = join(folder, "build/tsi-lab");
const unable =
  process.platform !== "linux" ? "needs Linux" : process.getuid?.() !== 0 ? "needs root" : "";
if (unable) console.log(`SKIP native: ${unable}`);

type Line = Record<string, unknown> & { kind: string };

/** On cgroup v2 the helper wants a cgroup of its own; `--scope` executes it in place. */
const start = existsSync("/sys/fs/cgroup/cgroup.controllers")
  ? ["systemd-run", "--scope", "-q", "-p", "Delegate=yes", binary]
  : [binary];

/** The helper as a test sees it: ask, and wait for lines. */
class Helper {
  readonly lines: Line[] = [];
  readonly process: ChildProcess;
  readonly name: string;
  #waiting = new Set<() => void>();
  #id = 0;

  constructor(name: string) {
    this.name = `native-${name}`;
    this.process = spawn(String(start[0]), start.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
    if (!this.process.stdout) throw new Error("no stdout");
    createInterface(this.process.stdout).on("line", (text) => {
      this.lines.push(JSON.parse(text));
      for (const check of [...this.#waiting]) check();
    });
  }

  write(text: string | Uint8Array): void {
    this.process.stdin?.write(text);
  }

  wait(wanted: (line: Line) => boolean, milliseconds = 10_000): Promise<Line> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(
          new Error(`not within ${milliseconds} ms; last: ${JSON.stringify(this.lines.at(-1))}`),
        );
      }, milliseconds);
      let seen = 0;
      const check = () => {
        for (; seen < this.lines.length; seen++) {
          const line = this.lines[seen];
          if (!line || !wanted(line)) continue;
          clearTimeout(timer);
          this.#waiting.delete(check);
          resolve(line);
          return;
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  ask(request: Record<string, unknown>): Promise<Line> {
    const id = ++this.#id;
    this.write(`${JSON.stringify({ id, ...request })}\n`);
    return this.wait((line) => line.id === id && ["ok", "error"].includes(line.kind));
  }

  async up(fields: Record<string, unknown> = {}): Promise<Line> {
    const answer = await this.ask({ op: "up", name: this.name, mode: "root", ...fields });
    expect(answer).toMatchObject({ kind: "ok" });
    return this.wait((line) => line.kind === "lab.ready");
  }

  exited(run: number, milliseconds?: number): Promise<Line> {
    return this.wait((line) => line.kind === "run.exit" && line.run === run, milliseconds);
  }

  async sh(run: number, script: string, milliseconds?: number): Promise<Line> {
    const answer = await this.ask({ op: "run", run, argv: ["/bin/sh", "-c", script] });
    return answer.kind === "error" ? answer : this.exited(run, milliseconds);
  }

  output(run: number, stream = "out"): Buffer {
    const pieces = this.lines.filter(
      (line) => line.kind === "output" && line.run === run && line.stream === stream,
    );
    return Buffer.concat(
      pieces.map((line) =>
        typeof line.text === "string"
          ? Buffer.from(line.text)
          : Buffer.from(String(line.base64), "base64"),
      ),
    );
  }

  /** Ends, and resolves when the process is gone. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) resolve();
      else this.process.once("close", () => resolve());
    });
    this.process.stdin?.end();
    await gone;
  }
}

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/* Directories that vanish while find(1) walks make it exit with 1: only what it prints counts. */
const find = (pattern: string): string[] =>
  spawnSync("find", ["/sys/fs/cgroup", "-name", pattern], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean);

/** Processes in the pid namespace of `pid`, zombies excepted. */
function members(namespace: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readlinkSync(`/proc/${name}/ns/pid`) === namespace &&
          !/\) Z/.test(readFileSync(`/proc/${name}/stat`, "utf8"))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

const journals = (name: string): string[] =>
  existsSync("/run/tsinternals")
    ? readdirSync("/run/tsinternals").filter((file) => file.startsWith(`tsi-${name}-`))
    : [];

async function nothingLeft(name: string, namespace: string, milliseconds = 1000): Promise<void> {
  const left = () => [...members(namespace), ...find(`tsi-${name}-*`), ...journals(name)];
  const deadline = Date.now() + milliseconds;
  while (left().length > 0 && Date.now() < deadline) await sleep(5);
  expect(left()).toEqual([]);
}

const janitorOf = (helper: Helper, init: number): number => {
  // proc_pid_task(5): children, space separated.
  const { pid: warden } = helper.process;
  const children = readFileSync(`/proc/${warden}/task/${warden}/children`, "utf8");
  const pid = children
    .split(" ")
    .map(Number)
    .find((child) => child > 0 && child !== init);
  if (!pid) throw new Error("no janitor");
  return pid;
};

const succeeds = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;

const load = `
  if [ -d /sys/fs/cgroup/freezer ]; then
    mkdir /sys/fs/cgroup/freezer/frozen; sleep 1000 &
    echo $! > /sys/fs/cgroup/freezer/frozen/cgroup.procs
    echo FROZEN > /sys/fs/cgroup/freezer/frozen/freezer.state
  fi
  setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
  unshare -pf sleep 1000 & unshare -n sleep 1000 &
  ip link add br0 type bridge; echo loaded`;

describe.skipIf(unable)("the helper", { timeout: 60_000 }, () => {
  beforeAll(() => {
    /* In a guest the repository is read-only, and the binary the host's. */
    if (!isWritable(folder) && existsSync(binary)) return;
    execFileSync("make", ["-s"], { cwd: folder });
  }, 120_000);

  test("brings up a lab with namespaces and cgroups of its own", async () => {
    const helper = new Helper("up");
    const ready = await helper.up();
    for (const type of ["pid", "mnt", "net", "uts", "ipc", "cgroup"]) {
      const own = readlinkSync(`/proc/self/ns/${type}`);
      expect(own).not.toBe(`${type}:[${(ready.namespaces as Record<string, number>)[type]}]`);
    }
    expect(find(`tsi-${helper.name}-*`).length).toBeGreaterThan(0);
    await helper.sh(1, "echo $$; hostname; ls /proc | grep -c '^[0-9]'; cat /proc/self/cgroup");
    const [pid, hostname, processes, ...cgroups] = helper.output(1).toString().trim().split("\n");
    expect([pid, hostname]).toEqual(["2", "lab"]);
    expect(Number(processes)).toBeLessThanOrEqual(4);
    for (const line of cgroups) expect(line).toMatch(/:(\/|\/init)$/);
    await helper.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
    expect(helper.lines.at(-1)).toMatchObject({ kind: "lab.gone", reason: "stdin closed" });
  });

  test("runs commands, and tells how they ended and what they wrote", async () => {
    const helper = new Helper("run");
    await helper.up();
    expect(await helper.ask({ op: "run", run: 1, argv: ["true"] })).toMatchObject({ kind: "ok" });
    expect(await helper.exited(1)).toMatchObject({ code: 0 });
    expect(await helper.sh(2, "echo out; echo err >&2; exit 7")).toMatchObject({ code: 7 });
    expect(helper.output(2).toString()).toBe("out\n");
    expect(helper.output(2, "err").toString()).toBe("err\n");
    expect(await helper.sh(3, "kill -9 $$")).toMatchObject({ signal: "SIGKILL" });
    expect(await helper.ask({ op: "run", run: 4, argv: ["/nope"] })).toMatchObject({
      kind: "error",
      call: "execve",
      path: "/nope",
      errno: "ENOENT",
    });
    await helper.sh(5, "printf '\\303'; sleep 0.05; printf '\\251'; sleep 0.05; printf '\\377'");
    expect(helper.output(5)).toEqual(Buffer.from([0xc3, 0xa9, 0xff]));
    expect(helper.lines.filter((line) => line.run === 5 && line.text)).toMatchObject([
      { text: "é" },
    ]);
    await helper.sh(6, "yes 0123456789abcde | head -c 3000000");
    expect(helper.output(6).length).toBe(3_000_000);
    expect(await helper.sh(7, "(sleep 0.2; echo late) & echo early")).toMatchObject({ code: 0 });
    expect(helper.output(7).toString()).toBe("early\n");
    await helper.wait((line) => line.run === 7 && line.text === "late\n");
    await helper.ask({ op: "run", run: 8, argv: ["sleep", "100"] });
    await helper.ask({ op: "signal", run: 8, signal: "INT" });
    expect(await helper.exited(8)).toMatchObject({ signal: "SIGINT" });
    await helper.close();
  });

  test("streams what strace writes into the run's FIFO", async () => {
    const helper = new Helper("trace");
    await helper.up();
    const path = "/run/tsi/trace.1";
    const argv = ["strace", "-f", "-D", "-q", "-o", path, "--", "/bin/sh", "-c", "exit 3"];
    const answer = await helper.ask({ op: "run", run: 1, argv, trace: true });
    expect(answer).toMatchObject({ kind: "ok", trace: path });
    expect(await helper.exited(1)).toMatchObject({ code: 3 });
    await helper.wait((line) => String(line.text).includes("+++ exited with 3 +++"));
    await sleep(50);
    expect(await helper.sh(2, `ls ${path}`)).toMatchObject({ code: 2 });
    await helper.close();
  });

  test("tells processes, mounts and links", async ({ skip }) => {
    const helper = new Helper("events");
    const ready = await helper.up();
    const { pid } = await helper.ask({
      op: "run",
      run: 1,
      argv: ["/bin/sh", "-c", "sleep 0.05; exit 5"],
    });
    await helper.exited(1);
    const of = (kind: string) => (line: Line) => line.kind === kind && line.pid === pid;
    expect(await helper.wait(of("process.fork"))).toMatchObject({ ppid: ready.pid, labPid: 2 });
    expect(await helper.wait(of("process.exec"))).toMatchObject({ labPid: 2, comm: "sh" });
    expect(await helper.wait(of("process.exit"))).toMatchObject({ labPid: 2, code: 5 });
    await helper.sh(2, "mkdir /mnt/x; mount -t tmpfs xx /mnt/x; sleep 0.1; umount /mnt/x");
    await helper.wait((line) => line.kind === "mount.add" && line.target === "/mnt/x");
    await helper.wait((line) => line.kind === "mount.remove" && line.target === "/mnt/x");
    skip(!succeeds("ip", "-V"), "needs ip (apt-get install -y iproute2)");
    await helper.sh(3, "ip link add br0 type bridge; ip link del br0; unshare -n sleep 0.1");
    expect(
      await helper.wait((line) => line.kind === "link.add" && line.name === "br0"),
    ).toMatchObject({ type: "bridge", up: false });
    await helper.wait((line) => line.kind === "link.remove" && line.name === "br0");
    const inside = await helper.wait(
      (line) => line.kind === "process.exec" && line.namespaces !== undefined,
    );
    expect(Object.keys(inside.namespaces as object)).toEqual(["net"]);
    await helper.close();
  });

  test("knows the arguments of processes that live for less than a millisecond", async () => {
    const helper = new Helper("short");
    await helper.up();
    await helper.sh(1, "for i in $(seq 200); do /bin/true; done", 30_000);
    const executed = helper.lines.filter(({ kind }) => kind === "process.exec");
    const known = executed.filter(({ labPid, argv }) => labPid !== undefined && argv !== undefined);
    expect(executed.length).toBe(202);
    expect(known.length).toBeGreaterThan(0.95 * executed.length);
    await helper.close();
  });

  test("reads files below the lab's root only", async () => {
    const helper = new Helper("read");
    await helper.up();
    const read = (path: string) => helper.ask({ op: "read", path });
    expect(await read("/../../etc/hostname")).toMatchObject({ exists: true, text: "lab\n" });
    expect(await read("/nope")).toMatchObject({ kind: "ok", exists: false });
    expect(await read("/dev/zero")).toMatchObject({ kind: "error" });
    expect(await read("/proc/1/fd/3")).toMatchObject({ kind: "error", errno: "ELOOP" });
    await helper.close();
  });

  test("answers malformed lines and goes on", async () => {
    const helper = new Helper("hostile");
    await helper.up();
    const bad = [
      "x",
      "{",
      "[]",
      '{"op":"run"}',
      '{"id":"1","op":"down"}',
      "[".repeat(100_000),
      `"${"x".repeat(3_000_000)}"`,
    ];
    for (const line of bad) helper.write(`${line}\n`);
    helper.write(Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await helper.ask({ op: "fly" })).toMatchObject({ kind: "error" });
    const refused = helper.lines.filter((line) => line.kind === "error" && line.id === null);
    expect(refused.length).toBe(bad.length + 1);
    expect(await helper.sh(1, "exit 9")).toMatchObject({ code: 9 });
    await helper.close();
  });

  test("rm -rf / in the lab harms nothing outside", async () => {
    const canary = mkdtempSync(join(tmpdir(), "native-canary-"));
    const helper = new Helper("rm");
    await helper.up();
    await helper.sh(1, "rm -rf --no-preserve-root / 2>/dev/null", 60_000);
    for (const path of [canary, "/usr/bin/env", "/etc/passwd", "/dev/null", "/run"])
      expect(existsSync(path)).toBe(true);
    await helper.close();
    rmSync(canary, { recursive: true });
  });

  test("lab-init holds nothing of the host's that a path leads to", async () => {
    const helper = new Helper("doors");
    await helper.up();
    await helper.sh(
      1,
      `find -L /proc/1/fd -mindepth 1 -maxdepth 1 \\( -type d -o -type f \\) -links +0 -printf '%p %l\\n'
      stat -L -c %d /dev /proc/1/fd/0 /proc/self/fd/0 | sort -u | wc -l`,
    );
    expect(helper.output(1).toString()).toBe("1\n");
    await helper.close();
  });

  /* Harmless also where the protection is missing: what exists is asked whether it could be written,
   * or is given the value that it has. */
  const mistakes: [name: string, script: string, result: RegExp][] = [
    ["remount /usr", "mount -o remount,rw /usr; touch /usr/tsi-native-canary", /Read-only file/],
    ["sysctl", "echo $(cat /proc/sys/kernel/panic) > /proc/sys/kernel/panic", /Read-only file/],
    ["drop caches", "[ -w /proc/sys/vm/drop_caches ] || echo no", /^no$/],
    ["sysrq", "[ -w /proc/sysrq-trigger ] || echo no", /^no$/],
    ["interrupts", "[ -w /proc/irq/default_smp_affinity ] || echo no", /^no$/],
    ["sysfs", "find /sys/kernel /sys/power /sys/module -type f -writable; echo no", /^no$/],
    ["forwarding", "echo 1 > /proc/sys/net/ipv4/ip_forward && echo in the lab", /^in the lab$/],
    ["hostname", "hostname mistake; hostname", /^mistake$/],
    ["proc in a user namespace", "unshare -Urpf --mount-proc echo mounted", /^mounted$/],
    ["kill -1", "sleep 100 & kill -9 -1; echo alive", /^alive$/],
  ];

  test("a mistake in the lab does not reach the host", async () => {
    const files = ["kernel/hostname", "kernel/panic", "kernel/printk", "net/ipv4/ip_forward"];
    const host = () => [
      ...files.map((file) => readFileSync(`/proc/sys/${file}`, "utf8")),
      readFileSync("/proc/self/mountinfo", "utf8"),
      existsSync("/usr/tsi-native-canary"),
    ];
    const before = host();
    const helper = new Helper("mistakes");
    await helper.up();
    // Refused in a chroot, and where an administrator says so: then nothing is proven either way.
    const nests = succeeds("unshare", "-U", "true");
    for (const [index, [name, script, result]] of mistakes.entries()) {
      if (name === "proc in a user namespace" && !nests) continue;
      await helper.sh(index, `exec 2>&1; ${script}`);
      expect(helper.output(index).toString().trim(), name).toMatch(result);
    }
    expect(host()).toEqual(before);
    await helper.close();
  });

  test("root in the lab is without what reaches beyond it", async () => {
    const helper = new Helper("capabilities");
    await helper.up();
    await helper.sh(1, "cat /proc/1/status /proc/self/status");
    const sets = [
      ...helper
        .output(1)
        .toString()
        .matchAll(/^Cap(Prm|Eff|Bnd):\t(\w+)/gm),
    ];
    expect(sets.length).toBe(6);
    /* linux/capability.h: SYS_MODULE, RAWIO, BOOT, TIME, AUDIT_CONTROL, MAC_OVERRIDE, MAC_ADMIN,
     * SYSLOG, WAKE_ALARM, BLOCK_SUSPEND, AUDIT_READ */
    for (const [, , mask] of sets)
      for (const bit of [16, 17, 22, 25, 30, 32, 33, 34, 35, 36, 37])
        expect((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n).toBe(0n);
    await helper.close();
  });

  test("a lab that is frozen with its PID 1 does not hold up the helper", async () => {
    const helper = new Helper("frozen");
    const ready = await helper.up();
    const freeze = existsSync("/sys/fs/cgroup/freezer")
      ? "echo FROZEN > /sys/fs/cgroup/freezer/freezer.state"
      : "echo 1 > /sys/fs/cgroup/init/cgroup.freeze";
    helper.write(
      `${JSON.stringify({ id: 1000, op: "run", run: 1, argv: ["/bin/sh", "-c", freeze] })}\n`,
    );
    await sleep(200);
    for (let id = 2000; id < 12_000; id++)
      helper.write(`{"id":${id},"op":"read","path":"/etc/hostname"}\n`);
    await helper.wait((line) => line.kind === "error" && line.call === "sendmsg");
    await helper.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("what a reader does not read does not gather without end", async () => {
    const helper = new Helper("slow");
    const ready = await helper.up();
    helper.process.stdout?.pause();
    for (let i = 0; i < 50; i++) helper.write("x\n".repeat(40_000));
    await sleep(2000);
    const status = readFileSync(`/proc/${helper.process.pid}/status`, "utf8");
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(200_000);
    helper.process.stdin?.on("error", () => {});
    helper.process.stdout?.destroy();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("a fork bomb meets the lab's pids limit, and ends with the lab", async () => {
    const helper = new Helper("bomb");
    const ready = await helper.up({ limits: { pids: 100 } });
    const namespace = `pid:[${(ready.namespaces as Record<string, number>).pid}]`;
    helper.write(
      `${JSON.stringify({ id: 1000, op: "run", run: 1, argv: ["bash", "-c", "f() { f | f & }; f; sleep 100"] })}\n`,
    );
    await sleep(500);
    expect(members(namespace).length).toBeLessThanOrEqual(100);
    await helper.close();
    await nothingLeft(helper.name, namespace);
  });

  test("twenty labs in a row leave nothing", async () => {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8");
    for (let i = 0; i < 20; i++) {
      const helper = new Helper("row");
      const ready = await helper.up();
      await helper.sh(1, "sleep 100 & true");
      await helper.close();
      await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
    }
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toBe(mounts);
  });

  type Victim = "warden" | "init" | "janitor";
  test.for<{ name: string; victims: Victim[] }>([
    { name: "eof", victims: [] },
    { name: "warden", victims: ["warden"] },
    { name: "init", victims: ["init"] },
    { name: "warden-init", victims: ["warden", "init"] },
    { name: "janitor-warden", victims: ["janitor", "warden"] },
  ])(
    "killed ($name), with frozen processes: all is gone within a second",
    async ({ name, victims }) => {
      const helper = new Helper(`kill-${name}`);
      const ready = await helper.up();
      await helper.ask({ op: "run", run: 1, argv: ["/bin/sh", "-c", load] });
      await helper.wait((line) => line.text === "loaded\n");
      const init = Number(ready.pid);
      const pids = { warden: Number(helper.process.pid), init, janitor: janitorOf(helper, init) };
      if (victims.length === 0) helper.process.stdin?.end();
      for (const victim of victims) process.kill(pids[victim], "SIGKILL");
      const namespace = `pid:[${(ready.namespaces as Record<string, number>).pid}]`;
      /* With both gone lab-init removes the cgroups; the journal file waits for the next helper. */
      if (victims.includes("janitor")) {
        await sleep(500);
        execFileSync(binary, ["--reap"]);
      }
      await nothingLeft(helper.name, namespace);
      await helper.close();
    },
  );

  test("warden, janitor and lab-init killed at once: --reap removes the rest", async () => {
    const helper = new Helper("kill-all");
    const ready = await helper.up();
    const init = Number(ready.pid);
    const janitor = janitorOf(helper, init);
    for (const pid of [janitor, Number(helper.process.pid), init]) process.kill(pid, "SIGKILL");
    await helper.close();
    await sleep(100);
    /* Another helper that came up meanwhile may have swept already: then nothing is printed. */
    const removed = execFileSync(binary, ["--reap"], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean);
    for (const line of removed) expect(JSON.parse(line)).toMatchObject({ kind: "removed" });
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("what a dead lab left is cleaned up by the next one, which says so in one line", async () => {
    const helper = new Helper("left");
    const ready = await helper.up();
    await helper.ask({ op: "run", run: 1, argv: ["sleep", "100"] });
    const init = Number(ready.pid);
    const janitor = janitorOf(helper, init);
    /* Stopped, so that it does not tidy up. */
    process.kill(init, "SIGSTOP");
    for (const pid of [janitor, Number(helper.process.pid)]) process.kill(pid, "SIGKILL");
    await helper.close();
    const next = new Helper("next");
    await next.up();
    /* Another helper that came up meanwhile may have swept already. */
    const told = next.lines.filter((line) => String(line.message).includes(String(ready.lab)));
    expect(told.length).toBeLessThanOrEqual(1);
    for (const line of told)
      expect(line.message).toMatch(/: [12] process(es)?, \d+ cgroup director(y|ies)$/);
    /* First this one: the kernel may have given its namespace the dead one's inode number. */
    await next.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("a killed janitor is replaced", async () => {
    const helper = new Helper("janitor");
    const ready = await helper.up();
    process.kill(janitorOf(helper, Number(ready.pid)), "SIGKILL");
    await helper.wait((line) => line.kind === "diagnostic");
    expect(janitorOf(helper, Number(ready.pid))).toBeGreaterThan(0);
    expect(await helper.sh(1, "exit 2")).toMatchObject({ code: 2 });
    await helper.close();
  });
});
