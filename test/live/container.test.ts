import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContainerLab, openContainerLab } from "./container-lab.ts";
import { unable } from "./native-helper.ts";

const V1 = existsSync("/sys/fs/cgroup/pids");

/**
 * One program and its libraries in a directory of one mount: an overlay shows no mounts below, and in
 * a user namespace it cannot be made of a directory that has some (EINVAL).
 */
const LAYERS = `mkdir -p /o/up /o/work /o/low/tmp; touch /o/low/marker
  for file in /bin/sleep $(ldd /bin/sleep | grep -o '/[^ ]*'); do
    mkdir -p /o/low$(dirname $file); cp -L $file /o/low$file; done`;

const DOCKER_CAPABILITIES = "00000000a80425fb";

/** What is true from a stage on, and was not before: seen from the lab, $P the container's process. */
const EFFECTS: readonly (readonly [string, string])[] = [
  ["id-maps", "grep -q '0  *0  *1' /proc/$P/uid_map"],
  [
    "cgroup",
    "! grep '^[1-9]' /proc/$P/cgroup | grep -v ':/demo$' && grep -q ':/demo$' /proc/$P/cgroup",
  ],
  ["private-mounts", "! grep -qE ' (shared|master):' /proc/$P/mountinfo"],
  ["rootfs", "test -e /proc/$P/root/run/tsi/containers/x/merged/marker"],
  [
    "proc",
    "grep -q '/proc .* proc proc' /proc/$P/mountinfo && grep -q merged/proc /proc/$P/mountinfo",
  ],
  ["sys", "grep -q '/merged/sys ro' /proc/$P/mountinfo"],
  ["dev", "test -c /proc/$P/root/run/tsi/containers/x/merged/dev/null"],
  ["pivot_root", "test -e /proc/$P/root/marker && test ! -e /proc/$P/root/run/tsi"],
  [
    "masked-paths",
    "grep -q ' /proc/sys ro' /proc/$P/mountinfo && grep -q ' /proc/timer_list ' /proc/$P/mountinfo",
  ],
  ["hostname", 'test "$(nsenter -t $P -u hostname)" = box'],
  ["loopback", "grep -q 127.0.0.1 /proc/$P/net/fib_trie"],
  ["capabilities", `grep -q 'CapEff:.*${DOCKER_CAPABILITIES}' /proc/$P/status`],
  ["no_new_privs", "grep -q 'NoNewPrivs:.*1' /proc/$P/status"],
  ["seccomp", "grep -q 'Seccomp:.*2' /proc/$P/status"],
];

