import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { giveCgroups } from "./given-cgroups.ts";
import {
  find,
  Helper,
  type Line,
  load,
  nothingLeft,
  start as rootCommand,
  unable,
} from "./native-helper.ts";
import { rootlessCommand, rootlessUnable, withAccounts } from "./rootless-helper.ts";

/** A user of these tests' own. */
const LEARNER = 54_323;
const pidNamespace = (ready: Line): string =>
  `pid:[${(ready.namespaces as Record<string, number>).pid}]`;

const opened: Helper[] = [];
function start(name: string, command: readonly string[]): Helper {
  const helper = new Helper(`rm-${name}`, command);
  opened.push(helper);
  return helper;
}
const close = async (): Promise<void> => {
  for (const helper of opened.splice(0)) await helper.close();
};

describe.skipIf(rootlessUnable)("a lab without root, where it is", { timeout: 60_000 }, () => {
  let command: string[];
  beforeAll(() => {
    command = rootlessCommand(LEARNER);
  });
  afterEach(close);

  /** The same helper as root of a user namespace, after a line of shell there. */
  const nested = (script: string): string[] => {
    const binary = command.at(-1) as string;
    const inside = ["sh", "-c", `${script}; exec "$0"`, binary];
    return [...command.slice(0, -1), "unshare", "-Urpf", "--mount-proc", ...inside];
  };

  test("in another one: processes are looked for, and what that misses is said", async () => {
    const helper = start("nested", nested(":"));
    const ready = await helper.up({ mode: "rootless" });
    expect(ready.can).not.toContain("processes.all");
    expect(ready.lacks).toContainEqual({
      what: "processes.all",
      why: expect.stringContaining("every 20 ms"),
    });
    // It ends when it has been seen: how late a look may come is the machine's business.
    const script =
      "sleep 100 & until [ -e /tmp/seen ]; do sleep 0.02; done; kill $!; wait $!; exit 3";
    await helper.ask({ op: "run", run: 1, argv: ["sh", "-c", script] });
    const { pid, comm } = await helper.wait(
      ({ kind, argv }) => kind === "process.exec" && String(argv) === "sleep,100",
    );
    expect(comm).toBe("sleep");
    await helper.sh(2, "touch /tmp/seen");
    const exit = await helper.wait((line) => line.kind === "process.exit" && line.pid === pid);
    expect(exit.code ?? exit.signal).toBeUndefined();
  });

  test("in another one: how orphans end is known, for PID 1 is their parent", async () => {
    const helper = start("orphans", nested(":"));
    const ready = await helper.up({ mode: "rootless" });
    expect(ready.can).not.toContain("processes.all");
    const quiet = ">/dev/null 2>&1";
    const orphans = `for i in $(seq 40); do sleep 61 ${quiet} & echo $!; done >/tmp/pids`;
    await helper.sh(1, `${orphans}; (sleep 1; exit 7) ${quiet} &`);
    const asleep = () => helper.lines.filter((line) => String(line.argv) === "sleep,61");
    await helper.wait(() => asleep().length === 40);
    /* All at once, and together with a run that PID 1 waits for as well. */
    await helper.sh(2, "kill -9 $(cat /tmp/pids)");
    const exit = (line: Line) => line.kind === "process.exit";
    await helper.wait((line) => exit(line) && line.code === 7 && line.comm === "sh");
    const killed = () => helper.lines.filter((line) => exit(line) && line.signal === "SIGKILL");
    await helper.wait(() => killed().length >= 40);
  });

  test("with user.max_user_namespaces = 0: one sentence says so", async () => {
    const helper = start("none", nested("echo 0 > /proc/sys/user/max_user_namespaces"));
    expect(await helper.ask({ op: "up", name: "none", mode: "rootless" })).toMatchObject({
      kind: "error",
      message: expect.stringMatching(/^no lab without root here: .*max_user_namespaces/),
      call: "clone3",
      errno: "ENOSPC",
    });
  });
});

