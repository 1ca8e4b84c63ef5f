import type { Syscall } from "./event.ts";
import type { CgroupChange, CgroupWrite } from "./event-kernel.ts";
import type { Folding } from "./folding.ts";
import { type Cgroup, type ChangeCause, cgroupFileOf, cgroupKey, type World } from "./world.ts";

/** A change read longer after a write than this (ns) is not that write's doing. */
const WRITE_EXPLAINS_FOR = 1e9;

export function cgroupWritten(folding: Folding, event: CgroupWrite): void {
  for (const key of writtenKeys(event)) {
    const known = folding.writes.get(key);
    // strace may have told more about the same write already.
    if (known !== undefined && event.t - known.t < WRITE_EXPLAINS_FOR) continue;
    folding.writes.set(key, {
      t: event.t,
      cause: { kind: "write", labPid: event.labPid ?? null, text: null, at: folding.at },
    });
  }
}

export function cgroupFileWritten(folding: Folding, event: Syscall): void {
  const { lab } = folding.world;
  if (event.name !== "write" || lab === null || event.errno !== undefined) return;
  const path = /^\d+<(\/sys\/fs\/cgroup\/.*)>$/.exec(event.args[0] ?? "")?.[1];
  const file = path === undefined ? null : cgroupFileOf(lab.hierarchies, path);
  if (file === null) return;
  const text = event.args[1] ?? null;
  const cause: ChangeCause = { kind: "write", labPid: event.labPid, text, at: folding.at };
  for (const key of writtenKeys(file)) folding.writes.set(key, { t: event.t, cause });
}

/** Files whose content is a list of pids. Read from the host, so they hold host pids. */
const PID_FILES: readonly string[] = ["cgroup.procs", "tasks", "cgroup.threads"];

/** v1's device rules are written to one file and read from another. */
const READ_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  "devices.allow": ["devices.list"],
  "devices.deny": ["devices.list"],
};

/** The files that one write changes: moving a process shows in every list of pids. */
function writtenKeys(at: { hierarchy: string; path: string; file: string }): string[] {
  const { file } = at;
  const files = PID_FILES.includes(file) ? PID_FILES : (READ_ELSEWHERE[file] ?? [file]);
  return files.map((each) => `${cgroupKey(at.hierarchy, at.path)}/${each}`);
}

export function cgroupChanged(folding: Folding, event: CgroupChange): void {
  const { world } = folding;
  const key = cgroupKey(event.hierarchy, event.path);
  const told = PID_FILES.includes(event.file) ? inLabPids(world, event) : event;
  const cause = causeOf(folding, event);
  // The first reading of a new file is no change, unless somebody's write came before it.
  if (event.before !== null || cause.kind === "write") {
    const { t, hierarchy, path, file } = event;
    const { before, after } = told;
    world.changes.push({ t, at: folding.at, hierarchy, path, file, before, after, cause });
  }
  const group = world.cgroups.get(key);
  if (group === undefined) return;
  const files = ownFilesOf(folding, group);
  files.set(event.file, told.after);
  const pids = event.file === "cgroup.procs" ? pidList(event.after) : group.pids;
  if (files !== group.files || pids !== group.pids)
    world.cgroups.set(key, { ...group, files, pids });
}

/** In place: a copy of a group's forty files for every reading was a sixth of the fold's time. */
function ownFilesOf({ ownFiles }: Folding, { files }: Cgroup): Map<string, string> {
  const own = ownFiles.has(files) ? (files as Map<string, string>) : new Map(files);
  ownFiles.add(own);
  return own;
}

/** The write that this change comes from, which then explains no other; else the kernel. */
function causeOf({ writes }: Folding, event: CgroupChange): ChangeCause {
  const key = `${cgroupKey(event.hierarchy, event.path)}/${event.file}`;
  const write = writes.get(key);
  if (write === undefined || !mayComeFromWrite(event)) return { kind: "kernel" };
  writes.delete(key);
  return event.t - write.t < WRITE_EXPLAINS_FOR ? write.cause : { kind: "kernel" };
}

/** A write to a list of pids adds one; who leaves it has exited, or was moved by another write. */
function mayComeFromWrite({ file, before, after }: CgroupChange): boolean {
  // A new file that reads empty was looked at before the write took effect.
  if (before === null && after === "") return false;
  if (!PID_FILES.includes(file)) return true;
  const known = new Set(pidList(before ?? ""));
  return pidList(after).some((pid) => !known.has(pid));
}

function inLabPids(
  world: World,
  { before, after }: CgroupChange,
): Pick<CgroupChange, "before" | "after"> {
  return { before: before === null ? null : labPids(world, before), after: labPids(world, after) };
}

function pidList(text: string): number[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map(Number).sort((a, b) => a - b);
}

function labPids(world: World, text: string): string {
  const seen = pidList(text).map((pid) => world.processes.get(pid)?.labPid ?? pid);
  return seen.sort((a, b) => a - b).join("\n");
}
