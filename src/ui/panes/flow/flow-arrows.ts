import type { Event, ProcessExec, ProcessExit } from "../../../timeline/event.ts";
import type { ContainerdEvent } from "../../../timeline/event-daemon.ts";
import type { Exchange } from "../../../timeline/event-exchange.ts";
import { commandLine, endSpan, oneLine, UNREAD_PROGRAM } from "../../labels.ts";
import type { StyleName } from "../../text.ts";
import { daemonText, shortIds } from "../events/event-line-daemon.ts";
import { loggedRequest } from "./flow-log.ts";
import { shortPath } from "./flow-path.ts";
import { type Actor, type Cast, createCast, programOf, type Role } from "./flow-roles.ts";

/** One line of the diagram: who to whom, or something that happened to one. */
export interface Arrow {
  /** Tells arrows apart for good, however many come between them later. */
  readonly key: string;
  readonly t: number;
  readonly from: Role;
  readonly to: Role;
  readonly label: string;
  readonly style?: StyleName;
  /** Of another time and place. */
  readonly origin?: string;
  /** A process ended. */
  readonly ends?: true;
  /** Index of the event that is the evidence, and which side of an exchange. */
  readonly at: number;
  readonly part?: "request" | "response" | "body";
  /** Known from a daemon's log alone. */
  readonly logged?: true;
  /** One of many programs that somebody runs by the way; neighbours of one name become one line. */
  readonly helper?: string;
}

/** What of a session is on the way from a command to a container. */
export interface Flow {
  /** In order of time. */
  readonly arrows: readonly Arrow[];
  readonly actors: readonly Actor[];
}

export interface FlowReader {
  /** Looks at each event once; a moment in the past is what was known then of all that is known. */
  read(events: readonly Event[], cursor: number): Flow;
}

export function createFlowReader(): FlowReader {
  const growing = emptyGrowing();
  return {
    read(events, cursor) {
      for (; growing.seen < cursor; growing.seen++)
        take(growing, events[growing.seen] as Event, growing.seen);
      if (cursor < growing.seen) return flowBefore(growing, cursor, events[cursor - 1]?.t ?? -1);
      return { arrows: growing.arrows, actors: growing.cast.all };
    },
  };
}

/** The flow when `cursor` events were in the past, the last of them at `t`. */
function flowBefore({ arrows, replaced, cast }: Growing, cursor: number, t: number): Flow {
  const before = arrows.filter(({ at }) => at < cursor);
  for (const { arrow, by } of replaced)
    if (arrow.at < cursor && by >= cursor) insert(before, arrow);
  return { arrows: before, actors: cast.all.filter(({ from }) => from <= t) };
}

interface Growing {
  seen: number;
  readonly arrows: Arrow[];
  /** Lines of a log whose place better evidence has taken, and by which event. */
  readonly replaced: { readonly arrow: Arrow; readonly by: number }[];
  readonly cast: Cast;
}

type Told = Omit<Arrow, "key" | "at">;

function emptyGrowing(): Growing {
  return { seen: 0, arrows: [], replaced: [], cast: createCast() };
}

function take(growing: Growing, event: Event, at: number): void {
  const { arrows, cast } = growing;
  // Who ended is still known before the end is taken in; who began only after its beginning is.
  const before = event.kind === "process.exit" ? told(cast, event) : [];
  if (event.origin === undefined) cast.take(event);
  const after = event.kind === "process.exit" ? [] : told(cast, event);
  const { origin } = event;
  const from = origin === undefined ? {} : { origin };
  [...before, ...after].forEach((each, index) => {
    if (!isSeenTwice(growing, each, at))
      insert(arrows, { ...each, ...from, at, key: keyOf(each, at, index) });
  });
}

/**
 * A traced client's request is in the daemon's log as well, a moment later. The exchange is the
 * better evidence, and may come after the log's line: then it takes the line's place.
 */
