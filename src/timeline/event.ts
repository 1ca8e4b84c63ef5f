import type { BundleEvent } from "./event-bundle.ts";
import type { ContainerEvent } from "./event-container.ts";
import type { DaemonEvent } from "./event-daemon.ts";
import type { ExchangeEvent } from "./event-exchange.ts";
import type { Flood } from "./event-flood.ts";
import type { KernelEvent } from "./event-kernel.ts";
import type { LabAbilities, StepUnable } from "./event-lab.ts";
import type { LayerContents } from "./event-layer.ts";
import type { AskAnswer } from "./event-learner.ts";
import type { NetworkEvent } from "./event-network.ts";
import type { Namespaces, Stamped } from "./event-parts.ts";
import type { ShellEvent } from "./event-shell.ts";
import type { HostSummary } from "./host-summary.ts";
import type { StepChanges } from "./snapshot.ts";

/**
 * The one event stream. Everything that happens in a session is an `Event`; the object in memory
 * is the line on disk (JSON, one event a line).
 *
 * Units and names, everywhere in this project:
 * - `t`: nanoseconds since the session began, on CLOCK_MONOTONIC (clock_gettime(2)).
 * - `pid`: the process id in the host's pid namespace. `labPid`: the same process seen from the
 *   lab's pid namespace, which is what `echo $$`, strace and every command in a lesson print.
 *   (pid_namespaces(7): one process has one id per namespace it is visible in.)
 * - cgroup paths are relative to the lab's own cgroup: `/` is the lab, `/demo` a group below it.
 *   `hierarchy` names the tree: the controllers of a v1 hierarchy joined by commas (`memory`,
 *   `cpu,cpuacct`), `name=systemd` for a named one, and the empty string for cgroup v2
 *   (the second field of /proc/PID/cgroup, cgroups(7)).
 *
 * Readers ignore kinds and fields they do not know.
 */
export type Event =
  | SessionStart
  | SessionEnd
  | LabReady
  | LabGone
  | ObserverCost
  | StepStart
  | StepEnd
  | StepUnable
  | AskAnswer
  | ShellEvent
  | RunStart
  | RunExit
  | Output
  | ProcessFork
  | ProcessExec
  | ProcessExit
  | ProcessLost
  | Syscall
  | TraceSignal
  | TraceOther
  | KernelEvent
  | StepChanges
  | LayerContents
  | NetworkEvent
  | ContainerEvent
  | BundleEvent
  | ExchangeEvent
  | DaemonEvent
  | Probe
  | Flood
  | Diagnostic;

export type EventKind = Event["kind"];

/** Always the first event. `format` is the recording format's version. */
export interface SessionStart extends Stamped {
  readonly kind: "session.start";
  readonly format: 1;
  readonly tool: string;
  readonly lesson: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly host: HostSummary;
}

export interface SessionEnd extends Stamped {
  readonly kind: "session.end";
  readonly reason: "finished" | "left" | "interrupted" | "failed";
}

/** The lab is up: its PID 1 and its namespaces (inode numbers of /proc/PID/ns/*, namespaces(7)). */
export interface LabReady extends Stamped, LabAbilities {
  readonly kind: "lab.ready";
  readonly lab: string;
  /** The lab's PID 1, seen from the host. */
  readonly pid: number;
  readonly namespaces: Namespaces;
  readonly hierarchies: readonly Hierarchy[];
  /** What this lab cannot do, each with the reason. Empty when it can do everything. */
  readonly lacks: readonly Lack[];
}

export interface Hierarchy {
  readonly hierarchy: string;
  readonly version: 1 | 2;
  /** v1: the controllers bound to the tree. v2: cgroup.controllers of the lab's cgroup. */
  readonly controllers: readonly string[];
  /** Where the lab sees it, e.g. `/sys/fs/cgroup/memory`; the lab's own cgroup is the root of it. */
  readonly mount: string;
}

export interface Lack {
  readonly what: string;
  readonly why: string;
}

export interface LabGone extends Stamped {
  readonly kind: "lab.gone";
  readonly reason: string;
}

