import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { Mount } from "../../src/timeline/event-kernel.ts";
import { timed } from "./sample-session.ts";

/** A lesson with one container of runc, whose first step creates it and whose second starts it. */
export function bundleLesson(): SelectedLesson {
  const step = (id: string, title: string, script: string) =>
    ({
      ...{ id, title, needs: [], panes: null, trace: null },
      parts: [
        { kind: "prose", variant: null, line: 1, markdown: "What the **kernel** shows." },
        { kind: "run", variant: null, line: 1, script },
      ],
    }) as const;
  return selectVariant(
    {
      ...{ format: 1, id: "bundle", title: "A bundle", summary: "Field by field", minutes: 10 },
      ...{ needs: ["linux"], intro: "", trace: ["mount"], strings: 256 },
      panes: ["spec", "events", "output"],
      steps: [
        step("create", "Created", "runc create web"),
        step("start", "Started", "runc start web"),
      ],
      file: "lessons/bundle/lesson.md",
    },
    "v1",
  );
}

/** As `runc spec` has it, with a limit, a mapping and a hook added. */
const CONFIG = {
  process: {
    user: { uid: 0, gid: 0 },
    args: ["sleep", "1000"],
    env: ["PATH=/bin", "TERM=xterm"],
    cwd: "/",
    capabilities: {
      bounding: ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
      effective: ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
      permitted: ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
      ambient: ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
    },
    rlimits: [
      { type: "RLIMIT_NOFILE", hard: 1024, soft: 1024 },
      { type: "RLIMIT_CORE", hard: 2 ** 64, soft: 0 },
    ],
    noNewPrivileges: true,
    oomScoreAdj: 100,
    apparmorProfile: "docker-default",
  },
  root: { path: "rootfs", readonly: true },
  hostname: "控制组",
  mounts: [
    { destination: "/proc", type: "proc", source: "proc" },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "size=65536k"] },
    { destination: "/data", type: "bind", source: "/srv", options: ["rbind", "ro"] },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["ro"] },
    { destination: "/absent", type: "tmpfs", source: "tmpfs" },
  ],
  hooks: { createRuntime: [{ path: "/root/box/net" }], poststop: [{ path: "/root/box/gone" }] },
  linux: {
    uidMappings: [{ containerID: 0, hostID: 10000, size: 1000 }],
    gidMappings: [{ containerID: 0, hostID: 10000, size: 1000 }],
    cgroupsPath: "/web",
    resources: {
      devices: [{ allow: false, access: "rwm" }],
      memory: { limit: 33554432, swap: 33554432 },
      pids: { limit: 20 },
      cpu: { shares: 512 },
    },
    namespaces: [
      { type: "pid" },
      { type: "network", path: "/run/netns/web" },
      { type: "mount" },
      { type: "uts" },
      { type: "user" },
    ],
    seccomp: { defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ names: ["read"] }] },
    maskedPaths: ["/proc/kcore", "/sys/firmware", "/proc/absent"],
    readonlyPaths: ["/proc/sys", "/proc/bus"],
  },
};

const LAB = { pid: 4026532001, mnt: 4026532002, net: 4026532005, uts: 4026532003 };
const REST = { ipc: 4026532004, user: 4026531837, cgroup: 4026532006, time: 4026531834 };
const WEB = {
  pid: 4026532310,
  mnt: 4026532311,
  net: 4026532312,
  uts: 4026532313,
  user: 4026532309,
};
const INIT = 4242;
const PID = 4301;

function mount(id: number, target: string, fstype: string, rest: Partial<Mount> = {}): Mount {
  return { mount: id, parent: 50, target, fstype, source: fstype, options: "rw,relatime", ...rest };
}

const MOUNTS: readonly Mount[] = [
  mount(50, "/", "ext4", { root: "/root/box/rootfs", options: "ro,relatime" }),
  mount(51, "/proc", "proc"),
  mount(52, "/dev", "tmpfs", { options: "rw,nosuid" }),
  mount(53, "/data", "ext4", { root: "/srv" }),
  mount(54, "/sys/fs/cgroup", "tmpfs", { options: "rw,nosuid" }),
  mount(59, "/sys/fs/cgroup/memory", "cgroup", { root: "/web", options: "ro,nosuid" }),
  mount(55, "/proc/kcore", "tmpfs", { root: "/null" }),
  mount(56, "/sys/firmware", "tmpfs", { options: "ro,relatime" }),
  mount(57, "/proc/sys", "proc", { root: "/sys", options: "ro,relatime" }),
  mount(58, "/proc/bus", "proc", { root: "/bus" }),
];

