import type {
  Event,
  EventKind,
  ProcessExec,
  ProcessExit,
  Syscall,
} from "../../../timeline/event.ts";
import type { ContainerStageDone } from "../../../timeline/event-container.ts";
import type { ProcessNamespaces } from "../../../timeline/event-kernel.ts";
import { floodText } from "../../../timeline/flood-text.ts";
import { layerText } from "../../../timeline/layer-text.ts";
import { cgroupLabel } from "../../../timeline/world.ts";
import { commandLine, endSpan, oneLine, UNREAD_PROGRAM } from "../../labels.ts";
import { clip, clipLine, type Line, lineWidth, type Span, span, widthOf } from "../../text.ts";
import { daemonText, isDaemonOfInterest, shortIds } from "./event-line-daemon.ts";
import { isNetworkOfInterest, type NetnsOf, networkText } from "./event-line-network.ts";

/** How the learner knows a process of the host: by its pid in the lab. */
type PidOf = (pid: number) => string;

type Draw<K extends EventKind> = (
  event: Extract<Event, { kind: K }>,
  pidOf: PidOf,
  width: number,
) => Line;

/**
 * One event on one line, for the kinds that have one. Left out: output, probes and changes of
 * cgroup files, because they have panes of their own; writes to cgroup files, because strace
 * shows the write(2); the lab's own mounts from before the first step.
 */
const drawings: { readonly [K in EventKind]?: Draw<K> } = {
  "step.start": () => [],
  "lab.ready": (event) =>
    note(
      event.mode === "host"
        ? "watching this host itself: nothing on it is changed"
        : `lab ready: its PID 1 is ${event.pid} on the host`,
    ),
  "lab.gone": (event) => alarm(`lab gone: ${oneLine(event.reason)}`),
  "session.end": (event) => note(`session ${event.reason}`),
  "process.fork": (event, pidOf) =>
    by(pidOf(event.ppid), [span("fork", "name"), span(` → ${pidOf(event.pid)}`)]),
  "process.exec": (event, pidOf) => by(pidOf(event.pid), executed(event)),
  "process.exit": (event, pidOf) => by(pidOf(event.pid), exited(event)),
  "process.lost": () => alarm("the kernel dropped process events: there may be gaps here"),
  syscall: (event, _, width) => by(`${event.labPid}`, syscallSpans(event, width - PID_WIDTH)),
  "trace.signal": (event) => by(`${event.labPid}`, [span(oneLine(event.text), signalStyle(event))]),
  "trace.other": (event) => note(oneLine(event.text)),
  "cgroup.create": (event) =>
    note(`cgroup ${group(event)} created, the kernel put ${event.files.length} files into it`),
  "cgroup.remove": (event) => note(`cgroup ${group(event)} removed`),
  "cgroup.oom": (event) =>
    alarm(`cgroup ${group(event)} out of memory, ${event.kills} killed so far`),
  "cgroup.populated": (event) =>
    note(
      `cgroup ${group(event)} ${event.populated ? "has processes" : "has no processes any more"}`,
    ),
  "cgroup.frozen": (event) =>
    note(`cgroup ${group(event)} ${event.frozen ? "is frozen" : "runs again"}`),
  "process.namespaces": (event, pidOf) =>
    by(pidOf(event.pid), [span("namespaces", "name"), span(` ${namespaces(event)}`)]),
  "mount.add": (event) =>
    note(`mount ${oneLine(event.fstype)} on ${oneLine(event.target)}${inside(event)}`),
  "mount.remove": (event) => note(`umount ${oneLine(event.target)}${inside(event)}`),
  "mount.namespace": (event) =>
    note(`mount namespace ${event.mntns}, with ${event.mounts.length} mounts`),
  "mount.gone": (event) => note(`mount namespace ${event.mntns} is gone, with its mounts`),
  "mount.brief": (event) => note(`a mount was there for an instant${inside(event)}`),
  "layer.contents": (event) => note(oneLine(layerText(event))),
  "container.stage": (event, pidOf) => by(pidOf(event.pid), stageDone(event)),
  "container.stopped": (event, pidOf) =>
    by(pidOf(event.pid), [
      span(`container ${oneLine(event.container)} `),
      span(`waits after ${oneLine(event.stage)}`, "caution"),
    ]),
  "container.failed": (event) =>
    alarm(oneLine(`container ${event.container} failed at ${event.stage}: ${event.message}`)),
  "bundle.config": (event) =>
    note(
      oneLine(
        `${event.runtime} made container ${event.container} of ${event.bundle}, pid ${event.labPid}`,
      ),
    ),
  flood: (event) => alarm(floodText(event)),
  diagnostic: (event) => alarm(`${oneLine(event.source)}: ${oneLine(event.message)}`),
};

