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
  const files = readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`));
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
      await sleep(200);
      expect(mounts(helper, from).length).toBe(1000);
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
       mount -t tmpfs outside /mnt/p; sleep 0.3`,
    );
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
       unshare -m sh -c '${overlay}; sleep 0.4' & sleep 0.2; ${overlay} || echo busy
       wait; for i in 1 2 3 4 5 6 7 8 9 10; do ${overlay} && echo free && break; sleep 0.05; done`,
    );
    await helper.wait(({ kind }) => kind === "mount.gone");
    expect(helper.output(1).toString()).toBe("busy\nfree\n");
    expect(heldFiles(helper, ready.pid)).toEqual([]);
    await helper.close();
  });

  test("a namespace that a bind mount keeps is not called gone", async () => {
    const helper = new Helper("kept");
    await helper.up();
    await helper.sh(
      1,
      `mount --bind /tmp /tmp; mount --make-private /tmp; touch /tmp/kept
       until unshare --mount=/tmp/kept sleep 0.1; do :; done
       sleep 0.3; echo still; umount /tmp/kept; sleep 0.3`,
    );
    // unshare(1) of util-linux 2.38 sometimes binds before it has unshared, and gives up: EINVAL.
    const inside = helper.lines.findLast(
      ({ kind, argv, namespaces }) =>
        kind === "process.exec" && String(argv) === "sleep,0.1" && namespaces !== undefined,
    );
    const { mnt } = (inside?.namespaces ?? {}) as { mnt?: number };
    expect(mnt).toBeGreaterThan(0);
    const gone = await helper.wait(({ kind, mntns }) => kind === "mount.gone" && mntns === mnt);
    const still = helper.lines.findIndex(({ text }) => text === "still\n");
    expect(helper.lines.indexOf(gone)).toBeGreaterThan(still);
    await helper.close();
  });

  test("tells the namespaces of a process that does not execute anything", async ({ skip }) => {
    skip(!succeeds("python3", "--version"), "needs python3 (apt-get install -y python3)");
    const helper = new Helper("unshare");
    await helper.up();
    await helper.sh(
      1,
      `python3 -c 'import ctypes, time, os
c = ctypes.CDLL(None)
uts = os.open("/proc/self/ns/uts", 0)
c.unshare(0x04000000); time.sleep(0.3); c.setns(uts, 0); time.sleep(0.3)'`,
    );
    const told = helper.lines.filter(({ kind }) => kind === "process.namespaces");
    expect(told.map((line) => Object.keys(line.namespaces as object))).toEqual([["uts"], []]);
    await helper.sh(2, "unshare -U sleep 0.1; sleep 0.1");
    const executed = helper.lines.find((line) => line.kind === "process.exec" && line.namespaces);
    expect(Object.keys(executed?.namespaces as object)).toEqual(["user"]);
    await helper.close();
  });
});
