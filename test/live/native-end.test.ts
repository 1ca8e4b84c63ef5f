import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import {
  binary,
  find,
  Helper,
  janitorOf,
  journals,
  load,
  members,
  nothingLeft,
  unable,
} from "./native-helper.ts";
import { hasEnded } from "./program.ts";

/** A killed process holds its lock until it has closed all its files; some take their time. */
const ended = (pids: readonly number[]): Promise<void> =>
  expect.poll(() => pids.map(String).every(hasEnded), { timeout: 5000 }).toBe(true);

describe.skipIf(unable)("the end of the helper's lab", { timeout: 60_000 }, () => {
  test("a lab that is frozen with its PID 1 does not hold up the helper", async () => {
    const helper = new Helper("frozen");
    const ready = await helper.up();
    const freeze = existsSync("/sys/fs/cgroup/freezer")
      ? "echo FROZEN > /sys/fs/cgroup/freezer/freezer.state"
      : "echo 1 > /sys/fs/cgroup/init/cgroup.freeze";
    helper.write(
      `${JSON.stringify({ id: 1000, op: "run", run: 1, argv: ["/bin/sh", "-c", freeze] })}\n`,
    );
    // From outside: nobody inside can tell any more (cgroups(7), v1's freezer and v2's cgroup.events).
    const isFrozen = (): boolean =>
      find(`tsi-${helper.name}-*`).some((group) =>
        [`${group}/freezer.state`, `${group}/init/cgroup.events`].some(
          (file) => existsSync(file) && /^(FROZEN|frozen 1)$/m.test(readFileSync(file, "utf8")),
        ),
      );
    await expect.poll(isFrozen, { timeout: 10_000 }).toBe(true);
    for (let id = 2000; id < 12_000; id++)
      helper.write(`{"id":${id},"op":"read","path":"/etc/hostname"}\n`);
    await helper.wait((line) => line.kind === "error" && line.call === "sendmsg");
    await helper.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("what a reader does not read does not gather without end", async () => {
    const helper = new Helper("slow");
    const ready = await helper.up();
    helper.process.stdout?.pause();
    for (let i = 0; i < 50; i++) helper.write("x\n".repeat(40_000));
    await sleep(2000);
    const status = readFileSync(`/proc/${helper.process.pid}/status`, "utf8");
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(200_000);
    helper.process.stdin?.on("error", () => {});
    helper.process.stdout?.destroy();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("a fork bomb meets the lab's pids limit, and ends with the lab", async () => {
    const helper = new Helper("bomb");
    const ready = await helper.up({ limits: { pids: 100 } });
    const namespace = `pid:[${(ready.namespaces as Record<string, number>).pid}]`;
    helper.write(
      `${JSON.stringify({ id: 1000, op: "run", run: 1, argv: ["bash", "-c", "f() { f | f & }; f; sleep 100"] })}\n`,
    );
    await sleep(500);
    expect(members(namespace).length).toBeLessThanOrEqual(100);
    await helper.close();
    await nothingLeft(helper.name, namespace);
  });

  test("twenty labs in a row leave nothing", async () => {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8");
    for (let i = 0; i < 20; i++) {
      const helper = new Helper("row");
      const ready = await helper.up();
      await helper.sh(1, "sleep 100 & true");
      await helper.close();
      await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
    }
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toBe(mounts);
  });

  type Victim = "warden" | "init" | "janitor";
  test.for<{ name: string; victims: Victim[] }>([
    { name: "eof", victims: [] },
    { name: "warden", victims: ["warden"] },
    { name: "init", victims: ["init"] },
    { name: "warden-init", victims: ["warden", "init"] },
    { name: "janitor-warden", victims: ["janitor", "warden"] },
  ])(
    "killed ($name), with frozen processes: all is gone within a second",
    async ({ name, victims }) => {
      const helper = new Helper(`kill-${name}`);
      const ready = await helper.up();
      await helper.ask({ op: "run", run: 1, argv: ["/bin/sh", "-c", load] });
      await helper.wait((line) => line.text === "loaded\n");
      const init = Number(ready.pid);
      const pids = { warden: Number(helper.process.pid), init, janitor: janitorOf(helper, init) };
      if (victims.length === 0) helper.process.stdin?.end();
      for (const victim of victims) process.kill(pids[victim], "SIGKILL");
      const namespace = `pid:[${(ready.namespaces as Record<string, number>).pid}]`;
      // On v2 the journal is about more than PID 1 can put back, and waits for the next start.
      const waits = name === "janitor-warden" && existsSync("/sys/fs/cgroup/cgroup.controllers");
      await nothingLeft(helper.name, namespace, 1000, waits ? journals(helper.name) : []);
      if (waits) {
        await ended(victims.map((victim) => pids[victim]));
        execFileSync(binary, ["--reap"]);
      }
      await nothingLeft(helper.name, namespace);
      await helper.close();
    },
  );

  test("warden, janitor and lab-init killed at once: --reap removes the rest", async () => {
    const helper = new Helper("kill-all");
    const ready = await helper.up();
    const init = Number(ready.pid);
    const janitor = janitorOf(helper, init);
    const all = [janitor, Number(helper.process.pid), init];
    for (const pid of all) process.kill(pid, "SIGKILL");
    await helper.close();
    await ended(all);
    /* Another helper that came up meanwhile may have swept already: then nothing is printed. */
    const removed = execFileSync(binary, ["--reap"], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean);
    for (const line of removed) expect(JSON.parse(line)).toMatchObject({ kind: "removed" });
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("what a dead lab left is cleaned up by the next one, which says so in one line", async () => {
    const helper = new Helper("left");
    const ready = await helper.up();
    await helper.ask({ op: "run", run: 1, argv: ["sleep", "100"] });
    const init = Number(ready.pid);
    const janitor = janitorOf(helper, init);
    /* Stopped, so that it does not tidy up. */
    process.kill(init, "SIGSTOP");
    for (const pid of [janitor, Number(helper.process.pid)]) process.kill(pid, "SIGKILL");
    await helper.close();
    await ended([janitor]);
    const next = new Helper("next");
    await next.up();
    /* Another helper that came up meanwhile may have swept already. */
    const told = next.lines.filter((line) => String(line.message).includes(String(ready.lab)));
    expect(told.length).toBeLessThanOrEqual(1);
    for (const line of told)
      expect(line.message).toMatch(/: [12] process(es)?, \d+ cgroup director(y|ies)$/);
    /* First this one: the kernel may have given its namespace the dead one's inode number. */
    await next.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("a killed janitor is replaced", async () => {
    const helper = new Helper("janitor");
    const ready = await helper.up();
    process.kill(janitorOf(helper, Number(ready.pid)), "SIGKILL");
    await helper.wait((line) => line.kind === "diagnostic");
    expect(janitorOf(helper, Number(ready.pid))).toBeGreaterThan(0);
    expect(await helper.sh(1, "exit 2")).toMatchObject({ code: 2 });
    await helper.close();
  });
});
