import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Helper, type Line, succeeds, unable } from "./native-helper.ts";

/** Where this host has v1: the frozen state and out of memory are told in other ways there. */
const FREEZER = "/sys/fs/cgroup/freezer";
const V1 = existsSync(FREEZER);
const MEMORY = V1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";

describe.skipIf(unable)("what happens to cgroups", { timeout: 60_000 }, () => {
  const open = async (name: string): Promise<{ helper: Helper; lacks: boolean }> => {
    const helper = new Helper(name);
    const ready = await helper.up({ enableControllers: true });
    const lacks = !(ready.can as string[]).includes("cgroup.writers");
    if (!V1 && !lacks) await handDown(helper);
    return { helper, lacks };
  };
  /** On v2 a group has the files of the controllers that its parent hands down. */
  const handDown = async (helper: Helper): Promise<void> => {
    await helper.sh(9, "echo '+memory +pids' > /sys/fs/cgroup/cgroup.subtree_control");
    await helper.wait(({ kind }) => kind === "cgroup.write");
    helper.lines.length = 0;
  };
  const told = (helper: Helper, ...kinds: string[]): Line[] =>
    helper.lines.filter(({ kind }) => kinds.includes(kind));

  /**
   * Commands of one shell, each when all that is wanted of the one before has been told: what comes
   * faster than it is read, the kernel tells as one (fanotify(7)).
   */
  const stepwise = async (helper: Helper, kinds: string[], steps: [string, number][]) => {
    const script = steps.map(([command]) => command).join("\nread next\n");
    await helper.ask({ op: "run", run: 1, argv: ["/bin/sh", "-c", script], stdin: true });
    for (const [, wanted] of steps) {
      await helper.wait(() => told(helper, ...kinds).length >= wanted);
      await helper.ask({ op: "write", run: 1, text: "\n" });
    }
    await helper.exited(1);
  };

  test("who makes, writes and removes; each write once", async ({ skip }) => {
    const { helper, lacks } = await open("writers");
    if (lacks) await helper.close();
    skip(lacks, "needs Linux 6.7");
    const pids = V1 ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
    // On v2 a group that hands controllers down holds no processes itself.
    const home = V1 ? "/" : "/init";
    const kinds = ["cgroup.mkdir", "cgroup.write", "cgroup.rmdir"];
    await stepwise(helper, kinds, [
      [`mkdir ${pids}/p`, 1],
      [`echo $$; echo 7 > ${pids}/p/pids.max`, 2],
      [`echo $$ > ${pids}/p/cgroup.procs`, 3],
      [`printf 8 >> ${pids}/p/pids.max`, 4],
      [`echo $$ > ${pids}${home === "/" ? "" : home}/cgroup.procs; rmdir ${pids}/p`, 6],
    ]);
    const writer = Number(helper.output(1).toString());
    const at = { hierarchy: V1 ? "pids" : "", path: "/p" };
    expect(told(helper, ...kinds)).toMatchObject([
      { kind: "cgroup.mkdir", ...at, comm: "mkdir" },
      { kind: "cgroup.write", ...at, file: "pids.max", labPid: writer },
      { kind: "cgroup.write", ...at, file: "cgroup.procs", labPid: writer },
      { kind: "cgroup.write", ...at, file: "pids.max", labPid: writer },
      { kind: "cgroup.write", ...at, path: home, file: "cgroup.procs", labPid: writer },
      { kind: "cgroup.rmdir", ...at, comm: "rmdir" },
    ]);
    await helper.close();
  });

  test("1,000 groups, each written to at once, and removed", async ({ skip }) => {
    const { helper, lacks } = await open("groups");
    if (lacks) await helper.close();
    skip(lacks, "needs Linux 6.7");
    skip(!succeeds("python3", "--version"), "needs python3 (apt-get install -y python3)");
    const file = V1 ? "pids.max" : "cgroup.max.depth";
    await helper.sh(
      1,
      `python3 -c '
import os
top = "${V1 ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup"}/g"
def write(group):
    with open(group + "/${file}", "r+") as file: file.write("5")
os.mkdir(top)
for i in range(1000):
    os.mkdir(top + "/%d" % i)
    write(top + "/%d" % i)
for i in range(1000):
    os.rmdir(top + "/%d" % i)
# Gone before anyone can look, one in the other, and the same names again and again.
for i in range(100):
    os.mkdir(top + "/a")
    os.mkdir(top + "/a/b")
    write(top + "/a/b")
    os.rmdir(top + "/a/b")
    write(top + "/a")
    os.rmdir(top + "/a")
'`,
    );
    const count = (kind: string, path: RegExp) =>
      told(helper, kind).filter((line) => path.test(line.path as string)).length;
    const counts = (path: RegExp) =>
      ["cgroup.mkdir", "cgroup.write", "cgroup.rmdir"].map((kind) => count(kind, path));
    await expect.poll(() => counts(/^\/g\/\d+$/), { timeout: 5000 }).toEqual([1000, 1000, 1000]);
    await expect.poll(() => counts(/^\/g\/a$/), { timeout: 5000 }).toEqual([100, 100, 100]);
    await expect.poll(() => counts(/^\/g\/a\/b$/), { timeout: 5000 }).toEqual([100, 100, 100]);
    await helper.close();
  });

  test("out of memory, once for each kill", async ({ skip }) => {
    const { helper, lacks } = await open("oom");
    if (lacks) await helper.close();
    skip(lacks, "needs Linux 6.7");
    const limit = V1 ? "memory.limit_in_bytes" : "memory.max";
    const swap = V1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max";
    const kill = `sh -c 'echo $$ > ${MEMORY}/o/cgroup.procs; tail /dev/zero'`;
    const limits = `mkdir ${MEMORY}/o; echo 8000000 > ${MEMORY}/o/${limit}
      echo ${V1 ? 8000000 : 0} > ${MEMORY}/o/${swap}`;
    await stepwise(
      helper,
      ["cgroup.oom"],
      [
        [`${limits}; ${kill}`, 1],
        [kill, 2],
      ],
    );
    expect(told(helper, "cgroup.oom")).toMatchObject([
      { path: "/o", kills: 1 },
      { path: "/o", kills: 2 },
    ]);
    await helper.close();
  });

  test("populated and frozen, and by whom", async ({ skip }) => {
    const { helper, lacks } = await open("frozen");
    if (lacks) await helper.close();
    skip(lacks, "needs Linux 6.7");
    const [group, file, frozen, thawed] = V1
      ? [`${FREEZER}/f`, "freezer.state", "FROZEN", "THAWED"]
      : ["/sys/fs/cgroup/f", "cgroup.freeze", "1", "0"];
    const kinds = ["cgroup.populated", "cgroup.frozen"];
    await stepwise(helper, kinds, [
      [`mkdir ${group}; sleep 100 & echo $! > ${group}/cgroup.procs`, 1],
      [`echo ${frozen} > ${group}/${file}`, 2],
      [`echo ${thawed} > ${group}/${file}`, 3],
      ["kill $!; wait $!", 4],
      [`rmdir ${group}`, 4],
    ]);
    await helper.wait(({ kind }) => kind === "cgroup.rmdir");
    expect(told(helper, ...kinds)).toMatchObject([
      { path: "/f", populated: true },
      { path: "/f", frozen: true },
      { path: "/f", frozen: false },
      { path: "/f", populated: false },
    ]);
    if (V1) expect(told(helper, "cgroup.frozen")[0]).toMatchObject({ comm: "sh" });
    await helper.close();
  });

  test("nothing is told of groups that are not the lab's", async () => {
    const { helper } = await open("others");
    const { helper: other } = await open("noise");
    await other.sh(1, `mkdir ${MEMORY}/noise; sleep 0.1; rmdir ${MEMORY}/noise`);
    await sleep(100);
    expect(told(helper, "cgroup.mkdir", "cgroup.write", "cgroup.rmdir")).toEqual([]);
    await other.close();
    await helper.close();
  });
});
