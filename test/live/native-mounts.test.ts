import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Helper, type Line, older, start, succeeds, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

/** C's way without a shell's forks: mount(2) and umount2(2) as fast as they go. */
const PAIRS = `python3 -c '
import ctypes
c = ctypes.CDLL(None)
for i in range(1000):
    c.mount(b"m%d" % i, b"/mnt", b"tmpfs", 0, None); c.umount2(b"/mnt", 0)
'`;

const MOUNTED = ["mount.add", "mount.brief"];

/** Descriptors of the helper's that hold a mount namespace, but for the lab's own. */
function heldFiles(helper: Helper, init: unknown): string[] {
  const folder = `/proc/${helper.lines[0]?.pid}/fd`;
  const files = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      return "closed meanwhile";
    }
  });
  const own = `/proc/${init}/mountinfo`;
  return files.filter((file) => /mountinfo$|^mnt:/.test(file) && file !== own);
}

describe.skipIf(unable)("mounts and namespaces", { timeout: 60_000 }, () => {
  const mounts = (helper: Helper, from: number): Line[] =>
    helper.lines
      .slice(from)
      .filter(({ kind, mntns }) => MOUNTED.includes(kind) && mntns === undefined);
  const eventsLack = (ready: Line): boolean =>
    (ready.lacks as { what: string }[]).some(({ what }) => what === "mounts.all");

  const modes = [
    { mode: "root", why: "" },
    { mode: "rootless", why: rootlessUnable },
  ];
  test.for(modes)(
    "tells 1,000 of 1,000 mounts that are gone at once, in two namespaces: $mode",
    async ({ mode, why }, { skip }) => {
      skip(why !== "", why);
      skip(!succeeds("python3", "--version"), "needs python3 (apt-get install -y python3)");
      const helper = new Helper(`pairs-${mode}`, mode === "root" ? start : rootlessCommand());
      const ready = await helper.up({ mode });
      if (eventsLack(ready)) await helper.close();
      skip(eventsLack(ready), "needs Linux 6.15");
      expect(ready.can).toContain("mounts.all");
      let from = helper.lines.length;
      await helper.sh(1, PAIRS);
      await expect.poll(() => mounts(helper, from).length, { timeout: 5000 }).toBe(1000);
      from = helper.lines.length;
      await helper.sh(2, `unshare -m ${PAIRS}`);
      await helper.wait(({ kind }) => kind === "mount.gone");
      const inside = helper.lines.slice(from).filter(({ kind }) => MOUNTED.includes(kind));
      expect(inside.length).toBe(1000);
      const found = helper.lines.slice(from).find(({ kind }) => kind === "mount.namespace");
      const whose = mode === "root" ? [found?.mntns, found?.pid] : [undefined, undefined];
      // Without root the kernel says nobody's pid.
      for (const line of inside.filter(({ kind }) => mode === "root" || kind === "mount.brief"))
        expect([line.mntns, line.pid]).toEqual(whose);
      await helper.close();
    },
  );

  test("follows a container's own namespace, and its propagation", async () => {
    const helper = new Helper("mntns");
    await helper.up();
    await helper.sh(
      1,
      `mkdir /mnt/p; mount --bind /mnt/p /mnt/p; mount --make-shared /mnt/p
       unshare -m --propagation unchanged sh -c '
         mount --make-slave /mnt/p; sleep 0.3; mount -t tmpfs inside /mnt/p; sleep 0.3'
       mount -t tmpfs outside /mnt/p`,
    );
    await helper.wait(({ kind, source }) => kind === "mount.add" && source === "outside");
    const found = await helper.wait(({ kind }) => kind === "mount.namespace");
    const namespace = found.mntns;
    const targets = (found.mounts as Line[]).map(({ target }) => target);
    expect(targets).toEqual(expect.arrayContaining(["/", "/proc", "/mnt/p"]));
    const of = (source: string) =>
      helper.lines.filter((line) => line.kind === "mount.add" && line.source === source);
    const slave = helper.lines.find(
      ({ kind, mntns, propagation }) =>
        kind === "mount.add" && mntns === namespace && /^master:\d+$/.test(String(propagation)),
    );
    expect(slave).toMatchObject({ target: "/mnt/p" });
    expect(of("inside").map(({ mntns }) => mntns)).toEqual([namespace]);
    expect(of("outside").map(({ mntns }) => mntns)).toEqual([undefined]);
    await helper.wait(({ kind, mntns }) => kind === "mount.gone" && mntns === namespace);
    await helper.close();
  });

  const ways: [string, readonly string[]][] = [
    ["by the kernel's events", start],
    ["by mountinfo", older],
  ];
  test.for(ways)("keeps no dead namespace alive: %s", async ([, command], { skip }) => {
    skip(command === older && !succeeds("strace", "-V"), "needs strace");
    const helper = new Helper("dead", command);
    const ready = await helper.up();
    if (command === older) expect(eventsLack(ready)).toBe(true);
    // overlayfs: with index=on an upperdir that some mount uses cannot be used a second time.
    const overlay =
      "mount -t overlay o -o index=on,lowerdir=/mnt/o/low,upperdir=/mnt/o/up,workdir=/mnt/o/work /mnt/m";
    await helper.sh(
      1,
      `mount -t tmpfs o /mnt; mkdir -p /mnt/o/low /mnt/o/up /mnt/o/work /mnt/m
       unshare -m sh -c '${overlay}; > /tmp/there; exec sleep 1000' & until [ -e /tmp/there ]; do sleep 0.02; done
       ${overlay} || echo busy; sleep 0.2; kill $!
       wait; for i in $(seq 100); do ${overlay} && echo free && break; sleep 0.05; done`,
    );
    await helper.wait(({ kind }) => kind === "mount.gone");
    expect(helper.output(1).toString()).toBe("busy\nfree\n");
    expect(heldFiles(helper, ready.pid)).toEqual([]);
    await helper.close();
  });

  test("a namespace that a bind mount keeps is not called gone", async ({ skip }) => {
    const helper = new Helper("kept");
    const ready = await helper.up();
    // mountinfo is a process's: without one nobody sees what is in the namespace.
    if (eventsLack(ready)) await helper.close();
    skip(eventsLack(ready), "needs Linux 6.15");
    // A mount namespace can be bound only in an older one, and Linux 6.18 takes ages from numbers that
    // each CPU draws by itself: of what is made on another one it may say EINVAL (mount_namespaces(7)).
    await helper.sh(
      1,
      `mount --bind /tmp /tmp; mount --make-private /tmp; touch /tmp/kept; own=$(readlink /proc/$$/ns/mnt)
       for cpu in $(seq 0 63); do
         taskset -c $cpu true 2> /dev/null || continue
         taskset -c $cpu unshare -m sleep 1000 &
         until readlink /proc/$!/ns/mnt | grep -vqF "$own"; do sleep 0.02; done
         mount --bind /proc/$!/ns/mnt /tmp/kept && break; kill $!
       done; echo $!; sleep 0.2; kill $!; wait $!`,
    );
    const kept = Number(helper.output(1).toString());
    const sleeps = (kind: string) => (line: Line) => line.kind === kind && line.labPid === kept;
    const inside = await helper.wait(
      (line) => sleeps("process.exec")(line) && line.namespaces !== undefined,
    );
    const { mnt } = inside.namespaces as { mnt: number };
    await helper.wait(sleeps("process.exit"));
    // Of an earlier attempt's, which may have had the same number, it has been told before.
    const from = helper.lines.findIndex(sleeps("process.exec"));
    const gone = () =>
      helper.lines.slice(from).some(({ kind, mntns }) => kind === "mount.gone" && mntns === mnt);
    await sleep(300);
    expect(gone()).toBe(false);
    await helper.sh(2, "umount /tmp/kept");
    await helper.wait(gone);
    await helper.close();
  });

  test("tells the namespaces of a process that does not execute anything", async ({ skip }) => {
    skip(!succeeds("python3", "--version"), "needs python3 (apt-get install -y python3)");
    const helper = new Helper("unshare");
    await helper.up();
    const told = (): Line[] => helper.lines.filter(({ kind }) => kind === "process.namespaces");
    const script = `import ctypes, os, signal
c = ctypes.CDLL(None)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
uts = os.open("/proc/self/ns/uts", 0)
c.unshare(0x04000000); signal.sigwait([signal.SIGUSR1])
c.setns(uts, 0); signal.sigwait([signal.SIGUSR1])`;
    const { pid } = await helper.ask({ op: "run", run: 1, argv: ["python3", "-c", script] });
    for (const times of [1, 2]) {
      await helper.wait(() => told().length === times);
      process.kill(Number(pid), "SIGUSR1");
    }
    await helper.exited(1);
    expect(told().map((line) => Object.keys(line.namespaces as object))).toEqual([["uts"], []]);
    await helper.sh(2, "unshare -U sleep 0.5");
    const executed = await helper.wait(
      (line) => line.kind === "process.exec" && line.namespaces !== undefined,
    );
    expect(Object.keys(executed.namespaces as object)).toEqual(["user"]);
    await helper.close();
  });
});
