import { describe, expect, test } from "vitest";
import type { Event, LabReady } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { cgroupFileOf, cgroupKey, cgroupLabel, namespacesOf } from "../../src/timeline/world.ts";
import { createWorldView } from "../../src/timeline/world-view.ts";

const ready: LabReady = {
  kind: "lab.ready",
  t: 1,
  lab: "tsi-x",
  pid: 1000,
  namespaces: { pid: 1, net: 2 },
  hierarchies: [
    { hierarchy: "memory", version: 1, controllers: ["memory"], mount: "/sys/fs/cgroup/memory" },
    { hierarchy: "", version: 2, controllers: [], mount: "/sys/fs/cgroup/unified" },
  ],
  lacks: [],
};
const at = { hierarchy: "memory", path: "/demo" };
const create: Event = { kind: "cgroup.create", t: 10, ...at, files: ["memory.limit_in_bytes"] };

describe("processes", () => {
  const events: Event[] = [
    ready,
    { kind: "process.fork", t: 2, pid: 1001, ppid: 1000, labPid: 2 },
    {
      kind: "process.exec",
      t: 3,
      pid: 1001,
      comm: "sh",
      argv: ["sh", "-c", "x"],
      namespaces: { net: 9 },
    },
    { kind: "process.fork", t: 4, pid: 1002, ppid: 1001, labPid: 3 },
    { kind: "process.exit", t: 5, pid: 1001, code: 0 },
  ];

  test("a child inherits program and namespaces, and PID 1 adopts it", () => {
    const world = foldWorld(events);
    expect(world.processes.get(1002)).toMatchObject({
      labPid: 3,
      ppid: 1000,
      comm: "sh",
      argv: ["sh", "-c", "x"],
      namespaces: { net: 9 },
      exit: null,
    });
    expect(world.processes.get(1001)?.exit).toEqual({ t: 5, code: 0, signal: null });
  });

  test("a program that was gone before it could be looked at is known from strace", () => {
    const fork: Event = { kind: "process.fork", t: 10, pid: 1005, ppid: 1000, labPid: 5 };
    const exec: Event = { kind: "process.exec", t: 30, pid: 1005, labPid: 5 };
    const call: Event = {
      kind: "syscall",
      t: 20,
      pid: 1005,
      labPid: 5,
      run: 1,
      name: "execve",
      args: ['"/usr/bin/ls"', '["/usr/bin/ls", "-l"]', "0x7f /* 2 vars */"],
      result: "0",
    };
    const shown = { argv: ["/usr/bin/ls", "-l"], comm: "ls" };
    expect(foldWorld([ready, fork, call, exec]).processes.get(1005)).toMatchObject(shown);
    expect(foldWorld([ready, fork, exec, { ...call, t: 40 }]).processes.get(1005)).toMatchObject(
      shown,
    );
    const failed: Event = { ...call, result: "-1", errno: "ENOENT" };
    expect(foldWorld([ready, fork, failed, exec]).processes.get(1005)?.argv).toBeNull();
  });

  test("namespaces count the living", () => {
    const uses = namespacesOf(foldWorld(events));
    expect(uses).toContainEqual({ type: "net", inode: 9, processes: 1 });
    expect(uses).toContainEqual({ type: "pid", inode: 1, processes: 2 });
  });
});

describe("cgroup changes", () => {
  const change = (
    t: number,
    before: string | null,
    after: string,
    file = "memory.limit_in_bytes",
  ): Event => ({
    kind: "cgroup.change",
    t,
    ...at,
    file,
    before,
    after,
  });
  const write = (t: number, file = "memory.limit_in_bytes"): Event => ({
    kind: "syscall",
    t,
    labPid: 7,
    run: 1,
    name: "write",
    args: [`1</sys/fs/cgroup/memory/demo/${file}>`, '"32M\\n"', "4"],
    result: "4",
  });

  test("a write that strace saw is the cause", () => {
    const world = foldWorld([
      ready,
      create,
      change(11, null, "9"),
      write(20),
      change(30, "9", "32"),
    ]);
    expect(world.changes).toHaveLength(1);
    expect(world.changes[0]?.cause).toEqual({ kind: "write", at: 3, labPid: 7, text: '"32M\\n"' });
  });

  test("a failed write, or none, leaves the kernel", () => {
    const failed = { ...write(20), errno: "EBUSY" } as Event;
    const world = foldWorld([ready, create, failed, change(30, "9", "32")]);
    expect(world.changes[0]?.cause).toEqual({ kind: "kernel" });
  });

  test("a write explains one change, and none long after", () => {
    const world = foldWorld([
      ready,
      create,
      write(20),
      change(30, "9", "32"),
      change(40, "32", "33"),
    ]);
    expect(world.changes.map(({ cause }) => cause.kind)).toEqual(["write", "kernel"]);
    const late = foldWorld([ready, create, write(20), change(5e9, "9", "32")]);
    expect(late.changes[0]?.cause.kind).toBe("kernel");
  });

  test("a first reading is no change, unless a write came before it", () => {
    expect(foldWorld([ready, create, change(11, null, "9")]).changes).toEqual([]);
    expect(foldWorld([ready, create, write(11), change(12, null, "9")]).changes).toHaveLength(1);
  });

  test("lists of pids are told in the lab's numbers", () => {
    const fork: Event = { kind: "process.fork", t: 2, pid: 1001, ppid: 1000, labPid: 2 };
    const moved = write(15, "tasks");
    const world = foldWorld([
      ready,
      fork,
      create,
      moved,
      change(20, "", "1001\n1000", "cgroup.procs"),
    ]);
    expect(world.changes[0]?.after).toBe("1\n2");
    expect(world.changes[0]?.cause.kind).toBe("write");
    expect(world.cgroups.get(cgroupKey("memory", "/demo"))?.pids).toEqual([1000, 1001]);
  });

  test("who leaves a list of pids was not put there by a write", () => {
    const events = [
      ready,
      create,
      change(20, "", "1001", "cgroup.procs"),
      write(21, "cgroup.procs"),
    ];
    const world = foldWorld([
      ...events,
      change(22, "1001", "", "cgroup.procs"),
      change(23, "", "1002", "cgroup.procs"),
    ]);
    expect(world.changes.map(({ cause }) => cause.kind)).toEqual(["kernel", "kernel", "write"]);
  });

  test("device rules are written to one file and read from another", () => {
    const rules = [write(11, "devices.deny"), change(12, null, "c 1:3 rwm", "devices.list")];
    const [first] = foldWorld([ready, create, ...rules]).changes;
    expect(first).toMatchObject({ file: "devices.list", cause: { kind: "write", labPid: 7 } });
  });

  test("a removed group stays, marked and empty", () => {
    const gone: Event = { kind: "cgroup.remove", t: 50, ...at };
    const group = foldWorld([
      ready,
      create,
      change(11, "", "1000", "cgroup.procs"),
      gone,
    ]).cgroups.get("memory:/demo");
    expect(group).toMatchObject({ removedAt: 50, pids: [] });
  });
});

