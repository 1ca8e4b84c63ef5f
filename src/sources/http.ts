import type { Event, Syscall, TraceSignal } from "../timeline/event.ts";
import { type Connection, createConnection } from "./http-connection.ts";
import {
  type Descriptor,
  isSocket,
  readDescriptor,
  readTransfer,
  type Transfer,
} from "./http-data.ts";
import type { HttpMessage } from "./http-message.ts";

/**
 * HTTP/1 as the system calls show it: what a process reads from and writes to a socket, joined
 * into requests with their responses. For `POST /v1.41/containers/create` with its whole JSON body
 * strace needs `-s 65536` (and `-y`, so that a descriptor tells which socket it is); with less, a
 * message says `whole: false` and its body how many bytes are missing.
 *
 * Of HTTP/2 only the bytes are counted. Not seen: TLS (it is cipher text by then), and io_uring(7),
 * which makes no system calls.
 */
export type HttpEvent = HttpExchange | HttpRaw | Http2;

export interface OnConnection {
  /** The call that carried the first byte: when, which run, which process. */
  readonly t: number;
  readonly run: number;
  readonly labPid: number;
  readonly pid?: number;
  readonly fd: number;
  /** Counts connections, from 1. */
  readonly connection: number;
  /** Where the connection goes, as strace prints it, when it was seen: `/run/docker.sock`. */
  readonly peer?: string;
}

/** A request and its response. */
export interface HttpExchange extends OnConnection {
  readonly type: "exchange";
  /** Of the process whose calls these are: a client writes the request, a server reads it. */
  readonly side: "client" | "server";
  readonly method: string;
  /** `/v1.41/containers/create?name=web`. */
  readonly target: string;
  readonly request: HttpMessage;
  /** Null when the connection or the trace ended first. */
  readonly response: HttpMessage | null;
  readonly status: number | null;
  /** Session time of the response's first byte. */
  readonly answered: number | null;
  /** Session time of the response's last byte. */
  readonly until: number | null;
  /** The protocol switched to (`Upgrade: tcp` of docker attach, CONNECT); then HttpRaw follows. */
  readonly upgrade?: string;
}

/** Bytes on a connection that is no longer HTTP. */
export interface HttpRaw extends OnConnection {
  readonly type: "raw";
  /** Seen from the process whose call it is. */
  readonly direction: Transfer["direction"];
  /** One character a byte. */
  readonly shown: string;
  /** How many more nobody saw. */
  readonly missing: number;
}

/** A connection that began with HTTP/2's preface (RFC 9113, 3.4), which gRPC speaks; at its end. */
export interface Http2 extends OnConnection {
  readonly type: "http2";
  readonly side: "client" | "server";
  readonly sent: number;
  readonly received: number;
  /** What the client asked for, as far as its headers can be read (hpack.ts). */
  readonly paths: readonly string[];
  /** When each of them was asked for. */
  readonly times: readonly number[];
}

/** Takes events in order; hands out exchanges as soon as they are complete. */
export interface HttpReader {
  push(event: Event): HttpEvent[];
  /** Requests still without their response. */
  end(): HttpEvent[];
}

export function readHttp(events: Iterable<Event>): HttpEvent[] {
  const reader = createHttpReader();
  return [...[...events].flatMap((event) => reader.push(event)), ...reader.end()];
}

