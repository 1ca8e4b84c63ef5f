import type { Event } from "../../../timeline/event.ts";
import type {
  ContainerdEvent,
  DaemonEvent,
  DockerdLog,
  DockerEvent,
} from "../../../timeline/event-daemon.ts";
import type {
  Exchange,
  ExchangeEvent,
  ExchangeHttp2,
  ExchangeStream,
} from "../../../timeline/event-exchange.ts";
import { oneLine } from "../../labels.ts";

type Told = DaemonEvent | ExchangeEvent;
type Draw<K extends Told["kind"]> = (event: Extract<Told, { kind: K }>) => string;

const drawings: { readonly [K in Told["kind"]]: Draw<K> } = {
  exchange: exchangeText,
  "exchange.stream": streamText,
  "exchange.http2": http2Text,
  "watch.start": ({ script }) => `watching: ${script.trim()}`,
  "watch.exit": ({ code, signal }) => `a watch ended: ${signal ?? `exit ${code}`}`,
  "watch.line": ({ text }) => text,
  "containerd.event": containerdText,
  "docker.event": dockerText,
  "dockerd.log": logText,
};

/** What a daemon said, or was asked, on one line; null for other kinds. */
export function daemonText(event: Event): string | null {
  if (!isTold(event)) return null;
  return oneLine(shortIds((drawings[event.kind] as Draw<Told["kind"]>)(event as never)));
}

/** A daemon's debug log says a hundred lines a second; who wants them has the recording. */
export function isDaemonOfInterest(event: Event): boolean {
  if (event.kind !== "dockerd.log") return isTold(event);
  const { level, message, fields } = event;
  return level !== "debug" && fields.module !== "grpc" && !LOADING.test(message);
}

/** containerd names each of its fifty plugins when it begins, in fields of its own since 2.0. */
const LOADING = /^(?:skip )?loading plugin\b/;

/** What a sentence is about, in the order in which it reads well; newer daemons put all into fields. */
const TELLING = ["id", "topic", "container", "address", "version", "pid", "error"];

function logText({ level, message, fields }: DockerdLog): string {
  const told = TELLING.flatMap((name) => {
    const value = fields[name];
    return value === undefined || message.includes(value) ? [] : [`${name}=${value}`];
  });
  return [`dockerd ${level}: ${message}`, ...told].join(" ");
}

function isTold(event: Event): event is Told {
  return Object.hasOwn(drawings, event.kind);
}

/** Docker's and containerd's ids of 64 digits as their clients print them. */
export function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1");
}

/** A path whose ids are left out: what is asked for matters more than of which container. */
export function withoutIds(path: string): string {
  return path.replace(/\/[0-9a-f]{12,64}(?=[/?]|$)/g, "/…");
}

function exchangeText(event: Exchange): string {
  const { method, path, status, upgrade, t, began, own } = event;
  const became = upgrade === undefined ? "" : `, from here ${upgrade}`;
  const took = `${((t - began) / 1e6).toFixed(1)} ms`;
  const by = own === true ? "(ours) " : "";
  return `${by}${method} ${path} → ${status ?? "no answer"}${became} (${took})`;
}

function streamText({ direction, stream, bytes, text }: ExchangeStream): string {
  const way = direction === "in" ? "from" : "to";
  const what = text === undefined || text === "" ? "" : `: ${text.trimEnd()}`;
  return `${stream ?? "stream"} ${way} the container, ${bytes} bytes${what}`;
}

function http2Text({ socket, sent, received, paths }: ExchangeHttp2): string {
  const whom = socket === undefined ? "" : ` with ${socket}`;
  const calls = paths === undefined ? "" : ` ${paths.join(" ")}`;
  return `gRPC (HTTP/2)${whom}:${calls} ${sent} bytes sent, ${received} received`;
}

function containerdText({ namespace, topic, container, labPid, exit }: ContainerdEvent): string {
  const pid = labPid === undefined ? "" : ` pid ${labPid}`;
  const end = exit === undefined ? "" : ` exit ${exit}`;
  return `containerd ${namespace} ${topic} ${container ?? ""}${pid}${end}`;
}

function dockerText({ type, action, actor, attributes }: DockerEvent): string {
  const { name = actor, exitCode } = attributes;
  return `docker ${type} ${action} ${name}${exitCode === undefined ? "" : ` exit ${exitCode}`}`;
}
