import type { ProcessExec, ProcessExit, ProcessFork, Syscall } from "./event.ts";
import type { ProcessFound, ProcessNamespaces } from "./event-kernel.ts";
import type { Namespaces, NamespaceType } from "./event-parts.ts";
import type { Folding } from "./folding.ts";
import type { Process, ProcessEnd } from "./world.ts";

export function newProcess(
  pid: number,
  ppid: number | null,
  startedAt: number,
  known: { labPid?: number; comm?: string | null },
): Process {
  const { labPid = null, comm = null } = known;
  return { pid, labPid, ppid, comm, argv: null, ...NO_NAMESPACES, startedAt, exit: null };
}

export function forked(folding: Folding, event: ProcessFork): void {
  const { world } = folding;
  // A child starts as a copy of its parent: same program, same namespaces (fork(2)).
  const parent = world.processes.get(event.ppid);
  const child = newProcess(event.pid, event.ppid, event.t, {
    ...(event.labPid !== undefined && { labPid: event.labPid }),
    comm: parent?.comm ?? null,
  });
  const { namespaces, namespacesSince } = parent ?? NO_NAMESPACES;
  const argv = parent?.argv ?? null;
  world.processes.set(event.pid, { ...child, argv, namespaces, namespacesSince });
  childrenOf(folding, event.ppid).add(event.pid);
}

export function found(folding: Folding, event: ProcessFound): void {
  const { pid, ppid, t, comm, labPid, argv = null, namespaces = {} } = event;
  const known = { ...(labPid !== undefined && { labPid }), ...(comm !== undefined && { comm }) };
  const process = { ...newProcess(pid, ppid, t, known), argv };
  // They are older than that, but nobody knows how much.
  const since = inNamespaces(process, { namespaces, t: 0 });
  folding.world.processes.set(pid, { ...process, ...since });
  childrenOf(folding, ppid).add(pid);
}

/** All are the lab's own. */
const NO_NAMESPACES = { namespaces: {}, namespacesSince: {} };

export function namespacesChanged({ world }: Folding, event: ProcessNamespaces): void {
  const process = world.processes.get(event.pid);
  if (process === undefined) return;
  world.processes.set(event.pid, { ...process, ...inNamespaces(process, event) });
}

function inNamespaces(
  process: Process,
  { namespaces, t }: { readonly namespaces: Namespaces; readonly t: number },
): Pick<Process, "namespaces" | "namespacesSince"> {
  const types = Object.keys(namespaces) as NamespaceType[];
  const since = types.map((type) => {
    const stayed = process.namespaces[type] === namespaces[type];
    return [type, stayed ? (process.namespacesSince[type] ?? t) : t];
  });
  return { namespaces, namespacesSince: Object.fromEntries(since) as Namespaces };
}

function childrenOf({ children }: Folding, pid: number): Set<number> {
  const known = children.get(pid) ?? new Set();
  children.set(pid, known);
  return known;
}

export function executed(folding: Folding, event: ProcessExec): void {
  const { world, programs } = folding;
  const process = world.processes.get(event.pid) ?? newProcess(event.pid, null, event.t, {});
  // A program that ended at once left no /proc/PID/cmdline to read; strace may have shown it.
  const argv = event.argv ?? argvOf(programs.get(event.pid));
  programs.delete(event.pid);
  world.processes.set(event.pid, {
    ...process,
    labPid: event.labPid ?? process.labPid,
    comm: event.comm ?? commOf(argv) ?? process.comm,
    argv,
    ...(event.namespaces !== undefined &&
      inNamespaces(process, { namespaces: event.namespaces, t: event.t })),
  });
}

/** comm is the last part of the program's path, 15 bytes at most (proc_pid_comm(5)). */
function commOf(argv: readonly string[] | null): string | null {
  return argv?.[0]?.split("/").at(-1)?.slice(0, 15) ?? null;
}

export function exited(folding: Folding, event: ProcessExit): void {
  const { world, children } = folding;
  const process = world.processes.get(event.pid) ?? newProcess(event.pid, null, event.t, {});
  world.processes.set(event.pid, {
    ...process,
    labPid: event.labPid ?? process.labPid,
    comm: event.comm ?? process.comm,
    exit: endOf(event),
  });
  folding.programs.delete(event.pid);
  if (process.ppid !== null) children.get(process.ppid)?.delete(event.pid);
  adopt(folding, event.pid);
}

/** Whoever a process leaves behind is adopted by the lab's PID 1 (pid_namespaces(7)). */
function adopt(folding: Folding, pid: number): void {
  const { world, children } = folding;
  const init = world.lab?.pid ?? null;
  for (const orphan of children.get(pid) ?? []) {
    const process = world.processes.get(orphan);
    if (process === undefined) continue;
    world.processes.set(orphan, { ...process, ppid: init });
    if (init !== null) childrenOf(folding, init).add(orphan);
  }
  children.delete(pid);
}

export function endOf(event: { t: number; code?: number; signal?: string }): ProcessEnd {
  return { t: event.t, code: event.code ?? null, signal: event.signal ?? null };
}

/** What an execve(2) that strace saw tells about a process whose own event said too little. */
export function programSeen({ world, programs }: Folding, event: Syscall): void {
  if (event.name !== "execve" || event.result !== "0" || event.pid === undefined) return;
  // strace stamps the call's beginning, the kernel its success: usually the call comes first.
  programs.set(event.pid, event.args[1] ?? "");
  const process = world.processes.get(event.pid);
  if (process === undefined || process.argv !== null) return;
  const argv = argvOf(event.args[1]);
  if (argv !== null) world.processes.set(event.pid, { ...process, argv, comm: commOf(argv) });
}

/** `["ls", "-l"]`: strace's array of strings, where it is one in JSON too and was not cut short. */
function argvOf(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
  } catch {
    return null;
  }
}
