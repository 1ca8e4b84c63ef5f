import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

export const folder = fileURLToPath(new URL("../../native", import.meta.url));
export const binary = join(folder, "build/tsi-lab");
export const unable =
  process.platform !== "linux" ? "needs Linux" : process.getuid?.() !== 0 ? "needs root" : "";
/** Tests of large numbers say nothing about the host they run on: an emulated one is spared them. */
export const spared = process.env.TSI_SLOW ? "too much for a slow machine" : "";
if (unable) console.log(`SKIP native: ${unable}`);

export type Line = Record<string, unknown> & { kind: string };

/** On cgroup v2 the helper wants a cgroup of its own; `--scope` executes it in place. */
export const start = existsSync("/sys/fs/cgroup/cgroup.controllers")
  ? ["systemd-run", "--scope", "-q", "-p", "Delegate=yes", binary]
  : [binary];

/** strace makes the kernel look like one without mount events (before Linux 6.15). */
export const older = [
  ...["strace", "-o", "/dev/null", "-e", "trace=fanotify_init"],
  ...["-e", "inject=fanotify_init:error=EINVAL", ...start],
];

/** The helper as a test sees it: ask, and wait for lines. */
export class Helper {
  readonly lines: Line[] = [];
  readonly process: ChildProcess;
  readonly name: string;
  #waiting = new Set<() => void>();
  #id = 0;

  constructor(name: string, command: readonly string[] = start) {
    this.name = `native-${name}`;
    this.process = spawn(String(command[0]), command.slice(1), {
      stdio: ["pipe", "pipe", "inherit"],
    });
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

  ask(request: Record<string, unknown>, milliseconds?: number): Promise<Line> {
    const id = ++this.#id;
    this.write(`${JSON.stringify({ id, ...request })}\n`);
    return this.wait((line) => line.id === id && ["ok", "error"].includes(line.kind), milliseconds);
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

export const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/* Directories that vanish while find(1) walks make it exit with 1: only what it prints counts. */
export const find = (pattern: string): string[] =>
  spawnSync("find", ["/sys/fs/cgroup", "-name", pattern], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean);

/** Processes in the pid namespace of `pid`, zombies excepted. */
export function members(namespace: string): number[] {
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

export const journals = (name: string): string[] =>
  existsSync("/run/tsinternals")
    ? readdirSync("/run/tsinternals").filter((file) => file.startsWith(`tsi-${name}-`))
    : [];

export async function nothingLeft(
  name: string,
  namespace: string,
  milliseconds = 1000,
  except: readonly string[] = [],
): Promise<void> {
  const left = () =>
    [...members(namespace), ...find(`tsi-${name}-*`), ...journals(name)].filter(
      (each) => !except.includes(String(each)),
    );
  const deadline = Date.now() + milliseconds;
  let found = left();
  // Looked at once more, it could be another lab's: namespaces' numbers are given again at once.
  for (; found.length > 0 && Date.now() < deadline; found = left()) await sleep(5);
  expect(found).toEqual([]);
}

export const janitorOf = (helper: Helper, init: number): number => {
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

export const succeeds = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;

export const load = `
  if [ -d /sys/fs/cgroup/freezer ]; then
    mkdir /sys/fs/cgroup/freezer/frozen; sleep 1000 &
    echo $! > /sys/fs/cgroup/freezer/frozen/cgroup.procs
    echo FROZEN > /sys/fs/cgroup/freezer/frozen/freezer.state
  fi
  setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
  unshare -pf sleep 1000 & unshare -n sleep 1000 &
  ip link add br0 type bridge; echo loaded`;