export function isOfInterest(event: Event, inStep: boolean): boolean {
  // Before the first step the lab sets itself up: its own mounts, groups and links.
  if (!inStep && /^(mount|cgroup|netns|link|address|route)\./.test(event.kind)) return false;
  // An exit is told by the process event, with its code or signal; SIGCHLD only repeats it. SIGURG
  // is how a Go program (runc, dockerd) makes room between its own threads.
  if (event.kind === "syscall") return event.name !== "exit_group" && event.name !== "exit";
  if (event.kind === "trace.signal")
    return (
      (event.event === "signal" && !["SIGCHLD", "SIGURG"].includes(event.signal ?? "")) ||
      event.event === "stopped"
    );
  return (
    drawings[event.kind] !== undefined || isNetworkOfInterest(event) || isDaemonOfInterest(event)
  );
}

export function eventLine(event: Event, pidOf: PidOf, netnsOf: NetnsOf, width: number): Line {
  const draw = drawings[event.kind] as Draw<EventKind> | undefined;
  if (draw !== undefined) return clipLine(draw(event as never, pidOf, width), width);
  const text = networkText(event, netnsOf) ?? daemonText(event);
  return text === null ? [] : clipLine(note(text), width);
}

const PID_WIDTH = 7;

function by(pid: string, what: Line): Line {
  return [span(`${pid.padStart(PID_WIDTH - 1)} `, "dim"), ...what];
}

function note(text: string): Line {
  return by("·", [span(text)]);
}

function alarm(text: string): Line {
  return by("!", [span(text, "caution")]);
}

/** In which mount namespace, where it is not the lab's own. */
function inside({ mntns }: { mntns?: number }): string {
  return mntns === undefined ? "" : ` in mnt:[${mntns}]`;
}

function namespaces(event: ProcessNamespaces): string {
  const own = Object.entries(event.namespaces).map(([type, inode]) => `${type}:[${inode}]`);
  return own.length === 0 ? "the lab's own again" : own.join(" ");
}

function group(event: { hierarchy: string; path: string }): string {
  return oneLine(shortIds(cgroupLabel(event.hierarchy, event.path)));
}

function stageDone({ stage, call, detail }: ContainerStageDone): Line {
  const what = call === undefined ? detail : `${call}: ${detail}`;
  return [span("stage ", "dim"), span(oneLine(stage), "name"), span(` ${oneLine(what)}`, "dim")];
}

function executed(event: ProcessExec): Line {
  if (event.comm === "strace") return [span("exec strace, to watch", "dim")];
  const exec = [span("exec", "name"), span(" ")];
  if (event.argv !== undefined) return [...exec, span(commandLine(event.argv), "command")];
  if (event.comm === undefined) return [...exec, span(UNREAD_PROGRAM, "dim")];
  return [...exec, span(oneLine(event.comm), "command")];
}

function exited(event: ProcessExit): Line {
  const end = endSpan({ code: event.code ?? null, signal: event.signal ?? null });
  return event.comm === undefined ? [end] : [end, span(` (${oneLine(event.comm)})`, "dim")];
}

function signalStyle(event: { signal?: string }): "bad" | "caution" {
  return event.signal === "SIGKILL" ? "bad" : "caution";
}

/** As strace(1) prints it; when there is no room the arguments give way, never the result. */
function syscallSpans(event: Syscall, width: number): Line {
  const name = oneLine(event.name);
  const result = resultSpans(event);
  const room = width - widthOf(name) - 2 - lineWidth(result);
  const args = shorten(oneLine(event.args.join(", ")));
  return [span(name, "name"), span(`(${clip(args, Math.max(1, room))})`), ...result];
}

function resultSpans(event: Syscall): Span[] {
  const result = shorten(oneLine(event.result ?? "?"));
  if (event.errno === undefined) return [span(` = ${result}`, "dim")];
  return [span(` = ${result} `), span(oneLine(event.errno), "bad")];
}

/** What tells nothing goes: where cgroups are mounted, inode numbers of pipes, the environment. */
function shorten(text: string): string {
  return text
    .replaceAll("/sys/fs/cgroup/", "…/")
    .replace(/<(pipe|socket):\[\d+\]>/g, "<$1>")
    .replace(/0x[0-9a-f]+ \/\* \d+ vars \*\//, "…");
}
