import type { Event, Hierarchy } from "../../src/timeline/event.ts";

type Variant = "v1" | "v2";
type Untimed<E> = E extends Event ? Omit<E, "t"> : never;

/** Events by hand, with time going on by a tenth of a millisecond from one to the next. */
export function timed(events: readonly Untimed<Event>[], from = 0): Event[] {
  return events.map((event, index) => ({ ...event, t: from + index * 1e5 }) as Event);
}

const INIT = 4242;

/** The session begins, the lab comes up. */
export function labEvents(variant: Variant = "v1"): Event[] {
  const host = { os: "Debian 12", kernel: "6.18.0", arch: "x64", cgroup: variant, strace: "6.1" };
  return timed([
    {
      kind: "session.start",
      format: 1,
      tool: "0.1.0",
      lesson: "cgroups",
      startedAt: "2026-11-22T06:00:00.000Z",
      host,
    },
    {
      kind: "lab.ready",
      mode: "root",
      lab: "lab-1",
      pid: INIT,
      namespaces: { pid: 4026532001, mnt: 4026532002, cgroup: 4026532003 },
      hierarchies: variant === "v1" ? V1 : V2,
      lacks: [],
    },
    {
      kind: "mount.add",
      mount: 1,
      parent: 0,
      target: "/",
      fstype: "overlay",
      source: "overlay",
      options: "rw",
    },
    { kind: "observer.cost", observer: "strace", ratio: 2.43 },
  ]);
}

const V1: Hierarchy[] = [
  { hierarchy: "memory", version: 1, controllers: ["memory"], mount: "/sys/fs/cgroup/memory" },
  { hierarchy: "pids", version: 1, controllers: ["pids"], mount: "/sys/fs/cgroup/pids" },
];
const V2: Hierarchy[] = [
  { hierarchy: "", version: 2, controllers: ["cpu", "memory", "pids"], mount: "/sys/fs/cgroup" },
];

function at(variant: Variant) {
  const hierarchy = variant === "v1" ? "memory" : "";
  const mount = variant === "v1" ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
  return { hierarchy, path: "/demo", directory: `${mount}/demo` };
}

/** Step `make`, run to its end. */
export function makeEvents(variant: Variant = "v1"): Event[] {
  const { hierarchy, path, directory } = at(variant);
  const script = `mkdir ${directory}\nls ${directory} | head -3`;
  const files = ["cgroup.procs", "memory.limit_in_bytes", "memory.usage_in_bytes"];
  return timed(
    [
      { kind: "step.start", step: "make" },
      { kind: "process.fork", pid: 4250, ppid: INIT, labPid: 7 },
      { kind: "process.exec", pid: 4250, labPid: 7, comm: "strace", argv: ["strace", "-f"] },
      { kind: "run.start", run: 1, step: "make", pid: 4251, labPid: 8, script },
      { kind: "process.fork", pid: 4251, ppid: 4250, labPid: 8 },
      {
        kind: "process.exec",
        pid: 4251,
        labPid: 8,
        comm: "sh",
        argv: ["/bin/sh", "-c", script],
      },
      { kind: "process.fork", pid: 4252, ppid: 4251, labPid: 9 },
      { kind: "process.exec", pid: 4252, labPid: 9, comm: "mkdir", argv: ["mkdir", directory] },
      {
        kind: "syscall",
        labPid: 9,
        run: 1,
        name: "mkdir",
        args: [`"${directory}"`, "0777"],
        result: "0",
      },
      { kind: "cgroup.create", hierarchy, path, files },
      {
        kind: "cgroup.change",
        hierarchy,
        path,
        file: "memory.usage_in_bytes",
        before: null,
        after: "0\n",
      },
      { kind: "process.exit", pid: 4252, labPid: 9, comm: "mkdir", code: 0 },
      { kind: "output", run: 1, stream: "out", text: "cgroup.clone_children\ncgroup.ev" },
      { kind: "output", run: 1, stream: "out", text: "ent_control\ncgroup.procs\n" },
      { kind: "process.exit", pid: 4251, labPid: 8, comm: "sh", code: 0 },
      { kind: "run.exit", run: 1, code: 0 },
      { kind: "process.exit", pid: 4250, labPid: 7, comm: "strace", code: 0 },
      { kind: "step.end", step: "make" },
    ],
    2e9,
  );
}

