import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findGroup } from "../../src/commands/dashboard.ts";
import { sampleGroups } from "../../src/sources/cgroup-samples.ts";
import { type CgroupTree, cgroupTrees, groupAt } from "../../src/sources/cgroup-trees.ts";

const ID = "0123456789abcdef".repeat(4);
let top = "";
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "tsi-trees-"));
});
afterEach(() => rmSync(top, { recursive: true }));

/** path/in/the/tree/file → its text. */
function fill(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(top, path, ".."), { recursive: true });
    writeFileSync(join(top, path), text);
  }
}

const v1 = (): CgroupTree[] => [
  { mount: join(top, "memory"), version: 1, controllers: ["memory"] },
  { mount: join(top, "cpu,cpuacct"), version: 1, controllers: ["cpu", "cpuacct"] },
  { mount: join(top, "pids"), version: 1, controllers: ["pids"] },
];
const v2 = (): CgroupTree[] => [{ mount: join(top, "unified"), version: 2, controllers: [""] }];

test("the trees a host has, from its mountinfo", () => {
  const mountinfo = `30 23 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro
31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw
32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
`;
  expect(cgroupTrees(mountinfo)).toEqual([
    { mount: "/sys/fs/cgroup/unified", version: 2, controllers: [""] },
    { mount: "/sys/fs/cgroup/cpu,cpuacct", version: 1, controllers: ["cpu", "cpuacct"] },
  ]);
});

describe("samples", () => {
  test("v1: one group in several trees, at different paths", () => {
    fill({
      "memory/slice/tsi-demo-7/memory.usage_in_bytes": "4096\n",
      "memory/slice/tsi-demo-7/memory.limit_in_bytes": "9223372036854771712\n",
      "memory/slice/tsi-demo-7/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
      "cpu,cpuacct/tsi-demo-7/cpuacct.usage": "2500000000\n",
      "cpu,cpuacct/tsi-demo-7/cpu.stat": "nr_periods 9\nnr_throttled 3\nthrottled_time 5\n",
      "pids/tsi-demo-7/pids.current": "5\n",
      "pids/tsi-demo-7/inner/pids.current": "1\n",
    });
    const { groups } = sampleGroups(findGroup(null, v1()), 10);
    expect(groups).toEqual([
      {
        ...{ path: "/", memory: 4096, memoryLimit: null, cpu: 2.5, throttled: 3 },
        ...{ pids: 5, oomKills: 2 },
      },
      {
        ...{ path: "/inner", memory: null, memoryLimit: null, cpu: null, throttled: null },
        ...{ pids: 1, oomKills: null },
      },
    ]);
  });

  test("v2: all in one directory", () => {
    const scope = `unified/system.slice/docker-${ID}.scope`;
    fill({
      [`${scope}/memory.current`]: "8192\n",
      [`${scope}/memory.max`]: "67108864\n",
      [`${scope}/memory.events`]: "low 0\nhigh 0\nmax 0\noom 1\noom_kill 1\n",
      [`${scope}/cpu.stat`]: "usage_usec 1500000\nnr_periods 0\nnr_throttled 0\n",
      [`${scope}/pids.current`]: "1\n",
    });
    const { groups } = sampleGroups(findGroup("01234567", v2()), 0);
    expect(groups).toEqual([
      {
        ...{ path: "/", memory: 8192, memoryLimit: 67108864, cpu: 1.5, throttled: 0 },
        ...{ pids: 1, oomKills: 1 },
      },
    ]);
    expect(groupAt(v2(), "/system.slice")?.name).toBe("system.slice");
  });

  test("a group that goes is an empty sample, not a failure", () => {
    fill({ "unified/tsi-demo-7/pids.current": "1\n" });
    const group = findGroup("demo", v2());
    rmSync(join(top, "unified/tsi-demo-7"), { recursive: true });
    expect(sampleGroups(group, 5)).toEqual({ at: 5, groups: [] });
  });

  test("what is not there is said, with what to try", () => {
    fill({ "unified/ssh.service/pids.current": "1\n", "unified/tsi-demo-7/pids.current": "1\n" });
    expect(() => findGroup("cgroups", v2())).toThrow("is called cgroups");
    expect(() => findGroup("/none", v2())).toThrow("no cgroup /none");
    expect(findGroup("ssh.service", v2()).name).toBe("ssh.service");
    rmSync(join(top, "unified/tsi-demo-7"), { recursive: true });
    expect(() => findGroup(null, v2())).toThrow("no lab");
    // Not the beginning of every name there is.
    expect(() => findGroup("tsi", v2())).toThrow();
  });
});