function hierarchy(name: string) {
  return {
    hierarchy: name,
    version: 1,
    controllers: [name],
    mount: `/sys/fs/cgroup/${name}`,
  } as const;
}

export function bundleLab(): Event[] {
  return timed([
    {
      kind: "session.start",
      ...{ format: 1, tool: "0.1.0", lesson: "bundle", startedAt: "2026-11-22T06:00:00.000Z" },
      host: { os: "Debian 12", kernel: "6.18.0", arch: "x64", cgroup: "v1", strace: "6.1" },
    },
    {
      kind: "lab.ready",
      ...{ lab: "lab-1", pid: INIT, namespaces: { ...LAB, ...REST }, lacks: [] },
      hierarchies: ["memory", "pids", "cpu", "devices"].map(hierarchy),
    },
  ]);
}

function status(name: string, bounding: string): string {
  return [
    `Name:\t${name}`,
    ...["Uid:\t10000\t10000\t10000\t10000", "Gid:\t10000\t10000\t10000\t10000", "Groups:\t "],
    ...["CapInh:\t0000000000000000", "CapPrm:\t0000000020000420", "CapEff:\t0000000020000420"],
    ...[`CapBnd:\t${bounding}`, "CapAmb:\t0000000000000000"],
    ...["NoNewPrivs:\t1", "Seccomp:\t2", "Seccomp_filters:\t1"],
  ].join("\n");
}

const LIMITS = [
  "Limit                     Soft Limit           Hard Limit           Units     ",
  "Max core file size        0                    unlimited            bytes     ",
  "Max open files            1024                 4096                 files     ",
].join("\n");

function proc(cmdline: string, text: string) {
  return {
    ...{ status: text, limits: LIMITS, cmdline, environ: "PATH=/bin\0TERM=xterm\0HOME=/\0" },
    cgroup: "4:memory:/web\n8:pids:/web\n1:cpu:/web\n5:devices:/web\n0::/\n",
    ...{
      uid_map: "         0      10000       1000\n",
      gid_map: "         0      10000       1000\n",
    },
    ...{ oom_score_adj: "100\n", "attr/current": null },
  };
}

function group(name: string, file: string, after: string): Event[] {
  const of = { hierarchy: name, path: "/web" } as const;
  return [
    { kind: "cgroup.create", t: 0, ...of, files: [file] },
    { kind: "cgroup.change", t: 0, ...of, file, before: null, after },
  ];
}

const OF = { container: "web", root: "/run/runc", labPid: 21, pid: PID } as const;

export function createEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "create" },
      { kind: "process.fork", pid: PID, ppid: INIT, labPid: 21 },
      { kind: "process.namespaces", pid: PID, labPid: 21, namespaces: WEB },
      { kind: "mount.namespace", mntns: WEB.mnt, mounts: MOUNTS },
      {
        kind: "syscall",
        ...{ labPid: 21, run: 1, name: "sethostname", args: ['"控制组"', "9"], result: "0" },
      },
      ...group("memory", "memory.limit_in_bytes", "33554432\n"),
      ...group("pids", "pids.max", "max\n"),
      ...group("cpu", "cpu.shares", "512\n"),
      ...group("devices", "devices.list", "c 1:3 rwm\nc 1:5 rwm\n"),
      { kind: "process.fork", pid: 4310, ppid: INIT, labPid: 30 },
      { kind: "process.exec", pid: 4310, labPid: 30, argv: ["/bin/sh", "/root/box/net"] },
      { kind: "process.exit", pid: 4310, labPid: 30, code: 0 },
      {
        kind: "bundle.config",
        ...OF,
        ...{ runtime: "runc", bundle: "/root/box", text: JSON.stringify(CONFIG) },
      },
      {
        kind: "bundle.process",
        ...OF,
        proc: proc("runc\0init\0", status("runc:[2:INIT]", "3fffffffff")),
      },
      { kind: "step.end", step: "create" },
    ],
    1e9,
  );
}

export function startEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "start" },
      {
        kind: "process.exec",
        pid: PID,
        labPid: 21,
        comm: "sleep",
        argv: ["sleep", "1000"],
        namespaces: WEB,
      },
      { kind: "bundle.process", ...OF, proc: proc("sleep\x001000\0", status("sleep", "20000420")) },
      { kind: "step.end", step: "start" },
    ],
    3e9,
  );
}

/** The container ends, and its mounts with it. */
export function endEvents(): Event[] {
  return timed(
    [
      { kind: "process.exit", pid: PID, labPid: 21, signal: "SIGKILL" },
      { kind: "mount.gone", mntns: WEB.mnt },
    ],
    5e9,
  );
}