/** Step `limit` until the process that eats memory is in the group and growing. */
export function limitRunningEvents(variant: Variant = "v1"): Event[] {
  const { hierarchy, path, directory } = at(variant);
  const file = variant === "v1" ? "memory.limit_in_bytes" : "memory.max";
  const usage = variant === "v1" ? "memory.usage_in_bytes" : "memory.current";
  const before = variant === "v1" ? "9223372036854771712\n" : "max\n";
  const first = `echo 32M > ${directory}/${file}`;
  const second = `sh -c 'echo $$ > ${directory}/cgroup.procs; exec eat 64M'`;
  return timed(
    [
      { kind: "step.start", step: "limit" },
      { kind: "run.start", run: 2, step: "limit", pid: 4260, labPid: 12, script: first },
      { kind: "process.fork", pid: 4260, ppid: INIT, labPid: 12 },
      { kind: "process.exec", pid: 4260, labPid: 12, comm: "sh", argv: ["/bin/sh", "-c", first] },
      {
        kind: "syscall",
        labPid: 12,
        run: 2,
        name: "write",
        args: [`1<${directory}/${file}>`, '"32M\\n"', "4"],
        result: "4",
      },
      { kind: "cgroup.write", hierarchy, path, file },
      { kind: "cgroup.change", hierarchy, path, file, before, after: "33554432\n" },
      { kind: "process.exit", pid: 4260, labPid: 12, comm: "sh", code: 0 },
      { kind: "run.exit", run: 2, code: 0 },
      { kind: "run.start", run: 3, step: "limit", pid: 4270, labPid: 15, script: second },
      { kind: "process.fork", pid: 4270, ppid: INIT, labPid: 15 },
      { kind: "process.exec", pid: 4270, labPid: 15, comm: "sh", argv: ["/bin/sh", "-c", second] },
      {
        kind: "syscall",
        labPid: 15,
        run: 3,
        name: "write",
        args: [`1<${directory}/cgroup.procs>`, '"15\\n"', "3"],
        result: "3",
      },
      { kind: "cgroup.change", hierarchy, path, file: "cgroup.procs", before: "", after: "4270\n" },
      {
        kind: "syscall",
        labPid: 15,
        run: 3,
        name: "execve",
        args: ['"/usr/local/sbin/eat"', '["eat", "64M"]', "0x55d3 /* 9 vars */"],
        result: "-1",
        errno: "ENOENT",
      },
      { kind: "process.exec", pid: 4270, labPid: 15, comm: "eat", argv: ["eat", "64M"] },
      { kind: "output", run: 3, stream: "err", text: "eat: 16 MiB\n" },
      { kind: "cgroup.change", hierarchy, path, file: usage, before: "0\n", after: "16904192\n" },
      {
        kind: "cgroup.change",
        hierarchy,
        path,
        file: usage,
        before: "16904192\n",
        after: "33554432\n",
      },
    ],
    10e9,
  );
}

/** … and what came of it. With `oomKills` 0 the second check fails. */
export function limitEndEvents(variant: Variant = "v1", oomKills = 0): Event[] {
  const { hierarchy, path, directory } = at(variant);
  const file = variant === "v1" ? "memory.oom_control" : "memory.events";
  const before = "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n";
  const after = `oom_kill_disable 0\nunder_oom 0\noom_kill ${oomKills}\n`;
  return timed(
    [
      {
        kind: "cgroup.change",
        hierarchy,
        path,
        file,
        before,
        after: after.replace("kill 0", "kill 1"),
      },
      { kind: "process.exit", pid: 4270, labPid: 15, comm: "eat", signal: "SIGKILL" },
      { kind: "cgroup.change", hierarchy, path, file: "cgroup.procs", before: "4270\n", after: "" },
      { kind: "output", run: 3, stream: "err", text: "Killed\n" },
      { kind: "run.exit", run: 3, signal: "SIGKILL" },
      { kind: "probe", path: `${directory}/memory.oom_control`, text: after },
      { kind: "step.end", step: "limit" },
    ],
    10.5e9,
  );
}

/** What the step has changed on the machine, told right before its end. */
export function limitChanges(t: number): Event {
  return {
    kind: "step.changes",
    t,
    step: "limit",
    changes: [
      { how: "added", what: "process", name: "19 sleep infinity", where: "memory/demo" },
      { how: "removed", what: "process", name: "15 eat 64M" },
      { how: "added", what: "namespace", name: "net:[4026532251]" },
      {
        ...{ how: "changed", what: "cgroup", name: "memory/demo memory.oom_control" },
        ...{ before: "oom_kill 0", after: "oom_kill 1" },
      },
      { how: "added", what: "mount", name: "tmpfs on /mnt" },
      { how: "added", what: "link", name: "veth0 (veth)", where: "net:[4026532251]" },
    ],
    more: 0,
  };
}
