import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCgroupFiles } from "../../src/sources/cgroup-files.ts";

/** An ordinary folder stands in for a cgroup: reading is the same, only the kernel is missing. */
let folder = "";
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsi-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("reading a cgroup's files", () => {
  test("gives everything first, then only what differs", () => {
    write("memory.max", "max\n");
    write("pids.current", "1\n");
    const files = openCgroupFiles(folder);
    expect(files.changes()).toEqual([
      { file: "memory.max", before: null, after: "max" },
      { file: "pids.current", before: null, after: "1" },
    ]);
    expect(files.changes()).toEqual([]);
    write("pids.current", "2\n");
    expect(files.changes()).toEqual([{ file: "pids.current", before: "1", after: "2" }]);
    files.close();
  });

  test("names every file, but watches none that would only make noise", () => {
    for (const name of ["cgroup.procs", "tasks", "memory.pressure", "cpuacct.usage_percpu"])
      write(name, "x");
    const files = openCgroupFiles(folder);
    expect(files.names).toEqual([
      "cgroup.procs",
      "cpuacct.usage_percpu",
      "memory.pressure",
      "tasks",
    ]);
    expect(files.changes().map(({ file }) => file)).toEqual(["cgroup.procs"]);
    files.close();
  });

  test("leaves what the kernel counts for another time when asked to", () => {
    const names = ["cgroup.procs", "cpu.stat", "memory.current", "memory.max", "memory.peak"];
    for (const name of [...names, "memory.max_usage_in_bytes", "cpuacct.usage"]) write(name, "1");
    const files = openCgroupFiles(folder);
    expect(files.changes(false).map(({ file }) => file)).toEqual(["cgroup.procs", "memory.max"]);
    expect(files.changes()).toHaveLength(5);
    files.close();
  });

  test("files that come with a controller are read from then on, and told", () => {
    write("cgroup.controllers", "cpu\n");
    write("cpu.max", "max 100000\n");
    const told: string[][] = [];
    const files = openCgroupFiles(folder, (names) => told.push([...names]));
    expect(files.changes()).toHaveLength(2);
    write("cgroup.controllers", "cpu memory\n");
    for (const name of ["memory.current", "memory.pressure"]) write(name, "1\n");
    expect(files.changes()).toEqual([
      { file: "cgroup.controllers", before: "cpu", after: "cpu memory" },
      { file: "memory.current", before: null, after: "1" },
    ]);
    expect(told).toEqual([["memory.current"]]);
    write("memory.current", "2\n");
    expect(files.changes()).toEqual([{ file: "memory.current", before: "1", after: "2" }]);
    files.close();
  });

  test("of a long table the lines with a story", () => {
    write("memory.stat", "anon 1\npgfault 7\nshmem 3\nworkingset_nodes 0\n");
    write("cpu.stat", "usage_usec 7\nnr_throttled 1\nnr_bursts 0\n");
    const files = openCgroupFiles(folder);
    const contents = files.changes().map(({ after }) => after);
    expect(contents).toEqual(["usage_usec 7\nnr_throttled 1", "anon 1\nshmem 3"]);
    files.close();
  });

  test("a folder that is gone has nothing to say", () => {
    const files = openCgroupFiles(join(folder, "nothing"));
    expect(files.names).toEqual([]);
    expect(files.changes()).toEqual([]);
  });
});
