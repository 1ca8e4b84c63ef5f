import { execFileSync } from "node:child_process";
import { existsSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";

import {
  binary,
  find,
  folder,
  Helper,
  isWritable,
  type Line,
  nothingLeft,
  start,
  succeeds,
  unable,
} from "./native-helper.ts";

describe.skipIf(unable)("the helper", { timeout: 60_000 }, () => {
  beforeAll(() => {
    /* In a guest the repository is read-only, and the binary the host's. */
    if (!isWritable(folder) && existsSync(binary)) return;
    execFileSync("make", ["-s"], { cwd: folder });
  }, 120_000);

  test("brings up a lab with namespaces and cgroups of its own", async () => {
    const helper = new Helper("up");
    const ready = await helper.up();
    for (const type of ["pid", "mnt", "net", "uts", "ipc", "cgroup"]) {
      const own = readlinkSync(`/proc/self/ns/${type}`);
      expect(own).not.toBe(`${type}:[${(ready.namespaces as Record<string, number>)[type]}]`);
    }
    expect(find(`tsi-${helper.name}-*`).length).toBeGreaterThan(0);
    await helper.sh(1, "echo $$; hostname; ls /proc | grep -c '^[0-9]'; cat /proc/self/cgroup");
    const [pid, hostname, processes, ...cgroups] = helper.output(1).toString().trim().split("\n");
    expect([pid, hostname]).toEqual(["2", "lab"]);
    expect(Number(processes)).toBeLessThanOrEqual(4);
    for (const line of cgroups) expect(line).toMatch(/:(\/|\/init)$/);
    await helper.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
    expect(helper.lines.at(-1)).toMatchObject({ kind: "lab.gone", reason: "stdin closed" });
  });

  test("has one place for what runs, under both its names", async () => {
    const helper = new Helper("places");
    const ready = await helper.up();
    await helper.sh(1, "echo here > /var/run/x; cat /run/x; cd /var/lock; pwd -P");
    expect(helper.output(1).toString()).toBe("here\n/run/lock\n");
    await helper.close();
    await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
  });

  test("runs commands, and tells how they ended and what they wrote", async () => {
    const helper = new Helper("run");
    await helper.up();
    expect(await helper.ask({ op: "run", run: 1, argv: ["true"] })).toMatchObject({ kind: "ok" });
    expect(await helper.exited(1)).toMatchObject({ code: 0 });
    expect(await helper.sh(2, "echo out; echo err >&2; exit 7")).toMatchObject({ code: 7 });
    expect(helper.output(2).toString()).toBe("out\n");
    expect(helper.output(2, "err").toString()).toBe("err\n");
    expect(await helper.sh(3, "kill -9 $$")).toMatchObject({ signal: "SIGKILL" });
    expect(await helper.ask({ op: "run", run: 4, argv: ["/nope"] })).toMatchObject({
      kind: "error",
      call: "execve",
      path: "/nope",
      errno: "ENOENT",
    });
    // It waits to be read: three pieces, a character of two bytes in two of them.
    const steps = "printf '\\303'; read x; printf '\\251'; read x; printf '\\377'";
    await helper.ask({ op: "run", run: 5, argv: ["/bin/sh", "-c", steps], stdin: true });
    await sleep(50);
    await helper.ask({ op: "write", run: 5, text: "\n" });
    await helper.wait((line) => line.run === 5 && line.text === "é");
    await helper.ask({ op: "write", run: 5, text: "\n" });
    await helper.exited(5);
    expect(helper.output(5)).toEqual(Buffer.from([0xc3, 0xa9, 0xff]));
    expect(helper.lines.filter((line) => line.run === 5 && line.text)).toHaveLength(1);
    await helper.sh(6, "yes 0123456789abcde | head -c 3000000");
    expect(helper.output(6).length).toBe(3_000_000);
    const late = "(until [ -e /tmp/late ]; do sleep 0.02; done; echo late) & echo early";
    expect(await helper.sh(7, late)).toMatchObject({ code: 0 });
    expect(helper.output(7).toString()).toBe("early\n");
    await helper.sh(70, "touch /tmp/late");
    await helper.wait((line) => line.run === 7 && line.text === "late\n");
    await helper.ask({ op: "run", run: 8, argv: ["sleep", "100"] });
    await helper.ask({ op: "signal", run: 8, signal: "INT" });
    expect(await helper.exited(8)).toMatchObject({ signal: "SIGINT" });
    await helper.close();
  });

  test("streams what strace writes into the run's FIFO", async () => {
    const helper = new Helper("trace");
    await helper.up();
    const path = "/run/tsi/trace.1";
    const argv = ["strace", "-f", "-D", "-q", "-o", path, "--", "/bin/sh", "-c", "exit 3"];
    const answer = await helper.ask({ op: "run", run: 1, argv, trace: true });
    expect(answer).toMatchObject({ kind: "ok", trace: path });
    expect(await helper.exited(1)).toMatchObject({ code: 3 });
    await helper.wait((line) => String(line.text).includes("+++ exited with 3 +++"));
    const gone = `for i in $(seq 100); do [ -e ${path} ] || exit 0; sleep 0.05; done; exit 1`;
    expect(await helper.sh(2, gone)).toMatchObject({ code: 0 });
    await helper.close();
  });

  test("tells processes, mounts and links", async ({ skip }) => {
    const helper = new Helper("events");
    const ready = await helper.up();
    const { pid } = await helper.ask({
      op: "run",
      run: 1,
      argv: ["/bin/sh", "-c", "sleep 0.05; exit 5"],
    });
    await helper.exited(1);
    const of = (kind: string) => (line: Line) => line.kind === kind && line.pid === pid;
    expect(await helper.wait(of("process.fork"))).toMatchObject({ ppid: ready.pid, labPid: 2 });
    expect(await helper.wait(of("process.exec"))).toMatchObject({ labPid: 2, comm: "sh" });
    expect(await helper.wait(of("process.exit"))).toMatchObject({ labPid: 2, code: 5 });
    await helper.sh(2, "mkdir /mnt/x; mount -t tmpfs xx /mnt/x");
    await helper.wait((line) => line.kind === "mount.add" && line.target === "/mnt/x");
    await helper.sh(20, "umount /mnt/x");
    await helper.wait((line) => line.kind === "mount.remove" && line.target === "/mnt/x");
    skip(!succeeds("ip", "-V"), "needs ip (apt-get install -y iproute2)");
    await helper.sh(3, "ip link add br0 type bridge; ip link del br0");
    await helper.ask({ op: "run", run: 4, argv: ["unshare", "-n", "sleep", "1000"] });
    expect(
      await helper.wait((line) => line.kind === "link.add" && line.name === "br0"),
    ).toMatchObject({ type: "bridge", up: false });
    await helper.wait((line) => line.kind === "link.remove" && line.name === "br0");
    const inside = await helper.wait(
      (line) => line.kind === "process.exec" && line.namespaces !== undefined,
    );
    expect(Object.keys(inside.namespaces as object)).toEqual(["net"]);
    await helper.close();
  });

  test("knows the arguments of processes that live for less than a millisecond", async () => {
    // How quick the helper is, and not how busy the host: where others have the processor it comes too late.
    const helper = new Helper("short", ["nice", "-n", "-20", ...start]);
    await helper.up();
    let best = 0;
    for (let run = 1; run <= 20 && best <= 0.95 * 202; run++) {
      const from = helper.lines.length;
      await helper.sh(run, "for i in $(seq 200); do /bin/true; done", 30_000);
      const executed = () => helper.lines.slice(from).filter(({ kind }) => kind === "process.exec");
      await expect.poll(() => executed().length, { timeout: 5000 }).toBe(202);
      const known = executed().filter(
        ({ labPid, argv }) => labPid !== undefined && argv !== undefined,
      );
      best = Math.max(best, known.length);
    }
    expect(best).toBeGreaterThan(0.95 * 202);
    await helper.close();
  });

  test("reads files below the lab's root only", async () => {
    const helper = new Helper("read");
    await helper.up();
    const read = (path: string) => helper.ask({ op: "read", path });
    expect(await read("/../../etc/hostname")).toMatchObject({ exists: true, text: "lab\n" });
    expect(await read("/nope")).toMatchObject({ kind: "ok", exists: false });
    expect(await read("/dev/zero")).toMatchObject({ kind: "error" });
    expect(await read("/proc/1/fd/3")).toMatchObject({ kind: "error", errno: "ELOOP" });
    await helper.close();
  });

  test("answers malformed lines and goes on", async () => {
    const helper = new Helper("hostile");
    await helper.up();
    const bad = [
      "x",
      "{",
      "[]",
      '{"op":"run"}',
      '{"id":"1","op":"down"}',
      "[".repeat(100_000),
      `"${"x".repeat(3_000_000)}"`,
    ];
    for (const line of bad) helper.write(`${line}\n`);
    helper.write(Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await helper.ask({ op: "fly" })).toMatchObject({ kind: "error" });
    const refused = helper.lines.filter((line) => line.kind === "error" && line.id === null);
    expect(refused.length).toBe(bad.length + 1);
    expect(await helper.sh(1, "exit 9")).toMatchObject({ code: 9 });
    await helper.close();
  });
});