describe("the world at a cursor", () => {
  test("is the same forwards, backwards and at once", () => {
    const events: Event[] = [ready, create, { kind: "cgroup.remove", t: 50, ...at }];
    const view = createWorldView(createTimeline(events));
    const removedAt = (cursor: number) => view(cursor).cgroups.get("memory:/demo")?.removedAt;
    expect([removedAt(3), removedAt(2), removedAt(1), removedAt(3)]).toEqual([
      50,
      null,
      undefined,
      50,
    ]);
  });
});

describe("names", () => {
  test("a path in the lab names a group's file; the longest mount wins", () => {
    expect(cgroupFileOf(ready.hierarchies, "/sys/fs/cgroup/memory/a/b/tasks")).toEqual({
      hierarchy: "memory",
      path: "/a/b",
      file: "tasks",
    });
    expect(cgroupFileOf(ready.hierarchies, "/sys/fs/cgroup/memory/tasks")?.path).toBe("/");
    expect(cgroupFileOf(ready.hierarchies, "/sys/fs/cgroup/memoryx/tasks")).toBeNull();
    expect(cgroupFileOf(ready.hierarchies, "/etc/passwd")).toBeNull();
    const v2 = [{ hierarchy: "", version: 2 as const, controllers: [], mount: "/sys/fs/cgroup" }];
    expect(cgroupFileOf(v2, "/sys/fs/cgroup/demo/memory.max")).toMatchObject({
      hierarchy: "",
      path: "/demo",
    });
  });

  test("labels", () => {
    expect(cgroupLabel("memory", "/demo")).toBe("memory/demo");
    expect(cgroupLabel("", "/demo")).toBe("/demo");
  });
});

describe("mount namespaces", () => {
  const mount = {
    parent: 1,
    target: "/",
    fstype: "overlay",
    source: "overlay",
    options: "rw",
    propagation: "private",
  };
  const found: Event = {
    kind: "mount.namespace",
    t: 5,
    mntns: 77,
    pid: 1001,
    mounts: [{ mount: 40, ...mount }],
  };
  const events: Event[] = [
    ready,
    { kind: "mount.add", t: 2, mount: 30, ...mount },
    found,
    { kind: "mount.add", t: 6, mntns: 77, mount: 41, ...mount, target: "/proc" },
    { kind: "mount.brief", t: 7, mntns: 77, mount: 2 ** 31 + 5 },
  ];

  test("each mount is known with its namespace", () => {
    const { mounts } = foldWorld(events);
    expect([...mounts].map(([id, { mntns, target }]) => [id, mntns, target])).toEqual([
      [30, undefined, "/"],
      [40, 77, "/"],
      [41, 77, "/proc"],
    ]);
  });

  test("a namespace takes its mounts with it, and no others", () => {
    const { mounts } = foldWorld([...events, { kind: "mount.gone", t: 9, mntns: 77 }]);
    expect([...mounts.keys()]).toEqual([30]);
  });

  test("a process is where it was last seen", () => {
    const fork: Event = { kind: "process.fork", t: 2, pid: 1001, ppid: 1000 };
    const away: Event = { kind: "process.namespaces", t: 3, pid: 1001, namespaces: { uts: 8 } };
    const back: Event = { kind: "process.namespaces", t: 4, pid: 1001, namespaces: {} };
    expect(foldWorld([ready, fork, away]).processes.get(1001)?.namespaces).toEqual({ uts: 8 });
    expect(foldWorld([ready, fork, away, back]).processes.get(1001)?.namespaces).toEqual({});
  });
});
