import { readFileSync, readlinkSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { readFingerprint } from "../../src/host/fingerprint.ts";
import { Helper, janitorOf, type Line, load, members, nothingLeft } from "./native-helper.ts";
import { hasEnded } from "./program.ts";
import { journalFolders, rootlessCommand, rootlessUnable, uidOf } from "./rootless-helper.ts";

const pidNamespace = (ready: Line): string =>
  `pid:[${(ready.namespaces as Record<string, number>).pid}]`;

describe.skipIf(rootlessUnable)("a lab without root", { timeout: 60_000 }, () => {
  let command: string[];
  beforeAll(() => {
    command = rootlessCommand();
  });

  const opened: Helper[] = [];
  afterEach(async () => {
    for (const helper of opened.splice(0)) await helper.close();
  });

  const open = async (name: string, fields: Record<string, unknown> = {}) => {
    const helper = new Helper(`rl-${name}`, command);
    opened.push(helper);
    const ready = await helper.up({ mode: "rootless", ...fields });
    return { helper, ready };
  };

  const gone = async (helper: Helper, ready: Line): Promise<void> => {
    await nothingLeft(helper.name, pidNamespace(ready));
    await expect.poll(() => journalFolders(uidOf()), { timeout: 3000 }).toEqual([]);
  };

  test("has a root of its own, who is its user on the host", async () => {
    const { helper, ready } = await open("up");
    expect(ready).toMatchObject({ mode: "rootless" });
    expect((ready.namespaces as Record<string, number>).user).not.toBe(
      Number(/\d+/.exec(readlinkSync("/proc/self/ns/user"))?.[0]),
    );
    await helper.sh(1, "id -u; cat /proc/self/uid_map; hostname; exit 7");
    expect(helper.output(1).toString()).toMatch(
      new RegExp(`^0\\n\\s+0\\s+${uidOf()}\\s+1\\n[^]*lab\\n$`),
    );
    expect(helper.lines.at(-1)).toMatchObject({ kind: "run.exit", code: 7 });
    expect(await helper.sh(2, "kill -9 $$")).toMatchObject({ signal: "SIGKILL" });
    await helper.close();
    await gone(helper, ready);
    expect(helper.lines.at(-1)).toMatchObject({ kind: "lab.gone", reason: "stdin closed" });
  });

  test("looks like a small machine: its own /etc, devices and few mounts", async () => {
    const { helper, ready } = await open("looks");
    const script = `set -e
      echo 10.0.0.1 far >> /etc/hosts; echo x >> /etc/profile; echo new > /etc/new
      echo x > /dev/null; head -c 1 /dev/urandom > /dev/zero
      [ -c /dev/tty ]; [ -w /dev/shm ]; [ -e /dev/mqueue ]; [ -e /dev/pts/ptmx ]
      [ "$(stat -c %U /etc/passwd /root)" = "root
root" ]
      grep -q root /etc/shadow
      mount | wc -l`;
    expect(await helper.sh(1, script)).toMatchObject({ code: 0 });
    const mounts = Number(helper.output(1));
    expect(mounts).toBeGreaterThan(10);
    expect(mounts).toBeLessThan(40);
    expect(await helper.sh(2, "mount -o remount,rw /usr && touch /usr/x")).not.toMatchObject({
      code: 0,
    });
    await helper.close();
    await gone(helper, ready);
  });

  test("sees the cgroup hierarchies of the host where they are mounted, and cannot touch them", async () => {
    const { helper, ready } = await open("see");
    const of = (mountinfo: string) => mountinfo.match(/ - cgroup2? \S+ \S+$/gm)?.length ?? 0;
    await helper.sh(1, "cat /proc/self/mountinfo");
    const given = (ready.cgroups as unknown[]).length;
    if (given === 0)
      expect(of(`${helper.output(1)}`)).toBe(of(readFileSync("/proc/self/mountinfo", "utf8")));
    const script = `cd /sys/fs/cgroup
      for tree in . *; do ! mkdir $tree/x 2> /dev/null || exit 9; done
      ! echo 0 2> /dev/null > cgroup.procs || exit 8`;
    if (given === 0) expect(await helper.sh(2, script)).toMatchObject({ code: 0 });
    await helper.close();
    await gone(helper, ready);
  });

  test("rm -rf --no-preserve-root / harms nothing outside", async () => {
    const before = readFingerprint();
    const { helper, ready } = await open("rm");
    await helper.sh(1, "rm -rf --no-preserve-root / 2> /dev/null; echo > /alive", 30_000);
    expect(await helper.ask({ op: "read", path: "/etc/passwd" })).toMatchObject({ exists: false });
    expect(await helper.ask({ op: "read", path: "/alive" })).toMatchObject({ exists: true });
    await helper.close();
    await gone(helper, ready);
    expect(readFingerprint()).toEqual(before);
  });

  test("nests: user namespaces with a /proc of their own, network namespaces, strace", async () => {
    const { helper, ready } = await open("nests");
    await helper.sh(1, "unshare -Urpf --mount-proc sh -c 'echo $$; ls /proc | grep -c ^[0-9]'");
    expect(helper.output(1).toString()).toMatch(/^1\n[2-5]\n$/);
    await helper.sh(2, "ip netns add x && ip netns exec x ip -o link | wc -l; ls /sys/class/net");
    expect(helper.output(2).toString()).toMatch(/^1\n/);
    const argv = ["strace", "-f", "-D", "-q", "-o", "/run/tsi/trace.3", "--", "/bin/sh", "-c", ":"];
    await helper.ask({ op: "run", run: 3, argv, trace: true });
    await helper.wait((line) => String(line.text).includes("+++ exited with 0 +++"));
    await helper.close();
    await gone(helper, ready);
  });

  test("a fork bomb ends at the lab's limit, and with the lab", async () => {
    const { helper, ready } = await open("bomb", { limits: { pids: 100 } });
    // Bounded, should the limit not hold. A shell that cannot fork gives up; the others stay.
    const bomb = "i=0; while [ $i -lt 300 ]; do sleep 100 & i=$((i + 1)); done";
    await helper.ask({
      op: "run",
      run: 1,
      argv: ["/bin/sh", "-c", bomb],
    });
    await helper.exited(1);
    const namespace = pidNamespace(ready);
    expect(members(namespace).length).toBeGreaterThan(50);
    expect(members(namespace).length).toBeLessThanOrEqual(110);
    // PID 1 is not held to it.
    expect(await helper.ask({ op: "read", path: "/etc/hostname" })).toMatchObject({ exists: true });
    await helper.close();
    await gone(helper, ready);
  });

  test("a memory hog is refused, and not the host's", async () => {
    const { helper, ready } = await open("hog", { limits: { memory: 64 << 20 } });
    expect(await helper.sh(1, "dd if=/dev/zero of=/dev/null bs=128M count=1")).not.toMatchObject({
      code: 0,
    });
    expect(await helper.sh(2, "dd if=/dev/zero of=/tmp/x bs=1M count=128")).toMatchObject({
      code: 1,
    });
    expect(await helper.sh(3, "true")).toMatchObject({ code: 0 });
    await helper.close();
    await gone(helper, ready);
  });

  const killed = [
    "warden",
    "init",
    "janitor",
    "warden init",
    "warden janitor",
    "janitor warden init",
  ];

  test.each(killed)("killed (%s): nothing is left", async (names) => {
    const victims = names.split(" ");
    const { helper, ready } = await open(victims.join("-"));
    await helper.ask({ op: "run", run: 1, argv: ["/bin/sh", "-c", load] });
    await helper.wait((line) => String(line.text).includes("loaded"));
    const init = Number(ready.pid);
    const pids: Record<string, number> = {
      init,
      warden: Number(helper.process.pid),
      janitor: janitorOf(helper, init),
    };
    for (const victim of victims) process.kill(pids[victim] as number, "SIGKILL");
    if (!victims.includes("warden") && !victims.includes("init")) await helper.close();
    await nothingLeft(helper.name, pidNamespace(ready), 3000);
    // Warden and janitor gone together: the next lab, or --reap, finds the journal.
    if (victims.includes("warden") && victims.includes("janitor")) {
      // A killed process holds its lock until it has closed all its files; some take their time.
      const holders = [pids.warden, pids.janitor].map(String);
      await expect.poll(() => holders.every(hasEnded), { timeout: 3000 }).toBe(true);
      const next = await open("next");
      await next.helper.close();
    }
    await helper.close();
    await expect.poll(() => journalFolders(uidOf()), { timeout: 3000 }).toEqual([]);
  });
});
