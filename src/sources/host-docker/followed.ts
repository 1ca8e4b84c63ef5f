import type { ProcessExec, ProcessExit, ProcessFork } from "../../timeline/event.ts";
import type { ProcessFound } from "../../timeline/event-kernel.ts";
import { hideArgument } from "../secrets.ts";
import type { DaemonProcess } from "./daemon-process.ts";
import { namespaceOf, type SeenProcess, seenProcess } from "./proc.ts";

export type ProcessEvent = ProcessFound | ProcessFork | ProcessExec | ProcessExit;

/** Programs whose processes, with all their descendants, are followed. */
export const DAEMONS = ["dockerd", "containerd", "containerd-shim-runc-v2"] as const;
export const CLIENTS = ["docker"] as const;

/** Keeps apart what belongs to the daemon that is watched, and what to others on this machine. */
export interface Followed {
  /** The event, if it is about a process that we follow. */
  take(event: ProcessEvent): ProcessEvent | null;
  /** The host's pid of a process that the daemon knows by this one. */
  hostPid(labPid: number): number | undefined;
}

export interface FollowedOptions {
  /** Null: none is to be seen, so only clients are followed. */
  readonly daemon: DaemonProcess | null;
  readonly look?: (pid: number) => SeenProcess | null;
  readonly pidnsOf?: (pid: number) => string | null;
}

export function createFollowed(options: FollowedOptions): Followed {
  const { daemon, look = seenProcess, pidnsOf = (pid) => namespaceOf(pid, "pid") } = options;
  const ours = new Set<number>();
  const hostPids = new Map<number, number>();
  const own = namespaceOf("self", "pid");

  const isDaemons = (pid: number): boolean => {
    const seen = look(pid);
    if (daemon === null || seen === null || seen.uid !== daemon.uid) return false;
    const pidns = pidnsOf(pid);
    if (pidns !== null && daemon.pidns !== null) return pidns === daemon.pidns;
    return seen.pids.length === daemon.level + 1;
  };
  const isClient = (pid: number): boolean => {
    const pidns = pidnsOf(pid);
    if (pidns !== null) return pidns === own || pidns === daemon?.pidns;
    const level = (look(pid)?.pids.length ?? 0) - 1;
    return level === 0 || level === daemon?.level;
  };
  const isRoot = (pid: number, comm: string | undefined): boolean => {
    if (comm === undefined) return false;
    if (CLIENTS.some((name) => name === comm)) return isClient(pid);
    return DAEMONS.some((name) => name.slice(0, COMM_LENGTH) === comm) && isDaemons(pid);
  };
  const belongs = (event: ProcessEvent): boolean => {
    if (event.kind === "process.fork") return ours.has(event.ppid);
    if (ours.has(event.pid) || event.kind === "process.exit") return ours.has(event.pid);
    if (event.kind === "process.found" && ours.has(event.ppid)) return true;
    return isRoot(event.pid, event.comm);
  };
  return {
    take(event) {
      if (!belongs(event)) {
        // The kernel gives numbers again.
        if (event.kind === "process.fork") ours.delete(event.pid);
        return null;
      }
      if (event.kind === "process.exit") ours.delete(event.pid);
      else ours.add(event.pid);
      if (event.labPid !== undefined) hostPids.set(event.labPid, event.pid);
      return withoutSecrets(event);
    },
    hostPid: (labPid) => (daemon?.level === 0 ? labPid : hostPids.get(labPid)),
  };
}

/** proc_pid_comm(5). */
const COMM_LENGTH = 15;

function withoutSecrets(event: ProcessEvent): ProcessEvent {
  if (!("argv" in event) || event.argv === undefined) return event;
  return { ...event, argv: event.argv.map(hideArgument) };
}