describe.skipIf(unable || rootlessUnable)(
  "what root gives a rootless lab",
  { timeout: 60_000 },
  () => {
    afterEach(close);

    test("root itself is no user: refused, and with SUDO_UID it becomes that one", async () => {
      const [binary = ""] = rootlessCommand(LEARNER).slice(-1);
      const clean = ["env", "-u", "SUDO_UID", "-u", "SUDO_GID", binary];
      const refused = start("root", clean);
      expect(await refused.ask({ op: "up", name: "root", mode: "rootless" })).toMatchObject({
        kind: "error",
        message: expect.stringContaining("belongs to an ordinary user"),
      });
      const sudo = start("sudo", ["env", `SUDO_UID=${LEARNER}`, `SUDO_GID=${LEARNER}`, binary]);
      await sudo.up({ mode: "rootless" });
      const status = readFileSync(`/proc/${sudo.process.pid}/status`, "utf8");
      expect(status).toMatch(new RegExp(`^Uid:\\s+(${LEARNER}\\s+){4}`, "m"));
      expect(status).toMatch(/^CapPrm:\s+0+$/m);
    });

    test("a range of users, with newuidmap", async ({ skip }) => {
      skip(!existsSync("/usr/bin/newuidmap"), "needs newuidmap (apt-get install -y uidmap)");
      const helper = start("range", withAccounts(rootlessCommand(LEARNER), LEARNER));
      const ready = await helper.up({ mode: "rootless" });
      expect(ready).toMatchObject({ ids: 65_537, can: expect.arrayContaining(["ids.range"]) });
      const script = `touch /tmp/x; chown 100:5 /tmp/x; stat -c '%u %g' /tmp/x
      setpriv --reuid 100 --regid 100 --clear-groups id -u
      grep -c gid= /proc/mounts; cat /etc/subuid`;
      await helper.sh(1, script);
      expect(helper.output(1).toString()).toMatch(/^100 5\n100\n[1-9]\d*\nroot:1:65536\n$/);
      await helper.close();
      await nothingLeft(helper.name, pidNamespace(ready));
    });

    test("v1 cgroups: limits, a memory hog, the freezer; killed, nothing is left", async ({
      skip,
    }) => {
      const given = giveCgroups(LEARNER);
      if (typeof given === "string") return skip(true, given);
      try {
        const helper = start("given", rootlessCommand(LEARNER));
        const ready = await helper.up({
          mode: "rootless",
          limits: { memory: 64 << 20, pids: 100 },
        });
        const words = ["cgroup", "cgroup.memory", "cgroup.pids", "cgroup.freeze", "limit.memory"];
        expect(ready.can).toEqual(expect.arrayContaining(words));
        await helper.sh(1, "cat /proc/self/cgroup; cat /sys/fs/cgroup/pids/pids.max");
        for (const line of helper.output(1).toString().trim().split("\n").slice(0, -1))
          expect(line).toMatch(/:(\/|\/init)$/);
        expect(helper.output(1).toString()).toMatch(/\n100\n$/);
        const hog = "dd if=/dev/zero of=/dev/null bs=128M count=1";
        expect(await helper.sh(2, `sh -c '${hog}; exit $?'`)).toMatchObject({ code: 137 });
        await helper.ask({ op: "run", run: 3, argv: ["/bin/sh", "-c", load] });
        await helper.wait((line) => String(line.text).includes("loaded"));
        process.kill(Number(helper.process.pid), "SIGKILL");
        await nothingLeft(helper.name, pidNamespace(ready), 3000);
        expect(find(`tsi-${helper.name}-*`)).toEqual([]);
      } finally {
        given.takeBack();
      }
    });

    test("a memory hog in a root lab: an OOM kill there, and the lab goes on", async () => {
      const helper = start("hog", rootCommand);
      await helper.up({ limits: { memory: 64 << 20 } });
      const hog = "dd if=/dev/zero of=/dev/null bs=128M count=1";
      expect(await helper.sh(1, `sh -c '${hog}; exit $?'`)).toMatchObject({ code: 137 });
      expect(await helper.sh(2, "true")).toMatchObject({ code: 0 });
    });
  },
);
