import type {
  CgroupChange,
  CgroupWrite,
  Event,
  EventKind,
  ProcessExec,
  ProcessExit,
  ProcessFork,
  Syscall,
} from "./event.ts";
import type { Timeline } from "./timeline.ts";
import {
  type CgroupFileChange,
  type ChangeCause,
  cgroupFileOf,
  cgroupKey,
  type Process,
  type World,
} from "./world.ts";

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : T[K] extends readonly (infer Item)[]
      ? Item[]
      : T[K];
};

/** The fold's own copy of the world, with what it must remember between events. */
interface Folding {
  readonly world: Mutable<World>;
  /** The last write to each cgroup file that no change has accounted for yet. */
  readonly writes: Map<string, SeenWrite>;
}

interface SeenWrite {
  readonly t: number;
  readonly cause: ChangeCause;
}

/** A change read longer after a write than this (ns) is not that write's doing. */
const WRITE_EXPLAINS_FOR = 1e9;

/**
 * The world at any cursor of a timeline (`cursor` events are in the past). Going forward costs one
 * step per event; going back folds again from the beginning. The World that is returned is valid
 * until the next call.
 */
export function createWorldView(timeline: Timeline): (cursor: number) => World {
  let folding = emptyFolding();
  let folded = 0;
  return (cursor) => {
    const target = Math.max(0, Math.min(cursor, timeline.events.length));
    if (target < folded) {
      folding = emptyFolding();
      folded = 0;
    }
    for (; folded < target; folded++) apply(folding, timeline.events[folded] as Event);
    return folding.world;
  };
}

/** The world after these events. */
export function foldWorld(events: readonly Event[]): World {
  const folding = emptyFolding();
  for (const event of events) apply(folding, event);
  return folding.world;
}

function emptyFolding(): Folding {
  return {
    world: {
      session: null,
      lab: null,
      labAlive: false,
      processes: new Map(),
      cgroups: new Map(),
      changes: [],
      mounts: new Map(),
      links: new Map(),
      runs: new Map(),
      observerRatio: null,
      diagnostics: [],
    },
    writes: new Map(),
  };
}

type Handler<K extends EventKind> = (folding: Folding, event: Extract<Event, { kind: K }>) => void;

const handlers: { readonly [K in EventKind]?: Handler<K> } = {
  "session.start": ({ world }, event) => {
    world.session = event;
  },
  "lab.ready": ({ world }, event) => {
    world.lab = event;
    world.labAlive = true;
    world.processes.set(
      event.pid,
      newProcess(event.pid, null, event.t, { labPid: 1, comm: "init" }),
    );
  },
  "lab.gone": ({ world }) => {
    world.labAlive = false;
  },
  "observer.cost": ({ world }, event) => {
    world.observerRatio = event.ratio;
  },
  "run.start": ({ world }, event) => {
    const { run, step, pid, labPid, script, t } = event;
    world.runs.set(run, { run, step, pid, labPid, script, startedAt: t, exit: null });
  },
  "run.exit": ({ world }, event) => {
    const run = world.runs.get(event.run);
    if (run !== undefined) world.runs.set(event.run, { ...run, exit: endOf(event) });
  },
  "process.fork": ({ world }, event) => forked(world, event),
  "process.exec": ({ world }, event) => executed(world, event),
  "process.exit": ({ world }, event) => exited(world, event),
  "mount.add": ({ world }, event) => {
    world.mounts.set(event.mount, event);
  },
  "mount.remove": ({ world }, event) => {
    world.mounts.delete(event.mount);
  },
  "link.add": ({ world }, event) => {
    world.links.set(event.index, event);
  },
  "link.remove": ({ world }, event) => {
    world.links.delete(event.index);
  },
  "cgroup.create": ({ world }, event) => {
    const { hierarchy, path, files, t } = event;
    world.cgroups.set(cgroupKey(hierarchy, path), {
      hierarchy,
      path,
      createdAt: t,
      removedAt: null,
      fileNames: files,
      files: new Map(),
      pids: [],
    });
  },
  "cgroup.remove": ({ world }, event) => {
    const key = cgroupKey(event.hierarchy, event.path);
    const group = world.cgroups.get(key);
    if (group !== undefined) world.cgroups.set(key, { ...group, removedAt: event.t, pids: [] });
  },
  "cgroup.write": (folding, event) => wroteUnseen(folding, event),
  "cgroup.change": (folding, event) => changed(folding, event),
  syscall: (folding, event) => wrote(folding, event),
  diagnostic: ({ world }, event) => {
    world.diagnostics.push(event);
  },
};

function apply(folding: Folding, event: Event): void {
  const handler = handlers[event.kind] as ((folding: Folding, event: Event) => void) | undefined;
  handler?.(folding, event);
}

