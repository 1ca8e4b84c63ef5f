import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Helper, nothingLeft, spared, unable } from "./native-helper.ts";

/** proc_pid_status(5): VmRSS, in KiB. */
const residentKib = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

/* What each leaves in memory for good is told apart from what it needs at most: the first round pays
 * for room that is used again. */
const ROUNDS: Readonly<Record<string, string>> = {
  "5,000 processes": "i=0; while [ $i -lt 5000 ]; do /bin/true; i=$((i+1)); done",
  "500 mounts": `i=0; while [ $i -lt 500 ]; do mkdir -p /mnt/$i; mount -t tmpfs m$i /mnt/$i; i=$((i+1)); done
    i=0; while [ $i -lt 500 ]; do umount /mnt/$i; i=$((i+1)); done`,
  // Deleted one by one each takes the kernel 40 ms.
  "500 links": `i=0; while [ $i -lt 250 ]; do echo link add l$i group 5 type veth peer name m$i; i=$((i+1)); done |
    ip -batch - && ip link del group 5`,
  "200 cgroups": `cd /sys/fs/cgroup/pids 2>/dev/null || cd /sys/fs/cgroup
    i=0; while [ $i -lt 200 ]; do mkdir g$i; i=$((i+1)); done; rmdir g*`,
};

/* A leak grows in every round; one or two may need more room than those before, when the machine is busy
 * and lines wait. */
const MOST_GROWTH_KIB = 64;

const why = unable || spared;
describe.skipIf(why)(`a long session${why && ` (${why})`}`, { timeout: 240_000 }, () => {
  test.each(Object.entries(ROUNDS))("five times %s: no memory is lost", async (what, script) => {
    const helper = new Helper(`memory-${what.replace(/\D/g, "")}`);
    const ready = await helper.up();
    const resident: number[] = [];
    for (let round = 1; round <= 5; round++) {
      expect(await helper.sh(round, script, 100_000)).toMatchObject({ code: 0 });
      await sleep(300);
      helper.lines.length = 0;
      resident.push(residentKib(helper.process.pid));
    }
    await helper.close();
    const growths = resident.slice(2).map((kib, index) => kib - (resident[index + 1] ?? 0));
    console.log(`${what}: the warden's RSS after each round, KiB: ${resident.join(" ")}`);
    expect(Math.min(...growths)).toBeLessThan(MOST_GROWTH_KIB);
    await nothingLeft(
      helper.name,
      `pid:[${(ready.namespaces as Record<string, number>).pid}]`,
      5000,
    );
  });
});
