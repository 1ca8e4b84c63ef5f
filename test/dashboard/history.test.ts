import { describe, expect, test } from "vitest";
import {
  countEvents,
  cpuSeries,
  EMPTY,
  eventSeries,
  type History,
  KEPT,
  memorySeries,
  pidsSeries,
  remember,
  scaleOf,
  tableRows,
} from "../../src/dashboard/history.ts";
import type { CgroupSample } from "../../src/timeline/cgroup-sample.ts";

const MIB = 2 ** 20;
const NOTHING = { memoryLimit: null, cpu: null, throttled: null, pids: null, oomKills: null };
const group = (path: string, fields: Partial<CgroupSample>): CgroupSample => ({
  path,
  memory: null,
  ...NOTHING,
  ...fields,
});
/** Looks half a second apart. */
const seen = (...looks: (readonly CgroupSample[])[]): History =>
  looks.reduce((history, groups, index) => {
    return remember(history, { at: index * 500, groups }, null);
  }, EMPTY);

describe("what the charts are made of", () => {
  test("memory in MiB; its limit where it is near", () => {
    const far = seen([group("/", { memory: MIB, memoryLimit: 64 * MIB })]);
    expect(memorySeries(far, "/")).toEqual([{ name: "used", values: [1] }]);
    const near = seen([group("/", { memory: 8 * MIB, memoryLimit: 64 * MIB })]);
    expect(memorySeries(near, "/")).toEqual([
      { name: "used", values: [8] },
      { name: "limit", values: [64] },
    ]);
  });

  test("processor time is a counter: its difference in per cent of one processor", () => {
    const history = seen(
      [group("/", { cpu: 10, throttled: 0 })],
      [group("/", { cpu: 10.5, throttled: 0 })],
      [group("/", { cpu: 11.5, throttled: 4 })],
    );
    expect(cpuSeries(history, "/")).toEqual([
      { name: "% of a CPU", values: [100, 200] },
      { name: "throttled/s", values: [0, 8] },
    ]);
  });

  test("a group that is new, gone or made anew counts from nothing, never below it", () => {
    const a = (cpu: number) => [group("/", { cpu: 0 }), group("/a", { cpu })];
    const history = seen(a(5), [group("/", { cpu: 0 })], a(7), a(1));
    expect(cpuSeries(history, "/a")[0]?.values).toEqual([0, 0, 0]);
    expect(pidsSeries(history, "/none")[0]?.values).toEqual([]);
  });

  test("events a second, by what they are about", () => {
    let history = EMPTY;
    const kinds = ["syscall", "trace.signal", "process.exec", "cgroup.write", "link.add"];
    for (let at = 0; at < 1500; at += 500)
      history = remember(history, { at, groups: [] }, countEvents(at, kinds));
    expect(eventSeries(history)).toEqual([
      { name: "calls", values: [4, 4] },
      { name: "processes", values: [2, 2] },
      { name: "cgroups", values: [2, 2] },
      { name: "others", values: [2, 2] },
    ]);
  });

  test("the newest looks are kept, and no more", () => {
    const history = seen(...Array.from({ length: KEPT + 5 }, () => [group("/", { pids: 1 })]));
    expect(history.samples).toHaveLength(KEPT);
    expect(history.samples[0]?.at).toBe(5 * 500);
  });

  test("a scale is a round number that nothing is above", () => {
    const scale = (...values: number[]) => scaleOf([{ name: "", values }]);
    expect([scale(), scale(0), scale(1), scale(3), scale(7, 12), scale(201)]).toEqual([
      1, 1, 1, 5, 20, 500,
    ]);
  });

  test("a table of all groups; what nobody counts is a question mark", () => {
    const history = seen([
      group("/", { memory: 1536, memoryLimit: 200 * MIB, cpu: 1, throttled: 3, pids: 2 }),
      group("/a", { memory: 1.5 * MIB }),
    ]);
    expect(tableRows(history)).toEqual([
      ["/", "2 KiB", "200 MiB", "0 %", "2", "3", "?"],
      ["/a", "1.5 MiB", "none", "0 %", "?", "?", "?"],
    ]);
  });
});