describe.skipIf(unable)("a container built by hand", { timeout: 60_000 }, () => {
  let lab: ContainerLab;
  beforeEach(async () => {
    lab = await openContainerLab();
  });
  afterEach(() => lab.helper.close());

  test("changes the kernel's state at each stage, and not before", async () => {
    const stops = ["clone", ...EFFECTS.map(([name]) => name)];
    const options = `--name=x --hostname=box --no-new-privs --cgroup=/demo --lower=/o/low --upper=/o/up
      --work=/o/work --namespaces=pid,mnt,net,uts,ipc,cgroup,user --stop-after=${stops.join(",")}`;
    // The lab's mounts are private from its beginning: here they get peers, to be cut off from.
    const script = `${LAYERS}; mount --make-rshared /;
      container run ${options.replace(/\s+/g, " ")} -- sleep 1000`;
    await lab.helper.ask({ op: "run", run: 2, argv: ["/bin/sh", "-c", script] });
    const { labPid } = await lab.stage("container.stopped", "clone");
    for (const [name, check] of EFFECTS) {
      // On v2 clone3(2) has put it into its group already (CLONE_INTO_CGROUP).
      const before = name === "cgroup" && !V1;
      expect(await lab.holds(check, labPid), `${name}, before`).toBe(before);
      const { out } = await lab.sh("container go x");
      expect(out).toMatch(new RegExp(`^container x: stopped after ${name}, pid ${labPid}\n`));
      expect(await lab.holds(check, labPid), `${name}, after`).toBe(true);
    }
    for (const [name, check] of EFFECTS.slice(7))
      expect(await lab.holds(check, labPid), `${name}, at the end`).toBe(true);
    expect((await lab.sh(`cat /proc/${labPid}/comm`)).out).toBe("container\n");
    expect((await lab.sh("container go x; container list")).out).toMatch(
      /running, pid \d+\nx +running/,
    );
    expect((await lab.sh(`cat /proc/${labPid}/comm`)).out).toBe("sleep\n");
    expect(await lab.stage("container.stage", "exec")).toMatchObject({ container: "x", labPid });
    expect((await lab.sh("container kill x")).out).toBe("container x: killed\n");
    expect(await lab.helper.exited(2)).toMatchObject({ code: 137 });
    // Its keeper has removed what it made: name, overlay, cgroup.
    const left = "container list; ls /run/tsi/containers; find /sys/fs/cgroup -name demo";
    expect((await lab.sh(left)).out).toBe("");
  });

  test("is in all eight namespaces, and told with the pids and inodes that the kernel says", async () => {
    const ready = lab.helper.lines.find(({ kind }) => kind === "lab.ready");
    const types = ["pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time"];
    const { out } = await lab.container(
      `--namespaces=${types.join(",")} --time-offset=1000000 --name=all`,
      "sh -c 'readlink /proc/self/ns/*; cut -d. -f1 /proc/uptime; cat /proc/self/uid_map; echo $$'",
    );
    const lines = out.trim().split("\n");
    const inside = Object.fromEntries(
      lines
        .filter((line) => line.includes(":["))
        .map((line) => [line.split(":")[0], Number(/\d+/.exec(line)?.[0])]),
    );
    const own = ready?.namespaces as Record<string, number>;
    for (const type of types) expect(inside[type], type).not.toBe(own[type]);
    expect(Number(lines.at(-3))).toBeGreaterThan(1_000_000);
    expect(lines.at(-2)?.trim().split(/\s+/)).toEqual(["0", "0", "1"]);
    expect(lines.at(-1)).toBe("1");
    const clone = await lab.helper.wait(
      (line) => line.kind === "container.stage" && line.container === "all",
    );
    expect(clone).toMatchObject({ stage: "clone", call: "clone3" });
    expect(await lab.stage("container.stage", "time-offset")).toMatchObject({ ns: inside });
    const forked = lab.helper.lines.find(
      (line) => line.kind === "process.fork" && line.pid === clone.pid,
    );
    expect(forked).toMatchObject({ labPid: clone.labPid });
  });

  test("leaves out what it is told to leave out", async () => {
    expect((await lab.container("", "ls /marker /dev")).exit).toMatchObject({ code: 0 });
    expect((await lab.container("--without=pivot_root", "ls /marker")).exit).toMatchObject({
      code: 2,
    });
    const timers = "sh -c 'wc -c < /proc/timer_list'";
    expect((await lab.container("", timers)).out).toBe("0\n");
    expect(Number((await lab.container("--mask=none", timers)).out)).toBeGreaterThan(0);
    expect((await lab.container("--mask=/marker", "sh -c 'test -c /marker'")).exit.code).toBe(0);
    const write = "sh -c 'echo x > /proc/sys/kernel/hostname'";
    expect((await lab.container("", write)).err).toContain("Read-only file system");
    expect((await lab.container("--without=masked-paths", write)).exit).toMatchObject({ code: 0 });
    const sets = async (options: string) =>
      (await lab.container(options, "grep -E 'Cap(Eff|Bnd|Inh)|NoNew|Seccomp:' /proc/self/status"))
        .out;
    const zero = "0".repeat(16);
    expect(await sets("")).toBe(
      `CapInh:\t${zero}\nCapEff:\t${DOCKER_CAPABILITIES}\nCapBnd:\t${DOCKER_CAPABILITIES}\nNoNewPrivs:\t0\nSeccomp:\t2\n`,
    );
    expect(await sets("--cap=none --no-new-privs --seccomp=none")).toBe(
      `CapInh:\t${zero}\nCapEff:\t${zero}\nCapBnd:\t${zero}\nNoNewPrivs:\t1\nSeccomp:\t0\n`,
    );
    expect(await sets("--cap=chown,+net_admin")).toContain("CapEff:\t0000000000001001\n");
    expect(await sets("--cap=-mknod")).toContain("CapEff:\t00000000a00425fb\n");
  });

  test("is refused the calls that the filter names, and only by the filter", async () => {
    const filtered = await lab.container("", "unshare -U true");
    expect(filtered).toMatchObject({ exit: { code: 1 } });
    expect(filtered.err).toContain("Operation not permitted");
    expect((await lab.container("--no-new-privs", "unshare -U true")).exit.code).toBe(1);
    expect((await lab.container("--seccomp=none", "unshare -U true")).exit.code).toBe(0);
    // A capability brings its calls back, as in Docker.
    expect((await lab.container("--cap=+sys_admin", "unshare -n true")).exit.code).toBe(0);
  });

  test("enters a v2 cgroup with its birth, v1 cgroups at their stage", async ({ skip }) => {
    const v2 = (await lab.sh("stat -f -c %T /sys/fs/cgroup /sys/fs/cgroup/unified")).out;
    skip(!v2.includes("cgroup2fs"), "no cgroup v2 hierarchy here");
    await lab.helper.ask({
      op: "run",
      run: 2,
      argv: ["container", "run", "--name=x", "--cgroup=/demo", "--stop-after=clone", "--", "true"],
    });
    const { labPid } = await lab.stage("container.stopped", "clone");
    const { out } = await lab.sh(`cat /proc/${labPid}/cgroup`);
    expect(out).toMatch(/^0::\/demo$/m);
    expect(out.match(/:\/demo$/gm)).toHaveLength(1);
    await lab.sh("container go x");
    expect(await lab.helper.exited(2)).toMatchObject({ code: 0 });
  });

  test("ends with its keeper, wherever it is", async () => {
    for (const [index, options] of ["--stop-after=clone", "--stop-after=seccomp", ""].entries()) {
      const argv = [
        "/bin/sh",
        "-c",
        `exec container run --name=k${index} ${options} -- sleep 1000`,
      ];
      const keeper = await lab.helper.ask({ op: "run", run: 10 + index, argv });
      const last = await lab.helper.wait(
        (line) =>
          line.container === `k${index}` &&
          (line.kind === "container.stopped" || line.stage === "exec"),
      );
      expect(last.pid).not.toBe(keeper.pid);
      // Its pid alone: the container is of the same process group.
      await lab.sh(`kill -9 ${keeper.labPid}`);
      expect(await lab.helper.exited(10 + index)).toMatchObject({ signal: "SIGKILL" });
      const gone = await lab.helper.wait(
        (line) => line.kind === "process.exit" && line.pid === last.pid,
        2000,
      );
      expect(gone.signal === "SIGKILL" || gone.code === 137).toBe(true);
    }
    expect((await lab.sh("container list; ls /run/tsi/containers")).out).toBe("");
  });

  test.each(["bind", "listen", "rename"])(
    "has its name, whoever lists before its %s",
    async (call) => {
      // strace(1) holds the call up, so that the list comes in between.
      const slowly = `strace -f -o /dev/null -e trace=${call} -e inject=${call}:delay_enter=1500000`;
      const { out } = await lab.sh(
        `${slowly} container run --name=slow --stop-after=clone -- true > /dev/null 2>&1 &
       sleep 0.3; container list; echo listed
       for i in $(seq 200); do container list | grep stopped && break; sleep 0.05; done; container kill slow`,
      );
      expect(out).toMatch(/^listed\nslow +stopped after clone/);
    },
  );

  test("exits as its command does", async () => {
    const codes: [string, number][] = [
      ["sh -c 'exit 7'", 7],
      ["/nope", 127],
      ["/etc", 126],
      ["sh -c 'sh -c \"kill -9 \\$\\$\"'", 137],
    ];
    for (const [command, code] of codes)
      expect((await lab.container("", command)).exit, command).toMatchObject({ code });
    const { exit, err } = await lab.container("", "/nope");
    expect([exit.code, err]).toEqual([
      127,
      "container: exec: /nope cannot be executed: No such file or directory (execve /nope)\n",
    ]);
    // Not PID 1 of a pid namespace: a signal that nobody handles ends it.
    const { exit: signalled } = await lab.sh(
      "container run --namespaces=mnt -- sh -c 'kill -TERM $$'",
    );
    expect(signalled).toMatchObject({ code: 143 });
  });
});
