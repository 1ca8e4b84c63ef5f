import type { Namespaces, Stamped } from "./event-parts.ts";

/**
 * A container that is built by hand in the lab (native/CONTAINER.md). What `detail` and `message`
 * say was written in the lab: it is shown, never relied on. The pids come from the kernel.
 */
export type ContainerEvent = ContainerStageDone | ContainerStopped | ContainerFailed;

interface OfContainer extends Stamped {
  /** The name by which `container go` calls it. */
  readonly container: string;
  /** As `container stages` lists them: `clone` … `exec`. */
  readonly stage: string;
  /** The container's process, seen from the host. */
  readonly pid: number;
  readonly labPid?: number;
}

/** A stage is done: from here on the kernel's state is what it says. */
export interface ContainerStageDone extends OfContainer {
  readonly kind: "container.stage";
  /** The system call that did it. */
  readonly call?: string;
  readonly detail: string;
  /** After `clone` and `cgroup`: the namespaces it is in (inodes of /proc/PID/ns/*). */
  readonly ns?: Namespaces;
}

/** It waits there for `container go`. */
export interface ContainerStopped extends OfContainer {
  readonly kind: "container.stopped";
}

/** A stage could not be done, and the container is given up. */
export interface ContainerFailed extends OfContainer {
  readonly kind: "container.failed";
  readonly call?: string;
  readonly message: string;
}