export function createHttpReader(): HttpReader {
  const connections = new Map<string, Connection>();
  const peers = new Map<string, string>();
  const sockets = new Set<string>();
  /** thread → the process it belongs to, learnt from clone(2) with CLONE_THREAD. */
  const processes = new Map<number, number>();

  /** Runs whose clone(2)s are traced: there a thread is known for one. */
  const forks = new Set<number>();
  /** Processes that were seen to execute a program: no threads. */
  const programs = new Set<number>();
  /** Of processes, in the lab → on the host. */
  const pids = new Map<number, number>();
  let count = 0;

  const processOf = (call: Syscall): number => processes.get(call.labPid) ?? call.labPid;

  /** The call as the process's whose thread made it: descriptors belong to processes. */
  const ofProcess = (call: Syscall): Syscall => {
    const { pid, ...others } = call;
    const labPid = processOf(call);
    if (labPid === call.labPid && pid !== undefined) pids.set(labPid, pid);
    const known = pids.get(labPid);
    return known === undefined ? { ...others, labPid } : { ...others, labPid, pid: known };
  };

  /** A socket is known by its own number or addresses (-y, -yy), else by process and descriptor. */
  const keyOf = (call: Syscall, fd: Descriptor): string => {
    if (fd.name !== null) return `${call.run} ${socketName(fd.name)}`;
    const own = `${call.run} ${processOf(call)} ${fd.number}`;
    return sockets.has(own) ? own : (socketOfOther(call, fd.number) ?? own);
  };

  /** Of a trace without clone(2) nobody knows whose thread a stranger is, but it shares sockets. */
  const socketOfOther = ({ run, labPid }: Syscall, fd: number): string | null => {
    if (forks.has(run) || programs.has(labPid)) return null;
    const [only, ...others] = [...sockets].filter(
      (key) => isOf(run, key) && key.endsWith(` ${fd}`),
    );
    return only === undefined || others.length > 0 ? null : only;
  };

  const close = (key: string): HttpEvent[] => {
    const connection = connections.get(key);
    connections.delete(key);
    return connection?.end() ?? [];
  };

  const transfer = (call: Syscall, moved: Transfer): HttpEvent[] => {
    const key = keyOf(call, moved.fd);
    if (!isSocket(moved.fd) && !(moved.fd.name === null && knownSocket(call, key))) return [];
    let connection = connections.get(key);
    if (connection === undefined) {
      connection = createConnection(++count, peers.get(key) ?? printedPeer(moved.fd));
      connections.set(key, connection);
    }
    connection.user = processOf(call);
    return connection.take(ofProcess(call), moved);
  };

  /** Without -y: send and recv take nothing but sockets, and socket(2) and accept(2) were seen. */
  const knownSocket = (call: Syscall, key: string): boolean =>
    sockets.has(key) || /^(?:send|recv)(?!file)/.test(call.name);

  const notice = (call: Syscall): HttpEvent[] => {
    const made = readDescriptor(call.result);
    const first = readDescriptor(call.args[0]);
    switch (call.name) {
      case "execve":
        programs.add(call.labPid);
        return [];
      case "clone":
      case "clone3":
        forks.add(call.run);
        if (made !== null && call.args.some((arg) => arg.includes("CLONE_THREAD"))) {
          processes.set(made.number, processOf(call));
        }
        return [];
      case "socket":
      case "accept":
      case "accept4": {
        if (made === null) return [];
        const key = keyOf(call, made);
        sockets.add(key);
        peers.delete(key);
        return close(key);
      }
      case "connect": {
        const address = readAddress(call.args[1] ?? "");
        if (first !== null && address !== null) peers.set(keyOf(call, first), address);
        return [];
      }
      case "close": {
        if (first === null || call.result !== "0") return [];
        const key = keyOf(call, first);
        // A server's parent closes its copy of what its child goes on using.
        if (first.name !== null && connections.get(key)?.user !== processOf(call)) return [];
        sockets.delete(key);
        peers.delete(key);
        return close(key);
      }
      default:
        return [];
    }
  };

  /** The kernel closes what a process leaves open; a thread shares its descriptors. */
  const gone = ({ run, labPid, event }: TraceSignal): HttpEvent[] => {
    if ((event !== "exited" && event !== "killed") || processes.delete(labPid)) return [];
    const left = [...connections].filter(([key, { user }]) => user === labPid && isOf(run, key));
    return left.flatMap(([key]) => close(key));
  };

  return {
    push: (event) => {
      if (event.kind === "trace.signal") return gone(event);
      if (event.kind !== "syscall") return [];
      const moved = readTransfer(event);
      return moved === null ? notice(event) : transfer(event, moved);
    },
    end: () => [...connections.keys()].flatMap(close),
  };
}

function isOf(run: number, key: string): boolean {
  return key.startsWith(`${run} `);
}

/** A unix socket's number stays, its peer's (-yy) comes and goes. */
function socketName(name: string): string {
  return /^UNIX[\w-]*:\[\d+/.exec(name)?.[0] ?? name;
}

/** `-yy` prints where a socket goes: `UNIX-STREAM:[12->34,"/run/docker.sock"]`, `TCP:[a->b]`. */
function printedPeer({ name }: Descriptor): string | undefined {
  const [, path, address] =
    /^\w[\w-]*:\[(?:\d+(?:->\d+)?,@?"(.*)"|.*->(.*))\]$/s.exec(name ?? "") ?? [];
  return path ?? address;
}

/** The address connect(2) was given. */
function readAddress(printed: string): string | null {
  const path = /(?:sun_|\b)path=(@?"[^"]*")/.exec(printed);
  if (path !== null) return (path[1] as string).replaceAll('"', "");
  const port = /sin6?_port=htons\((\d+)\)/.exec(printed);
  const host = /inet_(?:addr\(|pton\(AF_INET6, )"([^"]*)"/.exec(printed);
  return port === null || host === null ? null : `${host[1]}:${port[1]}`;
}