/** What watching costs here: the same commands with and without strace, wall time, one run each. */
export interface ObserverCost extends Stamped {
  readonly kind: "observer.cost";
  readonly observer: "strace";
  /** traced time ÷ untraced time. */
  readonly ratio: number;
}

export interface StepStart extends Stamped {
  readonly kind: "step.start";
  readonly step: string;
  /** Its solve blocks are run instead of its run blocks. */
  readonly solved?: true;
  /** The learner did it in a shell of their own. */
  readonly byHand?: true;
}

export interface StepEnd extends Stamped {
  readonly kind: "step.end";
  readonly step: string;
}

/** A command was started in the lab. */
export interface RunStart extends Stamped {
  readonly kind: "run.start";
  readonly run: number;
  readonly step: string;
  readonly pid: number;
  readonly labPid: number;
  /** What the learner sees: the text of the block. */
  readonly script: string;
}

/** waitpid(2): exactly one of `code` and `signal`. */
export interface RunExit extends Stamped {
  readonly kind: "run.exit";
  readonly run: number;
  readonly code?: number;
  readonly signal?: string;
}

/** A piece of a run's output. `text` is UTF-8; bytes that are not come as `base64` instead. */
export interface Output extends Stamped {
  readonly kind: "output";
  readonly run: number;
  /** `pty`: out and err of a run on a terminal, as the terminal has them. */
  readonly stream: "out" | "err" | "pty";
  readonly text?: string;
  readonly base64?: string;
}

export interface ProcessFork extends Stamped {
  readonly kind: "process.fork";
  readonly pid: number;
  readonly ppid: number;
  readonly labPid?: number;
}

/** execve(2) succeeded. `argv` is what /proc/PID/cmdline held when it was read; it may be absent. */
export interface ProcessExec extends Stamped {
  readonly kind: "process.exec";
  readonly pid: number;
  readonly labPid?: number;
  readonly comm?: string;
  readonly argv?: readonly string[];
  readonly namespaces?: Namespaces;
}

export interface ProcessExit extends Stamped {
  readonly kind: "process.exit";
  readonly pid: number;
  readonly labPid?: number;
  readonly comm?: string;
  readonly code?: number;
  readonly signal?: string;
}

/** The kernel dropped process events (ENOBUFS): what follows may have gaps. */
export interface ProcessLost extends Stamped {
  readonly kind: "process.lost";
}

/** One system call, as strace printed it (strace(1)). Arguments keep strace's spelling. */
export interface Syscall extends Stamped {
  readonly kind: "syscall";
  readonly labPid: number;
  readonly pid?: number;
  readonly run: number;
  readonly name: string;
  readonly args: readonly string[];
  /** Absent when the call never returned (`?`). */
  readonly result?: string;
  readonly errno?: string;
  /** Seconds spent in the call (`-T`). */
  readonly seconds?: number;
}

/** strace's `--- SIG… ---` and `+++ … +++` lines. */
export interface TraceSignal extends Stamped {
  readonly kind: "trace.signal";
  readonly labPid: number;
  readonly pid?: number;
  readonly run: number;
  readonly event: "signal" | "exited" | "killed" | "stopped";
  readonly signal?: string;
  readonly code?: number;
  readonly text: string;
}

/** A line on strace's channel that is none of the above; kept so that nothing is lost. */
export interface TraceOther extends Stamped {
  readonly kind: "trace.other";
  readonly run: number;
  readonly text: string;
}

/**
 * Somebody looked into the lab because a check asks about it: read a file, or ran a command that is
 * not shown. `text` is null when the file is not there; when the command failed without a word.
 */
export interface Probe extends Stamped {
  readonly kind: "probe";
  /** Of a command the empty text: readers from before there were any then know no such file. */
  readonly path: string;
  readonly command?: string;
  readonly text: string | null;
  /** Why it could not be read, when that is not simply ENOENT. */
  readonly error?: string;
}

/** Something a source has to say about itself: a failure, an end, a limit. */
export interface Diagnostic extends Stamped {
  readonly kind: "diagnostic";
  readonly source: string;
  readonly message: string;
}
