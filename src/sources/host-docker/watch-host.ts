import type { Event } from "../../timeline/event.ts";
import { createMerge } from "../../timeline/merge.ts";
import { watchBundles } from "../bundles.ts";
import type { Clock } from "../clock.ts";
import { createQueue } from "../queue.ts";
import { watchContainerCgroups } from "./container-cgroups.ts";
import { watchContainerd } from "./containerd-watch.ts";
import { type DaemonProcess, findDaemonProcess } from "./daemon-process.ts";
import { createDockerApi } from "./docker-api.ts";
import { watchDocker } from "./docker-watch.ts";
import { readHostFile } from "./host-files.ts";
import { hostReady, telling } from "./host-ready.ts";
import type { Inspected } from "./inspect.ts";
import { below, namespaceOf } from "./proc.ts";
import { watchProcesses } from "./processes.ts";

/** This machine's docker daemon and all that is looked at around it: one stream of events. */
export interface HostWatch {
  /** Batches of events, until it is closed. To be read once. */
  events(): AsyncGenerator<readonly Event[], void>;
  emit(event: Event): void;
  /** Hands out at once what is held back for slower sources. */
  flush(): void;
  /** Starts to look; a second time nothing happens. */
  begin(): void;
  close(): Promise<void>;
}

export interface HostWatchOptions {
  /** The daemon's socket. */
  readonly socket: string;
  /** The native helper. */
  readonly helper: string;
  readonly clock: Clock;
}

/** As in a lab: so long (ns) an event waits for slower sources. */
const HOLD = 60e6;
const RELEASE_MILLISECONDS = 25;

/** Every source here only reads: docker's API with GET, containerd's events, /proc, cgroup files. */
export function watchHost({ socket, helper, clock }: HostWatchOptions): HostWatch {
  const merge = createMerge(HOLD);
  const batches = createQueue<readonly Event[]>();
  const hand = (events: readonly Event[]): void => {
    if (events.length > 0) batches.push(events);
  };
  let closed = false;
  const emit = (event: Event): void => {
    if (!closed) merge.push(event);
  };
  const { now } = clock;
  const realtimeAtStart = realtimeNow() - now();
  const fromRealtime = (nanoseconds: number): number => nanoseconds - realtimeAtStart;
  const daemon = findDaemonProcess(socket);
  const ready = hostReady(now(), daemon?.pid ?? null);
  emit(ready);
  const processes = watchProcesses({ helper, clock, daemon, emit: (event) => take(event) });
  const { hostPid } = processes.followed;
  const cgroups = watchContainerCgroups({ hierarchies: telling(ready.hierarchies), now, emit });
  const attach = (container: string, labPid: number, fresh: boolean): void => {
    const pid = hostPid(labPid);
    if (pid !== undefined) cgroups.attach(container, pid, fresh);
  };
  const running = ({ id, labPid }: Inspected, fresh: boolean): void => attach(id, labPid, fresh);
  const docker = watchDocker({ api: createDockerApi(socket), now, fromRealtime, emit, running });
  const created = (container: string, labPid: number): void => attach(container, labPid, true);
  const containerd = watchContainerd({ daemon, now, fromRealtime, emit, created });
  const root = rootOf(daemon);
  const asSeenHere = (path: string): string => {
    const [, labPid, rest] = /^\/proc\/(\d+)(\/.*)$/.exec(path) ?? [];
    if (labPid === undefined) return below(root, path);
    return `/proc/${hostPid(Number(labPid)) ?? 0}${rest}`;
  };
  const read = (path: string): Promise<string | null> => readHostFile(asSeenHere(path));
  // The notes of runc are root's alone.
  const mayReadNotes = daemon !== null && process.geteuid?.() === 0;
  const bundles = mayReadNotes ? watchBundles({ read, emit, now, hostPid }) : null;
  const take = (event: Event): void => {
    emit(event);
    bundles?.notice(event);
  };
  const timer = setInterval(() => hand(merge.release(now())), RELEASE_MILLISECONDS);
  let begun = false;
  return {
    events: () => batches.items(),
    emit,
    flush: () => hand(merge.flush()),
    begin() {
      if (begun) return;
      begun = true;
      if (daemon === null) emit(noDaemon(now()));
      processes.begin();
      containerd.begin();
      docker.begin();
    },
    async close() {
      if (closed) return;
      docker.close();
      containerd.close();
      cgroups.close();
      bundles?.close();
      await processes.close();
      clearInterval(timer);
      hand(merge.flush());
      closed = true;
      batches.end();
    },
  };
}

/** What the daemon calls by a path may be mounted elsewhere for us. */
function rootOf(daemon: DaemonProcess | null): string {
  if (daemon === null || namespaceOf(daemon.pid, "mnt") === namespaceOf("self", "mnt")) return "";
  return `/proc/${daemon.pid}/root`;
}

function noDaemon(t: number): Event {
  const message = "no dockerd is to be seen on this machine: its events, and no processes of it";
  return { kind: "diagnostic", t, source: "processes", message };
}

/** CLOCK_REALTIME in nanoseconds. */
function realtimeNow(): number {
  return (performance.timeOrigin + performance.now()) * 1e6;
}