function isSeenTwice({ arrows, replaced }: Growing, arrow: Told, by: number): boolean {
  if (arrow.part !== "request" && arrow.logged !== true) return false;
  const isOther = (each: Arrow): boolean =>
    each.logged !== arrow.logged &&
    (each.logged === true || each.part === "request") &&
    each.label === arrow.label &&
    Math.abs(each.t - arrow.t) < LOGGED_WITHIN;
  // What is looked for is among the latest, which are in order of time.
  let at = arrows.length - 1;
  while (
    at >= 0 &&
    (arrows[at] as Arrow).t > arrow.t - LOGGED_WITHIN &&
    !isOther(arrows[at] as Arrow)
  )
    at--;
  if (at < 0 || !isOther(arrows[at] as Arrow)) return false;
  if (arrow.logged === true) return true;
  for (const other of arrows.splice(at, 1)) replaced.push({ arrow: other, by });
  return false;
}

/** Nanoseconds from a client's write to the line in the daemon's log, on a busy machine. */
const LOGGED_WITHIN = 100e6;

function keyOf({ part }: Told, at: number, index: number): string {
  return `${at} ${part ?? index}`;
}

/** An exchange is known when it was answered, and belongs to where it was asked. */
function insert(arrows: Arrow[], arrow: Arrow): void {
  let place = arrows.length;
  while (place > 0 && (arrows[place - 1] as Arrow).t > arrow.t) place--;
  arrows.splice(place, 0, arrow);
}

function told(cast: Cast, event: Event): Told[] {
  const { t } = event;
  switch (event.kind) {
    case "process.exec":
      return executed(cast, event);
    case "process.exit":
      return exited(cast, event);
    case "exchange":
      return exchanged(cast, event);
    case "exchange.stream": {
      const { from, to } = sides(cast, event);
      const back = event.direction === "in";
      const label = streamLabel(event);
      return [{ t, from: back ? to : from, to: back ? from : to, label, style: "kernel" }];
    }
    case "exchange.http2": {
      const { from, to } = sides(cast, event);
      const bytes = `gRPC: ${event.sent} bytes there, ${event.received} back`;
      // `/containerd.services.tasks.v1.Tasks/List` is Tasks/List.
      const calls = (event.paths ?? []).map((path) => path.split(".").at(-1) ?? path);
      const labels = calls.length === 0 ? [bytes] : calls.map((call) => `gRPC ${call}`);
      return labels.map((label, index) => ({
        ...{ t: event.times?.[index] ?? event.began, from, to },
        label: oneLine(label),
      }));
    }
    case "containerd.event": {
      // Tasks are the shim's, which tells containerd (runtime v2); of the rest containerd tells
      // its subscribers, and dockerd is one.
      const inTask = event.topic.startsWith("/tasks/");
      const told = has(cast, "daemon") ? "daemon" : "containerd";
      const to = inTask ? "containerd" : told;
      return [
        { t, from: inTask ? "shim" : "containerd", to, label: topicText(event), style: "name" },
      ];
    }
    case "dockerd.log": {
      const label = loggedRequest(event);
      if (label === null) return [];
      return [{ t, from: "client", to: "daemon", label, style: "dim", logged: true }];
    }
    case "docker.event": {
      const role = has(cast, "daemon") ? "daemon" : "client";
      const label = oneLine(`event: ${daemonText(event)?.replace(/^docker /, "") ?? ""}`);
      return [{ t, from: role, to: role, label, style: "name" }];
    }
    default:
      return [];
  }
}

function has({ all }: Cast, role: Role): boolean {
  return all.some((actor) => actor.role === role);
}

function exchanged(cast: Cast, event: Exchange): Told[] {
  const { t, began, method, path, status, upgrade } = event;
  // A traced server's calls show the same exchange from the other end.
  if (event.side === "server" || event.own === true) return [];
  const { from, to } = sides(cast, event);
  const asked: Told = {
    ...{ t: began, from, to, part: "request" },
    label: oneLine(`${method} ${shortPath(path)}`),
    style: "command",
  };
  if (status === undefined) return [asked];
  const answered = event.answered ?? t;
  const what = oneLine(path.split("/").at(-1) ?? path);
  const took = (until: number): string => `${((until - began) / 1e6).toFixed(1)} ms`;
  const became = upgrade === undefined ? "" : `, now ${oneLine(upgrade)}`;
  const style = status < 400 ? {} : ({ style: "bad" } as const);
  const back = { from: to, to: from, ...style };
  const answer: Told = {
    ...{ ...back, t: answered, part: "response" },
    label: `${status} for ${what}${became}, ${took(answered)}`,
  };
  const { bytes = 0, cut } = event.response ?? {};
  if (cut === true || t - answered < BODY_APART) return [asked, answer];
  return [
    asked,
    answer,
    { ...back, t, part: "body", label: `${what}: ${bytes} bytes, ${took(t)}` },
  ];
}

