import { accessSync, constants } from "node:fs";
import { execa } from "execa";
import type { Event } from "../../timeline/event.ts";
import type { ContainerdEvent } from "../../timeline/event-daemon.ts";
import { createWatchReader } from "../watch-reader.ts";
import type { DaemonProcess } from "./daemon-process.ts";
import { below } from "./proc.ts";

/** containerd's own events, as `ctr events` prints them. */
export interface ContainerdWatch {
  begin(): void;
  close(): void;
}

export interface ContainerdWatchOptions {
  readonly daemon: DaemonProcess | null;
  readonly now: () => number;
  readonly fromRealtime: (nanoseconds: number) => number;
  readonly emit: (event: Event) => void;
  /** A container's process is there, and does not run yet. */
  readonly created: (container: string, labPid: number) => void;
}

const RUN = 1;
/** containerd may be restarted as well; so often (ms) it is tried again. */
const LOOK_AGAIN = 2000;

export function watchContainerd(options: ContainerdWatchOptions): ContainerdWatch {
  const { daemon, now, emit, created } = options;
  let closed = false;
  let stop: () => void = () => {};
  const say = (message: string): void =>
    emit({ kind: "diagnostic", t: now(), source: "containerd", message });
  const once = async (socket: string): Promise<string | null> => {
    const argv = ["--address", socket, "--namespace", "moby", "events"];
    const child = execa("ctr", argv, {
      ...{ buffer: false, reject: false, stdin: "ignore", detached: true },
    });
    stop = () => child.kill("SIGTERM");
    if (closed) stop();
    const { pid } = child;
    const script = ["ctr", ...argv].join(" ");
    if (pid !== undefined)
      emit({ kind: "watch.start", t: now(), run: RUN, step: "watch", pid, labPid: pid, script });
    const reader = createWatchReader({ ...options, run: RUN });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      for (const event of reader.push({ stream: "out", text })) take(event);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      for (const event of reader.push({ stream: "err", text })) emit(event);
    });
    const { code } = await child;
    return code === "ENOENT" ? "there is no ctr (it comes with containerd)" : null;
  };
  const take = (event: Event): void => {
    emit(event);
    if (event.kind === "containerd.event" && isCreated(event))
      created(event.container as string, event.labPid as number);
  };
  const goOn = async (): Promise<void> => {
    const socket = findSocket(daemon);
    if (typeof socket !== "string") return say(`no events of containerd: ${socket.why}`);
    while (!closed) {
      const why = await once(socket);
      if (closed) return;
      if (why !== null) return say(`no events of containerd: ${why}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN).unref());
    }
  };
  return {
    begin() {
      goOn().catch((error: Error) => say(error.message));
    },
    close() {
      closed = true;
      stop();
    },
  };
}

function isCreated({ topic, container, labPid }: ContainerdEvent): boolean {
  return topic === "/tasks/create" && container !== undefined && labPid !== undefined;
}

/** Where dockerd's containerd listens: as its arguments say, else its own, else the machine's. */
function findSocket(daemon: DaemonProcess | null): string | { readonly why: string } {
  if (daemon === null) return { why: "no dockerd is to be seen on this machine" };
  const { pid, argv } = daemon;
  // What dockerd calls by a path may be mounted elsewhere here.
  const roots = [`/proc/${pid}/root`, ""];
  const places = containerdSockets(argv).flatMap((path) => roots.map((root) => below(root, path)));
  const open = places.find(mayUse);
  return open ?? { why: "only root may ask it" };
}

export function containerdSockets(argv: readonly string[]): string[] {
  const given = option(argv, "--containerd");
  if (given !== null) return [given.replace(/^unix:\/\//, "")];
  const root = option(argv, "--exec-root") ?? "/var/run/docker";
  // dockerd takes the machine's where there is one, and else starts its own.
  return [`${root}/containerd/containerd.sock`, "/run/containerd/containerd.sock"];
}

function option(argv: readonly string[], name: string): string | null {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = argv[at];
  if (word === undefined) return null;
  return word === name ? (argv[at + 1] ?? null) : word.slice(name.length + 1);
}

function mayUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
