import { describe, expect, test } from "vitest";
import type { HelperLine } from "../../src/sources/helper.ts";
import { helperEvent, labCgroups } from "../../src/sources/helper-events.ts";
import { createLineSplitter } from "../../src/sources/line-splitter.ts";
import { createQueue } from "../../src/sources/queue.ts";

const clock = { now: () => 77, fromMonotonic: (nanoseconds: number) => nanoseconds - 1000 };
const cgroup = (version: 1 | 2, hierarchy: string, path: string) => ({
  version,
  hierarchy,
  controllers: hierarchy === "" ? [] : [hierarchy],
  path,
});
const ready = (cgroups: readonly object[]): HelperLine => ({
  kind: "lab.ready",
  t: 3000,
  lab: "tsi-x",
  pid: 9,
  namespaces: { pid: 1 },
  lacks: [],
  cgroups,
});

describe("the helper's lines", () => {
  test("become events in session time; replies and unknown kinds do not", () => {
    const fork = { kind: "process.fork", t: 1500, pid: 1, ppid: 2 };
    expect(helperEvent(fork, clock)).toEqual({ ...fork, t: 500 });
    expect(helperEvent({ kind: "ok", t: 1, id: 4 }, clock)).toBeNull();
    expect(helperEvent({ kind: "from.the.future", t: 1 }, clock)).toBeNull();
    expect(
      helperEvent({ kind: "output", t: 1, run: 1, stream: "trace", text: "" }, clock),
    ).toBeNull();
  });

  test("where the lab's cgroups are on the host is not for recordings", () => {
    const line = ready([cgroup(1, "memory", "/sys/fs/cgroup/memory/some/where/tsi-x")]);
    expect(JSON.stringify(helperEvent(line, clock))).not.toContain("some/where");
    expect(labCgroups(line)[0]?.hostPath).toBe("/sys/fs/cgroup/memory/some/where/tsi-x");
  });

  test("mounts in the lab are those of such hosts", () => {
    const mounts = (cgroups: readonly object[]) =>
      labCgroups(ready(cgroups)).map(({ hierarchy }) => hierarchy.mount);
    expect(mounts([cgroup(2, "", "/x")])).toEqual(["/sys/fs/cgroup"]);
    expect(
      mounts([
        cgroup(1, "cpu,cpuacct", "/x"),
        cgroup(1, "name=systemd", "/y"),
        cgroup(2, "", "/z"),
      ]),
    ).toEqual(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"]);
  });
});

describe("plumbing", () => {
  test("lines come whole out of any chunks", () => {
    const split = createLineSplitter();
    expect([...split("a\nb"), ...split("c"), ...split("\n\nd\n")]).toEqual(["a", "bc", "", "d"]);
  });

  test("a queue hands on in order, waits, and ends", async () => {
    const queue = createQueue<number>();
    queue.push(1);
    queue.push(2);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of queue.items()) seen.push(item);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    queue.push(3);
    queue.end();
    await reading;
    expect(seen).toEqual([1, 2, 3]);
  });
});
