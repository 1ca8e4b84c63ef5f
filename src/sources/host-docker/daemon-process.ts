import { readdirSync, readlinkSync } from "node:fs";
import {
  allPids,
  argumentsOf,
  below,
  fileIdentity,
  namespaceOf,
  readText,
  type SeenProcess,
  seenProcess,
} from "./proc.ts";

/** The dockerd behind a socket: whose pids it tells, and who belongs to it. */
export interface DaemonProcess {
  readonly pid: number;
  /** How many pid namespaces it is below us: 0, unless it runs in a container or a lab. */
  readonly level: number;
  readonly uid: number;
  /** Its pid namespace; null: not to be seen. */
  readonly pidns: string | null;
  readonly argv: readonly string[];
}

/**
 * Null: none is to be seen, because the socket leads to a virtual machine, say. Without root the files
 * of other users' processes cannot be looked at; then it is the dockerd in our own pid namespace.
 */
export function findDaemonProcess(socket: string): DaemonProcess | null {
  const all = allPids().flatMap((pid) => {
    const seen = seenProcess(pid);
    return seen?.comm === "dockerd" ? [seen] : [];
  });
  const wanted = fileIdentity(socket);
  const listening = all.find((each) => listensOn(each.pid, wanted));
  const usual = all.toSorted((a, b) => a.pids.length - b.pids.length)[0];
  const found = listening ?? usual;
  return found === undefined ? null : daemonOf(found);
}

function daemonOf({ pid, pids, uid }: SeenProcess): DaemonProcess {
  const pidns = namespaceOf(pid, "pid");
  return { pid, level: pids.length - 1, uid, pidns, argv: argumentsOf(pid) };
}

/** A socket has two inodes: that of its file, and that which /proc/net/unix and /proc/PID/fd name. */
function listensOn(pid: number, wanted: string | null): boolean {
  const bound = (readText(`/proc/${pid}/net/unix`) ?? "").split("\n").flatMap((line) => {
    const [, inode, path] = /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) (\/.*)$/.exec(line) ?? [];
    return inode === undefined || path === undefined ? [] : [{ inode, path }];
  });
  const here = bound.filter(({ path }) => {
    const identity = fileIdentity(below(`/proc/${pid}/root`, path));
    return identity !== null && identity === wanted;
  });
  if (here.length === 0) return false;
  const held = socketsOf(pid);
  return here.some(({ inode }) => held.has(inode));
}

function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  try {
    const inodes = readdirSync(folder).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
    return new Set(inodes);
  } catch {
    return new Set();
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
