import type { Event, ProcessExec, ProcessExit } from "../../../timeline/event.ts";
import type { ProcessFound } from "../../../timeline/event-kernel.ts";

/** What a program is for, on the way from a command to a container's process. */
export type Role = "client" | "daemon" | "containerd" | "shim" | "runtime" | "container";

/** From left to right. */
export const ROLES: readonly Role[] = [
  "client",
  "daemon",
  "containerd",
  "shim",
  "runtime",
  "container",
];

/** By the name of the program; in `container` is whatever a runtime has put into namespaces. */
const PROGRAMS: readonly (readonly [RegExp, Role])[] = [
  [/^(?:docker|podman|nerdctl|ctr|crictl|curl|buildah)$/, "client"],
  [/^(?:dockerd|podman-service|crio)$/, "daemon"],
  [/^containerd$/, "containerd"],
  [/^(?:containerd-shim.*|conmon)$/, "shim"],
  [/^(?:runc|crun|youki|runsc|kata-runtime)$/, "runtime"],
];

function roleOfProgram(program: string): Role | null {
  return PROGRAMS.find(([form]) => form.test(program))?.[1] ?? null;
}

/** One process on the way, from when its program was executed. */
export interface Actor {
  readonly role: Role;
  readonly program: string;
  readonly from: number;
  until: number;
}

/** Who is who, as the kernel's process events tell it. */
export interface Cast {
  /** Of processes that play a part now, by host pid. */
  readonly actors: ReadonlyMap<number, Actor>;
  /** Everybody who ever did, in order. */
  readonly all: readonly Actor[];
  take(event: Event): void;
  /** The role of the process that forked this one; null: none, or not seen. */
  parentRole(pid: number): Role | null;
  /** The host's pid of a process that is known by the lab's. */
  pidOf(labPid: number): number | undefined;
}

export function createCast(): Cast {
  const actors = new Map<number, Actor>();
  const all: Actor[] = [];
  const parents = new Map<number, number>();
  /** Roles of parents when they forked: a parent may be gone when its child is asked about. */
  const parentRoles = new Map<number, Role>();
  const pids = new Map<number, number>();
  const apart = new Set<number>();
  const watchers = new Set<number>();
  /** `runc exec`: whatever such a process leads to runs in the container. */
  const entering = new Set<number>();

  const executed = (event: ProcessExec): void => {
    const { pid, t } = event;
    if (Object.keys(event.namespaces ?? {}).length > 0) apart.add(pid);
    const program = programOf(event);
    const role = castRole(pid, program);
    if (role === "runtime" && event.argv?.includes("exec") === true) entering.add(pid);
    const before = actors.get(pid);
    if (before !== undefined) {
      // `runc init` becomes the container's program: the same process, another part.
      before.until = t;
      actors.delete(pid);
    }
    if (role === null) return;
    const actor = { role, program, from: t, until: Number.POSITIVE_INFINITY };
    actors.set(pid, actor);
    all.push(actor);
  };

  const castRole = (pid: number, program: string): Role | null => {
    const parent = parentRoles.get(pid);
    const named = roleOfProgram(program);
    if (named === "runtime" || named === "shim") return named;
    if (parent === "container") return "container";
    if (parent === "runtime" && (apart.has(pid) || isLeftBehind(pid))) return "container";
    // `docker events` in a watch is our own ear.
    return named === "client" && watchers.has(pid) ? null : named;
  };

  /**
   * For who may not look at namespaces: hooks end before the runtime that runs them, and what executes a
   * program after its end is the container it has made.
   */
  const isLeftBehind = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (!actors.has(parent) || entering.has(parent));
  };

  /** Who was there already plays a part from here on; no arrow leads to it. */
  const found = (event: ProcessFound): void => {
    const { pid, ppid, t } = event;
    const above = actors.get(ppid)?.role;
    if (above !== undefined) parentRoles.set(pid, above);
    const program = programOf(event);
    const inContainer = above === "shim" || above === "container";
    const role = roleOfProgram(program) ?? (inContainer ? "container" : null);
    if (role === null) return;
    const actor = { role, program, from: t, until: Number.POSITIVE_INFINITY };
    actors.set(pid, actor);
    all.push(actor);
  };

  const exited = ({ pid, t }: ProcessExit): void => {
    const actor = actors.get(pid);
    if (actor !== undefined) actor.until = t;
    actors.delete(pid);
    watchers.delete(pid);
  };

  return {
    actors,
    all,
    take(event) {
      const { pid, labPid } = event as { pid?: number; labPid?: number };
      if (pid !== undefined && labPid !== undefined) pids.set(labPid, pid);
      if (event.kind === "watch.start") watchers.add(event.pid);
      if (event.kind === "process.found") found(event);
      if (event.kind === "process.fork") {
        // The kernel gives numbers again.
        apart.delete(event.pid);
        actors.delete(event.pid);
        entering.delete(event.pid);
        parents.set(event.pid, event.ppid);
        const role = actors.get(event.ppid)?.role;
        if (role === undefined) parentRoles.delete(event.pid);
        else parentRoles.set(event.pid, role);
        if (watchers.has(event.ppid) && role === undefined) watchers.add(event.pid);
      }
      if (event.kind === "process.namespaces" && Object.keys(event.namespaces).length > 0)
        apart.add(event.pid);
      if (event.kind === "process.exec") executed(event);
      if (event.kind === "process.exit") exited(event);
    },
    parentRole: (pid) => parentRoles.get(pid) ?? null,
    pidOf: (labPid) => pids.get(labPid),
  };
}

/** `containerd-shim-runc-v2`: comm has 15 characters only (proc_pid_comm(5)). */
export function programOf({ argv, comm }: Pick<ProcessExec, "argv" | "comm">): string {
  const first = argv?.[0];
  return (first === undefined || first === "" ? comm : first.split("/").at(-1)) ?? "?";
}