/** A body this much (ns) later than its head is an answer of its own: `wait` waits with it. */
const BODY_APART = 5e6;

function topicText({ topic, labPid, exit }: ContainerdEvent): string {
  const pid = labPid === undefined ? "" : ` pid ${labPid}`;
  return oneLine(`${topic}${pid}${exit === undefined ? "" : ` exit ${exit}`}`);
}

/** The client asks whom its socket leads to. */
function sides(cast: Cast, event: { labPid: number; pid?: number; socket?: string }) {
  const pid = event.pid ?? cast.pidOf(event.labPid);
  const from = pid === undefined ? undefined : cast.actors.get(pid)?.role;
  const to: Role = /containerd/.test(event.socket ?? "") ? "containerd" : "daemon";
  return { from: from === undefined || from === to ? "client" : from, to } as const;
}

function streamLabel({ stream, bytes, text }: Extract<Event, { kind: "exchange.stream" }>): string {
  const what = text === undefined || text === "" ? "" : `: ${text.trimEnd()}`;
  return oneLine(`${stream ?? "stream"}, ${bytes} bytes${what}`);
}

function executed(cast: Cast, event: ProcessExec): Told[] {
  const { pid, t } = event;
  const parent = cast.parentRole(pid);
  const actor = cast.actors.get(pid);
  if (actor === undefined) {
    const unread = event.argv === undefined && event.comm === undefined;
    const program = unread ? UNREAD_PROGRAM : programOf(event);
    // What daemons and runtimes run by the way: iptables, docker-proxy, hooks.
    if (parent === null || parent === "client") return [];
    const label = oneLine(`runs ${unread ? program : helperLine(event)}`);
    return [{ t, from: parent, to: parent, label, style: "dim", helper: program }];
  }
  const { role } = actor;
  const from = parent ?? role;
  return [{ t, from, to: role, label: oneLine(programLine(event, role)), style: "command" }];
}

function helperLine(event: ProcessExec): string {
  const [, ...rest] = event.argv ?? [];
  return shortIds(commandLine([programOf(event), ...rest]));
}

/** The runtimes' and shims' options are long and always the same; the evidence has them all. */
function programLine(event: ProcessExec, role: Role): string {
  const program = programOf(event);
  const argv = event.argv ?? [];
  if (role === "runtime") {
    const at = argv.findIndex((word, index) => index > 0 && SUBCOMMANDS.test(word));
    const behind = argv.slice(at + 1).filter((word) => !/^-|\/|^[0-9a-f]{64}$/.test(word));
    if (at < 0) return commandLine([program, ...argv.slice(1)]);
    return [program, argv[at], ...behind].join(" ");
  }
  if (role === "shim") {
    const last = argv.at(-1) ?? "";
    return /^(?:start|delete)$/.test(last) ? `${program} ${last}` : program;
  }
  return shortIds(commandLine([program, ...argv.slice(1)]));
}

const SUBCOMMANDS =
  /^(?:create|start|run|exec|kill|delete|init|state|list|ps|pause|resume|update|events|spec)$/;

function exited(cast: Cast, event: ProcessExit): Told[] {
  const actor = cast.actors.get(event.pid);
  if (actor === undefined) return [];
  const { role, program } = actor;
  const end = endSpan({ code: event.code ?? null, signal: event.signal ?? null });
  const style = end.style === undefined ? {} : { style: end.style };
  const label = `${end.text} (${oneLine(role === "shim" ? "shim" : program)})`;
  const to = waiterOf(cast, event.pid, role);
  return [{ t: event.t, from: role, to, label, ends: true, ...style }];
}

/** Who learns of the end: the shim is its container's reaper (PR_SET_CHILD_SUBREAPER, prctl(2)). */
function waiterOf(cast: Cast, pid: number, role: Role): Role {
  const living = new Set([...cast.actors.values()].map((actor) => actor.role));
  const parent = cast.parentRole(pid);
  // A container's own children are its own to wait for.
  if (role === "container" && parent !== "container")
    return living.has("shim") ? "shim" : living.has("runtime") ? "runtime" : role;
  return role === "runtime" && parent === "shim" && living.has("shim") ? "shim" : role;
}
