import type { Stamped } from "./event-parts.ts";

/** What daemons say of themselves, read from commands that a lesson keeps running (`sh watch`). */
export type DaemonEvent =
  | WatchStart
  | WatchExit
  | WatchLine
  | ContainerdEvent
  | DockerEvent
  | DockerdLog;

/** A command was started whose lines become events; it goes on while the lesson does. */
export interface WatchStart extends Stamped {
  readonly kind: "watch.start";
  readonly run: number;
  readonly step: string;
  readonly pid: number;
  readonly labPid: number;
  readonly script: string;
}

/** It ended: exactly one of `code` and `signal` (waitpid(2)). */
export interface WatchExit extends Stamped {
  readonly kind: "watch.exit";
  readonly run: number;
  readonly code?: number;
  readonly signal?: string;
}

/** A line that is none of the kinds below, or on standard error. */
export interface WatchLine extends Stamped {
  readonly kind: "watch.line";
  readonly run: number;
  readonly stream: "out" | "err";
  readonly text: string;
}

/**
 * A line of `ctr events` (containerd 1.x and 2.x): when the event was published, and its fields
 * (containerd's api/events). Not to be taken for `container.*`, which `tsi-lab container` tells.
 */
export interface ContainerdEvent extends Stamped {
  readonly kind: "containerd.event";
  readonly run: number;
  /** `/tasks/start`. */
  readonly topic: string;
  /** containerd's namespaces have nothing to do with the kernel's: `moby` is Docker's. */
  readonly namespace: string;
  /** The container's id. */
  readonly container?: string;
  /** The process's id where it is not the container's first (`docker exec`). */
  readonly exec?: string;
  /** As containerd sees it: the lab's pid. */
  readonly labPid?: number;
  /** Of `/tasks/exit` and `/tasks/delete`: absent fields are 0 in protobuf's JSON, and so here. */
  readonly exit?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line of `docker events --format '{{json .}}'`, or of podman's `--format json`. */
export interface DockerEvent extends Stamped {
  readonly kind: "docker.event";
  readonly run: number;
  /** `container`, `network`, `image`, `volume`, `daemon`. */
  readonly type: string;
  /** `create`, `start`, `die`, `exec_start: echo hi`. */
  readonly action: string;
  /** The id of what it happened to. */
  readonly actor: string;
  /** Docker's attributes; `name`, `image`, `exitCode`, `signal` are often among them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A line of a daemon's log in logfmt: dockerd's own, and containerd's where dockerd passes it on. */
export interface DockerdLog extends Stamped {
  readonly kind: "dockerd.log";
  readonly run: number;
  /** `debug`, `info`, `warning`, `error`. */
  readonly level: string;
  readonly message: string;
  /** The other fields of the line: `module`, `container`, `topic`. */
  readonly fields: Readonly<Record<string, string>>;
}
