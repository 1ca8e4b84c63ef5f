import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** A process as /proc shows it at one moment (proc(5)). */
export interface SeenProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  /** Its pid in each pid namespace it is in, from ours inwards (NSpid). */
  readonly pids: readonly number[];
  /** The real user id. */
  readonly uid: number;
}

export function allPids(): number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** Null: it is gone, or not to be seen (mount option hidepid). */
export function seenProcess(pid: number): SeenProcess | null {
  const status = readText(`/proc/${pid}/status`);
  if (status === null) return null;
  const field = (name: string): string =>
    new RegExp(`^${name}:\\t(.*)$`, "m").exec(status)?.[1] ?? "";
  const pids = field("NSpid").split("\t").filter(Boolean).map(Number);
  return {
    pid,
    ppid: Number(field("PPid")),
    comm: field("Name"),
    pids: pids.length > 0 ? pids : [pid],
    uid: Number(field("Uid").split("\t")[0]),
  };
}

/** `pid:[4026531836]`; null: it is another user's, or gone. */
export function namespaceOf(pid: number | "self", type: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/${type}`);
  } catch {
    return null;
  }
}

export function argumentsOf(pid: number): string[] {
  const text = readText(`/proc/${pid}/cmdline`) ?? "";
  return text.replace(/\0$/, "").split("\0");
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Which file it is, whatever it is called; null: none, or none of ours to look at. */
export function fileIdentity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/**
 * A path of a process that may have another root (`/proc/PID/root`; empty: our own). /var/run is a link
 * to /run nearly everywhere, and an absolute link leads out of there, to ours (proc_pid_root(5)).
 */
export function below(root: string, path: string): string {
  return root === "" ? path : root + path.replace(/^\/var\/run\//, "/run/");
}