function newProcess(
  pid: number,
  ppid: number | null,
  startedAt: number,
  known: { labPid?: number; comm?: string | null },
): Process {
  const { labPid = null, comm = null } = known;
  return { pid, labPid, ppid, comm, argv: null, namespaces: {}, startedAt, exit: null };
}

function forked(world: Mutable<World>, event: ProcessFork): void {
  // A child starts as a copy of its parent: same program, same namespaces (fork(2)).
  const parent = world.processes.get(event.ppid);
  const child = newProcess(event.pid, event.ppid, event.t, {
    ...(event.labPid !== undefined && { labPid: event.labPid }),
    comm: parent?.comm ?? null,
  });
  const namespaces = parent?.namespaces ?? {};
  world.processes.set(event.pid, { ...child, argv: parent?.argv ?? null, namespaces });
}

function executed(world: Mutable<World>, event: ProcessExec): void {
  const process = world.processes.get(event.pid) ?? newProcess(event.pid, null, event.t, {});
  world.processes.set(event.pid, {
    ...process,
    labPid: event.labPid ?? process.labPid,
    comm: event.comm ?? process.comm,
    argv: event.argv ?? null,
    namespaces: event.namespaces ?? process.namespaces,
  });
}

function exited(world: Mutable<World>, event: ProcessExit): void {
  const process = world.processes.get(event.pid) ?? newProcess(event.pid, null, event.t, {});
  world.processes.set(event.pid, {
    ...process,
    labPid: event.labPid ?? process.labPid,
    comm: event.comm ?? process.comm,
    exit: endOf(event),
  });
  // Whoever it leaves behind is adopted by the lab's PID 1 (pid_namespaces(7)).
  const init = world.lab?.pid ?? null;
  for (const other of world.processes.values())
    if (other.ppid === event.pid && other.exit === null)
      world.processes.set(other.pid, { ...other, ppid: init });
}

function endOf(event: { t: number; code?: number; signal?: string }): Process["exit"] {
  return { t: event.t, code: event.code ?? null, signal: event.signal ?? null };
}

function wroteUnseen(folding: Folding, event: CgroupWrite): void {
  for (const key of writtenKeys(event)) {
    const known = folding.writes.get(key);
    // strace may have told more about the same write already.
    if (known !== undefined && event.t - known.t < WRITE_EXPLAINS_FOR) continue;
    folding.writes.set(key, { t: event.t, cause: { kind: "write", labPid: null, text: null } });
  }
}

function wrote(folding: Folding, event: Syscall): void {
  const { lab } = folding.world;
  if (event.name !== "write" || lab === null || event.errno !== undefined) return;
  const path = /^\d+<(.*)>$/.exec(event.args[0] ?? "")?.[1];
  const file = path === undefined ? null : cgroupFileOf(lab.hierarchies, path);
  if (file === null) return;
  const cause: ChangeCause = { kind: "write", labPid: event.labPid, text: event.args[1] ?? null };
  for (const key of writtenKeys(file)) folding.writes.set(key, { t: event.t, cause });
}

/** Files whose content is a list of pids. Read from the host, so they hold host pids. */
const PID_FILES: readonly string[] = ["cgroup.procs", "tasks", "cgroup.threads"];

/** The files that one write changes: moving a process shows in every list of pids. */
function writtenKeys(at: { hierarchy: string; path: string; file: string }): string[] {
  const files = PID_FILES.includes(at.file) ? PID_FILES : [at.file];
  return files.map((file) => `${cgroupKey(at.hierarchy, at.path)}/${file}`);
}

function causeOf(folding: Folding, key: string, t: number): ChangeCause {
  const write = folding.writes.get(key);
  folding.writes.delete(key);
  return write !== undefined && t - write.t < WRITE_EXPLAINS_FOR ? write.cause : { kind: "kernel" };
}

function changed(folding: Folding, event: CgroupChange): void {
  const { world } = folding;
  const { hierarchy, path, file, t } = event;
  const key = cgroupKey(hierarchy, path);
  const isPids = PID_FILES.includes(file);
  const translate = (text: string): string => (isPids ? labPids(world, text) : text);
  const change: CgroupFileChange = {
    t,
    hierarchy,
    path,
    file,
    before: event.before === null ? null : translate(event.before),
    after: translate(event.after),
    cause: causeOf(folding, `${key}/${file}`, t),
  };
  // The first reading of a new file is no change, unless somebody's write came before it.
  if (event.before !== null || change.cause.kind === "write") world.changes.push(change);
  const group = world.cgroups.get(key);
  if (group === undefined) return;
  const files = new Map(group.files).set(file, change.after);
  const pids = file === "cgroup.procs" ? pidList(event.after) : group.pids;
  world.cgroups.set(key, { ...group, files, pids });
}

function pidList(text: string): number[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map(Number).sort((a, b) => a - b);
}

function labPids(world: World, text: string): string {
  const seen = pidList(text).map((pid) => world.processes.get(pid)?.labPid ?? pid);
  return seen.sort((a, b) => a - b).join("\n");
}
