import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { execa, type Options, type ResultPromise } from "execa";
import { find } from "./native-helper.ts";

/** How live tests use the program: as a user does, from outside. */
export const root = resolve(import.meta.dirname, "../..");
const program = join(root, "dist/tsinternals.mjs");

/** Why the live tests cannot run here, or null. Named in the report of skipped tests. */
export function whyNotLive(): string | null {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  try {
    execFileSync("strace", ["-V"], { stdio: "ignore" });
  } catch {
    return "needs strace (apt-get install -y strace)";
  }
  return null;
}

export function tsinternals<O extends Options>(args: readonly string[], options: O = {} as O) {
  const defaults = { reject: false, stdin: "ignore", env: { CI: "" } } as const;
  return execa(process.execPath, [program, ...args], { ...defaults, ...options });
}

/**
 * Runs the program as nobody (uid 65534), from a copy that nobody may read: a checkout often lies
 * below a folder of root's own.
 */
export async function asNobody(args: readonly string[], folder: string) {
  const copy = join(folder, "readable");
  if (!existsSync(copy)) makeReadableCopy(copy);
  const options = { reject: false, stdin: "ignore", uid: 65534, gid: 65534, cwd: "/" } as const;
  return execa(join(copy, "node"), [join(copy, "dist/tsinternals.mjs"), ...args], options);
}

/** The program and Node where everybody can reach them. */
export function makeReadableCopy(copy: string): void {
  for (const part of ["dist", "lessons", "fixtures", "native/build/tsi-lab"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  copyFileSync(process.execPath, join(copy, "node"));
  execFileSync("chmod", ["-R", "a+rX", dirname(copy)]);
}

export interface Line {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export function parseLines(stdout: unknown): Line[] {
  return String(stdout)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** Starts a session and waits until an event is seen; the session goes on. */
export async function startUntil(
  args: readonly string[],
  seen: (line: Line) => boolean,
  options: Options = {},
): Promise<{ session: ResultPromise; lines: Line[] }> {
  const session = tsinternals(args, { buffer: true, ...options }) as unknown as ResultPromise;
  const lines: Line[] = [];
  await new Promise<void>((resolvePromise, reject) => {
    let rest = "";
    session.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const line = JSON.parse(part) as Line;
        lines.push(line);
        if (seen(line)) resolvePromise();
      }
    });
    session.then(() => reject(new Error("the session ended before it was seen")), reject);
  });
  return { session, lines };
}

/** The lab's name and PID 1, from its `lab.ready`. */
export function labOf(lines: readonly Line[]): { lab: string; pid: number } {
  const ready = lines.find(({ kind }) => kind === "lab.ready");
  if (ready === undefined) throw new Error("no lab.ready was seen");
  return { lab: String(ready.lab), pid: Number(ready.pid) };
}

/** What of a lab is still on this host: cgroup directories and processes, by its name or pid. */
export function remains({ lab, pid }: { lab: string; pid: number }): string[] {
  const directories = find(`*${lab}*`);
  const processes = readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const isInit = Number(entry) === pid;
      return isInit || readFileSync(`/proc/${entry}/cgroup`, "utf8").includes(lab);
    } catch {
      return false;
    }
  });
  // A killed process whose parent has not asked for its end yet is a line in a table, no more.
  const living = processes.filter((entry) => !hasEnded(entry));
  return [...directories, ...living.map((entry) => `process ${entry}`)];
}

/** Whether a process has closed its files and ended, waited for or not (proc_pid_status(5)). */
export function hasEnded(pid: string): boolean {
  try {
    return /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}

/** What remains when it has gone or the time is up; and how long (ms) that took. */
export async function remainsWithin(
  lab: { lab: string; pid: number },
  milliseconds: number,
): Promise<{ left: string[]; took: number }> {
  const begun = performance.now();
  for (;;) {
    const left = remains(lab);
    const took = performance.now() - begun;
    if (left.length === 0 || took > milliseconds) return { left, took };
    await new Promise((resolvePromise) => setTimeout(resolvePromise, 10));
  }
}

/** The host as a whole: links, mounts, name, network namespaces by name. */
export function hostFingerprint(): string {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ").slice(3).join(" "))
    .sort()
    .join("\n");
  const links = readdirSync("/sys/class/net").sort().join(" ");
  const hostname = readFileSync("/proc/sys/kernel/hostname", "utf8").trim();
  return `${hostname}\n${links}\n${mounts}`;
}
