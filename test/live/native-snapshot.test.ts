import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { changeText, type Snapshot } from "../../src/timeline/snapshot.ts";
import { diffSnapshots } from "../../src/timeline/snapshot-diff.ts";
import { Helper, start, succeeds, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

const V1 = existsSync("/sys/fs/cgroup/pids");
const PIDS = V1 ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";

describe.skipIf(unable)("snapshots of the lab", { timeout: 60_000 }, () => {
  const take = async (helper: Helper): Promise<Snapshot> =>
    (await helper.ask({ op: "snapshot" })) as unknown as Snapshot;
  /** What a command has changed, as a learner reads it; numbers that differ each time are N. */
  const changes = async (
    helper: Helper,
    run: number,
    script: string,
    settled: () => Promise<unknown> = () => sleep(150),
  ): Promise<string[]> => {
    const before = await take(helper);
    await helper.sh(run, script);
    await settled();
    return diffSnapshots(before, await take(helper)).changes.map((change) =>
      changeText(change).replace(/\d{6,}/g, "N"),
    );
  };

  /** What was started in the background is what it was to become. */
  const sleeps = (helper: Helper): Promise<unknown> =>
    helper.wait(({ kind, argv }) => kind === "process.exec" && String(argv) === "sleep,100");

  const modes = [
    { mode: "root", why: "" },
    { mode: "rootless", why: rootlessUnable },
  ];
  test.for(modes)(
    "a step that changes nothing has no difference: $mode",
    async ({ mode, why }, { skip }) => {
      skip(why !== "", why);
      const helper = new Helper(`same-${mode}`, mode === "root" ? start : rootlessCommand());
      await helper.up({ mode });
      expect(
        await changes(helper, 1, "ls / > /dev/null; for i in 1 2 3; do /bin/true; done"),
      ).toEqual([]);
      expect(
        await changes(helper, 2, "unshare -mn true; mount -t tmpfs x /mnt; umount /mnt"),
      ).toEqual([]);
      // The quickest of some: what the others take longer, somebody else had the processor.
      const snapshots: Snapshot[] = [];
      for (let times = 0; times < 10; times++) snapshots.push(await take(helper));
      expect(Math.min(...snapshots.map(({ from, until }) => until - from))).toBeLessThan(20e6);
      expect(snapshots.flatMap(({ cut }) => cut)).toEqual([]);
      await helper.close();
    },
  );

  test("what a step has changed: groups, processes, namespaces, mounts, links", async ({
    skip,
  }) => {
    skip(!succeeds("ip", "-V"), "needs ip (apt-get install -y iproute2)");
    const helper = new Helper("diff");
    await helper.up({ enableControllers: true });
    const group = V1 ? "pids/g" : "/g";
    // On v2 a group has the files of the controllers that its parent hands down.
    if (!V1) await helper.sh(9, `echo +pids > ${PIDS}/cgroup.subtree_control`);
    expect(await changes(helper, 1, `mkdir ${PIDS}/g`)).toEqual([`+ cgroup ${group}`]);
    expect(await changes(helper, 2, `echo 5 > ${PIDS}/g/pids.max`)).toEqual([
      `~ cgroup ${group} pids.max: max → 5`,
    ]);
    expect(await changes(helper, 3, "mount -t tmpfs x /mnt; mount --make-shared /mnt")).toEqual([
      "+ mount tmpfs on /mnt",
    ]);
    expect(await changes(helper, 4, "mount -o remount,ro /mnt")).toMatchObject([
      expect.stringMatching(/^~ mount tmpfs on \/mnt: .*rw.* → .*ro/),
    ]);
    expect(
      await changes(helper, 5, "ip link add v0 type veth peer name v1; ip link set v0 up"),
    ).toEqual(expect.arrayContaining(["+ link v0 (veth)", "+ link v1 (veth)"]));
    const [process, ...rest] = await changes(
      helper,
      6,
      `(echo 0 > ${PIDS}/g/cgroup.procs; exec unshare -u sleep 100) > /dev/null 2>&1 &`,
      () => sleeps(helper),
    );
    expect(process).toMatch(/^\+ process \d+ sleep 100 in .*g uts:\[N\]$/);
    expect(rest).toEqual(["+ namespace uts:[N]"]);
    await helper.close();
  });

  test("says who owns a namespace, and which file keeps it", async () => {
    const helper = new Helper("kept-uts");
    await helper.up();
    await helper.sh(
      1,
      "touch /tmp/uts; unshare --uts=/tmp/uts true; unshare -Un sleep 100 > /dev/null 2>&1 &",
    );
    await sleeps(helper);
    const { namespaces, processes } = await take(helper);
    const kept = namespaces.filter((namespace) => namespace.kept.length > 0);
    expect(kept).toMatchObject([{ type: "uts", processes: [], kept: ["/tmp/uts"] }]);
    const inside = processes.find(({ argv }) => argv?.[0] === "sleep");
    const { user, net } = inside?.namespaces ?? {};
    expect(user).toBeGreaterThan(0);
    expect(namespaces.find(({ inode }) => inode === net)).toMatchObject({
      owner: user,
      processes: [inside?.pid],
    });
    await helper.close();
  });
});
