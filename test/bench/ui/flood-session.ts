import type { LabReady, SessionStart } from "../../../src/timeline/event.ts";

/** What stands on a live session's timeline before the first step. */
export const sessionStart: SessionStart = {
  ...{ kind: "session.start", t: 0, format: 1, tool: "0.0.0", lesson: "cgroups" },
  startedAt: "2026-11-22T12:00:00.000Z",
  host: { os: "a bench", kernel: "6.18.0", arch: "x86_64", cgroup: "v2", strace: "6.1" },
};

export const labReady: LabReady = {
  ...{ kind: "lab.ready", t: 1, lab: "bench", pid: 3901, namespaces: {}, lacks: [] },
  hierarchies: [{ hierarchy: "", version: 2, controllers: ["pids"], mount: "/sys/fs/cgroup" }],
};
