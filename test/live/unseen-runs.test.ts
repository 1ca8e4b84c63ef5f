import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClock } from "../../src/sources/clock.ts";
import { type Lab, openLab } from "../../src/sources/lab.ts";
import type { Event } from "../../src/timeline/event.ts";
import { diffSnapshots } from "../../src/timeline/snapshot-diff.ts";
import { start, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

const modes = [
  { mode: "root" as const, skip: unable, command: () => start },
  { mode: "rootless" as const, skip: unable || rootlessUnable, command: () => rootlessCommand() },
];

for (const { mode, skip, command } of modes) {
  describe.skipIf(skip)(`commands that only look, in a ${mode} lab`, { timeout: 60_000 }, () => {
    let lab: Lab;
    let read: Promise<void>;
    const events: Event[] = [];

    beforeEach(async () => {
      const [program = "", ...args] = command();
      events.length = 0;
      lab = await openLab({
        command: [program, ...args],
        clock: createClock(),
        name: `unseen-${mode}`,
        mode,
      });
      read = (async () => {
        for await (const batch of lab.events()) events.push(...batch);
      })();
    });
    afterEach(async () => {
      await lab.close();
      await read;
    });

    test("give what they write, whatever that is", async () => {
      expect(await lab.capture("echo hi; echo no >&2")).toEqual({ text: "hi\n" });
      expect(await lab.capture("echo 0; exit 3")).toEqual({ text: "0\n" });
      expect(await lab.capture("exit 3")).toEqual({ text: null });
      expect(await lab.capture("true")).toEqual({ text: "" });
      expect(await lab.capture("pwd; echo $HOME; hostname")).toEqual({
        text: "/root\n/root\nlab\n",
      });
      const long = await lab.capture("head -c 100000 /dev/zero | tr '\\0' x");
      expect(long.text).toBe("x".repeat(65_536));
    });

    test("are ended after five seconds, and what they had started as well", async () => {
      const begun = performance.now();
      expect(await lab.capture("sleep 71 & sleep 72")).toEqual({
        text: null,
        error: "it took longer than 5 seconds",
      });
      expect(performance.now() - begun).toBeLessThan(8000);
      const { text } = await lab.capture("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
      expect(text).not.toMatch(/sleep 7[12]/);
    });

    test("are in no event and in no difference, while others are", async () => {
      const loop = await lab.start(1, ["/bin/sh", "-c", "while :; do sleep 0.03; done"], null);
      await sleep(300);
      const before = await lab.snapshot();
      const from = events.length;
      for (let look = 0; look < 5; look++) {
        const nested =
          "unshare -m sh -c 'mount -t tmpfs unseen /mnt; grep -c unseen /proc/self/mounts'";
        expect(await lab.capture(nested)).toEqual({ text: "1\n" });
        expect(await lab.capture("sh -c 'sleep 0.05; /bin/echo looked'")).toMatchObject({
          text: "looked\n",
        });
      }
      const after = await lab.snapshot();
      await lab.signal(1, "KILL");
      await loop.exited;
      await sleep(300);
      lab.flush();
      await sleep(50);
      const seen = events.slice(from);
      expect(JSON.stringify(seen)).not.toMatch(/looked|unseen|unshare|mount\./);
      expect(seen.filter(({ kind }) => kind === "output" || kind === "run.exit")).toEqual([
        expect.objectContaining({ kind: "run.exit", run: 1, signal: "SIGKILL" }),
      ]);
      // The shell of the loop is the only one that forks; its children are seen.
      const forks = seen.filter((event) => event.kind === "process.fork");
      expect(forks.length).toBeGreaterThan(3);
      expect(new Set(forks.map(({ ppid }) => ppid))).toEqual(new Set([loop.pid]));
      if (before === null || after === null) throw new Error("no snapshot");
      const { changes } = diffSnapshots(before, after);
      expect(changes.filter(({ name }) => !/sleep/.test(name))).toEqual([]);
    });
  });
}
