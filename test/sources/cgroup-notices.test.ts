import { expect, test } from "vitest";
import { noticesOf } from "../../src/sources/cgroup-notices.ts";

const V2 = { t: 1, hierarchy: "", path: "/demo" };
const FREEZER = { t: 1, hierarchy: "freezer", path: "/demo" };

test("v2: populated, frozen and killed are read off the kernel's files", () => {
  const events = (before: string | null, after: string) =>
    noticesOf({ file: "cgroup.events", before, after }, V2);
  expect(events(null, "populated 1\nfrozen 1")).toEqual([]);
  expect(events("populated 1\nfrozen 0", "populated 1\nfrozen 1")).toEqual([
    { kind: "cgroup.frozen", ...V2, frozen: true },
  ]);
  expect(events("populated 1\nfrozen 1", "populated 0\nfrozen 0")).toEqual([
    { kind: "cgroup.populated", ...V2, populated: false },
    { kind: "cgroup.frozen", ...V2, frozen: false },
  ]);
  const [before, after] = ["oom 0\noom_kill 0\noom_group_kill 0", "oom 1\noom_kill 1"];
  expect(noticesOf({ file: "memory.events", before, after }, V2)).toEqual([
    { kind: "cgroup.oom", ...V2, kills: 1 },
  ]);
  expect(noticesOf({ file: "memory.events", before, after: before }, V2)).toEqual([]);
  // v2 says that itself, of the groups below too.
  expect(noticesOf({ file: "cgroup.procs", before: "", after: "1" }, V2)).toEqual([]);
});

test("v1: the freezer's state, members, and the OOM killer's count", () => {
  const state = (before: string, after: string) =>
    noticesOf({ file: "freezer.state", before, after }, FREEZER);
  expect(state("THAWED", "FREEZING")).toEqual([]);
  expect(state("FREEZING", "FROZEN")).toEqual([
    { kind: "cgroup.frozen", ...FREEZER, frozen: true },
  ]);
  expect(state("FROZEN", "THAWED")).toEqual([{ kind: "cgroup.frozen", ...FREEZER, frozen: false }]);
  const members = (before: string, after: string) =>
    noticesOf({ file: "cgroup.procs", before, after }, FREEZER);
  expect(members("", "7")).toEqual([{ kind: "cgroup.populated", ...FREEZER, populated: true }]);
  expect(members("7", "7\n8")).toEqual([]);
  const oom = {
    file: "memory.oom_control",
    before: "oom_kill 1",
    after: "under_oom 0\noom_kill 3",
  };
  expect(noticesOf(oom, FREEZER)).toEqual([{ kind: "cgroup.oom", ...FREEZER, kills: 3 }]);
});
