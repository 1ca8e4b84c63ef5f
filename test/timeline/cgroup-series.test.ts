import { describe, expect, test } from "vitest";
import { cgroupReading } from "../../src/timeline/cgroup-reading.ts";
import { createCgroupSeries, upTo } from "../../src/timeline/cgroup-series.ts";
import type { Event } from "../../src/timeline/event.ts";
import { levelCorners, rateCorners } from "../../src/ui/panes/charts/chart-lines.ts";
import { labEvents } from "../ui/sample-session.ts";

describe("what a file says", () => {
  test("on v1 and v2, without a limit and with one", () => {
    expect(cgroupReading("memory.limit_in_bytes", "9223372036854771712\n")).toEqual({
      memoryLimit: null,
    });
    expect(cgroupReading("memory.max", "max\n")).toEqual({ memoryLimit: null });
    expect(cgroupReading("memory.max", "67108864\n")).toEqual({ memoryLimit: 67_108_864 });
    expect(cgroupReading("cpu.max", "20000 100000\n")).toEqual({ quota: 20_000, period: 100_000 });
    expect(cgroupReading("cpu.max", "max 100000\n")).toEqual({ quota: null, period: 100_000 });
    expect(cgroupReading("cpu.cfs_quota_us", "-1\n")).toEqual({ quota: null });
    expect(cgroupReading("cpu.stat", "usage_usec 5000000\nnr_throttled 3")).toEqual({
      ...{ cpu: 5, throttled: 3 },
    });
    // v1's own has no usage, and must not hide cpuacct's.
    expect(cgroupReading("cpu.stat", "nr_periods 4\nnr_throttled 3")).toEqual({ throttled: 3 });
    expect(cgroupReading("memory.oom_control", "under_oom 0\noom_kill 2")).toEqual({ oomKills: 2 });
    expect(cgroupReading("cgroup.procs", "12\n")).toBeNull();
    expect(cgroupReading("constructor", "12\n")).toBeNull();
  });
});

const create = (path: string, hierarchy: string, t: number): Event => ({
  ...{ kind: "cgroup.create", t, hierarchy, path, files: [] },
});
const change = (t: number, file: string, before: string | null, after: string): Event => ({
  ...{ kind: "cgroup.change", t, hierarchy: "memory", path: "/a", file, before, after },
});

describe("series", () => {
  const usage = "memory.usage_in_bytes";
  const events: Event[] = [
    ...labEvents(),
    create("/own", "memory", 1e9),
    { kind: "step.start", t: 2e9, step: "make" },
    create("/a", "memory", 2e9),
    create("/a", "pids", 2e9),
    change(2e9, usage, null, "4096"),
    change(2e9, "memory.max_usage_in_bytes", null, "4096"),
    change(2.4e9, "memory.max_usage_in_bytes", "4096", "9000000"),
    change(2.4e9, usage, "4096", "8192"),
    change(2.6e9, "memory.max_usage_in_bytes", "9000000", "9500000"),
    change(2.6e9, usage, "8192", "9500000"),
  ];

  test("the lab's own groups are left out, and a group's trees are one", () => {
    const groups = createCgroupSeries()(events, events.length);
    expect(groups.map(({ path }) => path)).toEqual(["/a"]);
  });

  test("what was used between two looks is known by the peak; what is used now is no peak", () => {
    const [group] = createCgroupSeries()(events, events.length);
    const memory = upTo(group?.points.get("memory"), events.length);
    expect(memory.map(({ t, value }) => [t / 1e9, value])).toEqual([
      [2, 4096],
      [2.275, 9_000_000],
      [2.4, 8192],
      [2.6, 9_500_000],
    ]);
  });

  test("on v2 too, where the peak is read after the usage, and a kill known by its counter", () => {
    const v2: Event[] = [
      { kind: "step.start", t: 2e9, step: "make" },
      create("/a", "", 2e9),
      change(2e9, "memory.current", null, "4096"),
      change(2e9, "memory.peak", null, "4096"),
      change(2.8e9, "memory.current", "4096", "8192"),
      change(2.8e9, "memory.events", "oom_kill 0", "oom_kill 1"),
      change(2.8e9, "memory.peak", "4096", "9000000"),
    ];
    const [group] = createCgroupSeries()(v2, v2.length);
    expect(group?.kills.map(({ t }) => t)).toEqual([2.675e9]);
    expect(upTo(group?.points.get("memory"), v2.length).map(({ t, value }) => [t, value])).toEqual([
      ...[
        [2e9, 4096],
        [2.675e9, 9_000_000],
        [2.8e9, 8192],
      ],
    ]);
  });

  test("an earlier moment is a cut of the later one", () => {
    const seriesOf = createCgroupSeries();
    const [later] = seriesOf(events, events.length);
    for (let cursor = events.length; cursor >= 0; cursor--) {
      const fresh = createCgroupSeries()(events.slice(0, cursor), cursor)[0];
      const kept = upTo(later?.points.get("memory"), cursor);
      // The last look but one at the peak is taken back by the look at the usage beside it.
      if (cursor === events.length - 1) continue;
      expect(kept).toEqual(upTo(fresh?.points.get("memory"), cursor));
    }
  });

  test("a kill is told once, by the event or by the counter", () => {
    const kill: Event = { kind: "cgroup.oom", t: 3e9, hierarchy: "memory", path: "/a", kills: 1 };
    const told = [
      ...events,
      kill,
      change(3.1e9, "memory.oom_control", "oom_kill 0", "oom_kill 1"),
      change(3.6e9, "memory.oom_control", "oom_kill 1", "oom_kill 2"),
    ];
    const [group] = createCgroupSeries()(told, told.length);
    expect(group?.kills.map(({ t }) => t)).toEqual([3e9, 3.475e9]);
  });
});

describe("curves", () => {
  const points = (...list: [number, number | null][]) =>
    list.map(([t, value], at) => ({ t: t * 1e9, value, at }));
  const shown = (corners: readonly { t: number; value: number | null }[]) =>
    corners.map(({ t, value }) => [t / 1e9, value]);

  test("a level holds until shortly before it is read to be another", () => {
    expect(shown(levelCorners(points([0, 1], [2, 5], [2.1, 6]), 3e9))).toEqual([
      ...[
        [0, 1],
        [1.75, 1],
        [2, 5],
        [2.1, 6],
        [3, 6],
      ],
    ]);
  });

  test("a counter's speed; it stands still where nobody saw it move, and ends with its group", () => {
    const corners = rateCorners(points([0, 0], [0.2, 2], [0.4, 4], [5, 6], [5.1, null]), 6e9);
    expect(shown(corners)).toEqual([
      ...[
        [0, 10],
        [0.2, 10],
        [0.2, 10],
        [0.4, 10],
        [0.4, 0],
        [4.6, 0],
        [4.6, 5],
        [5, 5],
      ],
      ...[
        [5, 0],
        [5.1, 0],
        [5.1, null],
        [5.1, null],
      ],
    ]);
  });

  test("two looks in a row do not make a thousand a second of one", () => {
    const values = rateCorners(points([0, 0], [0.2, 2], [0.201, 3]), 0.3e9).map((c) => c.value);
    expect(Math.max(...values.map((value) => value ?? 0))).toBe(10);
  });
});
