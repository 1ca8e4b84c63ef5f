import type { Lesson, Step } from "../../src/lesson/lesson.ts";
import type { PaneName } from "../../src/lesson/panes.ts";
import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { Mount } from "../../src/timeline/event-kernel.ts";
import { timed } from "./sample-session.ts";

/** A lesson about containers, whose second step asks for panes of its own. */
export function containerLesson(): SelectedLesson {
  const lesson: Lesson = {
    ...{ format: 1, id: "containers", title: "Containers by hand", summary: "Step by step" },
    ...{ minutes: 10, needs: ["linux"], intro: "", trace: ["unshare"], strings: 256 },
    panes: ["namespaces", "mounts", "events", "processes", "output"],
    steps: [
      step("build", "All namespaces at once", null),
      step("keep", "A namespace that a file keeps", ["mounts"]),
    ],
    file: "lessons/containers/lesson.md",
  };
  return selectVariant(lesson, "v1");
}

function step(id: string, title: string, panes: readonly PaneName[] | null): Step {
  const placed = { variant: null, line: 1 } as const;
  return {
    ...{ id, title, needs: [], panes, trace: null },
    parts: [
      {
        kind: "prose",
        ...placed,
        markdown: "Whoever is in **no** other namespace is a `process`.",
      },
      { kind: "run", ...placed, script: "container run web -- sleep infinity" },
    ],
  };
}

const INIT = 4242;
const OWN = { pid: 4026532001, mnt: 4026532002, net: 4026532005, uts: 4026532003 };
const REST = { ipc: 4026532004, user: 4026531837, cgroup: 4026532006, time: 4026531834 };

function mount(
  id: number,
  parent: number,
  target: string,
  fstype: string,
  rest: Partial<Mount> = {},
): Mount {
  return { mount: id, parent, target, fstype, source: fstype, options: "rw,relatime", ...rest };
}

const FIRST: readonly Mount[] = [
  mount(1, 0, "/", "tmpfs", { source: "lab" }),
  mount(2, 1, "/usr", "overlay", { options: "ro,relatime,lowerdir=/usr:.empty" }),
  mount(3, 1, "/proc", "proc"),
  mount(4, 3, "/proc/sys", "proc", { root: "/sys", options: "ro,relatime" }),
];

export function containerLab(): Event[] {
  return timed([
    {
      kind: "session.start",
      ...{ format: 1, tool: "0.1.0", lesson: "containers", startedAt: "2026-11-22T06:00:00.000Z" },
      host: { os: "Debian 12", kernel: "6.18.0", arch: "x64", cgroup: "v1", strace: "6.1" },
    },
    {
      kind: "lab.ready",
      ...{ lab: "lab-1", pid: INIT, namespaces: { ...OWN, ...REST }, hierarchies: [], lacks: [] },
    },
    ...FIRST.map((each) => ({ kind: "mount.add", ...each }) as const),
  ]);
}

const WEB = { pid: 4026532310, mnt: 4026532311, net: 4026532312, uts: 4026532313 };

/** A container is built, and a shell shares its network; somebody's unshare(1) has ended. */
export function buildEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "build" },
      { kind: "process.fork", pid: 4300, ppid: INIT, labPid: 20 },
      { kind: "process.exec", pid: 4300, labPid: 20, comm: "sh", argv: ["/bin/sh"] },
      { kind: "process.fork", pid: 4301, ppid: 4300, labPid: 21 },
      { kind: "process.exec", pid: 4301, labPid: 21, comm: "container", namespaces: WEB },
      {
        kind: "container.stage",
        ...{ container: "web", stage: "clone", pid: 4301, labPid: 21, detail: "clone3(…)" },
      },
      {
        kind: "mount.namespace",
        mntns: WEB.mnt,
        mounts: FIRST.map((each) => ({
          ...each,
          mount: each.mount + 100,
          parent: each.parent + 100,
        })),
      },
      {
        kind: "mount.add",
        mntns: WEB.mnt,
        ...mount(120, 101, "/srv/控制组", "overlay", {
          options: "rw,relatime,lowerdir=/layers/base,upperdir=/layers/web,workdir=/layers/w",
          propagation: "shared:12",
        }),
      },
      { kind: "mount.add", mntns: WEB.mnt, ...mount(121, 120, "/srv/控制组/proc", "proc") },
      { kind: "process.exec", pid: 4301, labPid: 21, comm: "sleep", argv: ["sleep", "infinity"] },
      { kind: "process.fork", pid: 4302, ppid: 4300, labPid: 22 },
      { kind: "process.namespaces", pid: 4302, namespaces: { net: WEB.net } },
      { kind: "process.fork", pid: 4303, ppid: 4300, labPid: 23 },
      {
        kind: "process.exec",
        pid: 4303,
        labPid: 23,
        comm: "unshare",
        namespaces: { uts: 4026532400 },
      },
      { kind: "process.exit", pid: 4303, labPid: 23, comm: "unshare", code: 0 },
      { kind: "mount.add", ...mount(30, 1, "/mnt", "tmpfs", { source: "none" }) },
      { kind: "step.end", step: "build" },
    ],
    2e9,
  );
}

/** A network namespace is bound to a file, another is held by nobody knows whom; /mnt goes. */
export function keepEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "keep" },
      { kind: "mount.add", ...mount(40, 1, "/run/netns", "tmpfs", { propagation: "shared:9" }) },
      {
        kind: "mount.add",
        ...mount(41, 40, "/run/netns/c1", "nsfs", { root: "net:[4026532500]", source: "nsfs" }),
      },
      { kind: "netns.add", netns: 4026532500, name: "c1" },
      { kind: "netns.add", netns: 4026532501 },
      { kind: "mount.remove", mount: 30, target: "/mnt" },
      { kind: "step.end", step: "keep" },
    ],
    5e9,
  );
}
