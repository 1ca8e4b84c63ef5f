import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Helper, type Line, unable } from "./native-helper.ts";
import { asUser, place, rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

const V1 = existsSync("/sys/fs/cgroup/pids");

/** The lab's own programs below another root, with a file that only this root has. */
const ROOT = `mkdir -p /r/usr /r/tmp /r/etc && touch /r/marker && mount --rbind /usr /r/usr &&
  for d in bin sbin lib lib64; do ln -s usr/$d /r/$d; done`;

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
  let helper: Helper;
  let run = 100;

  beforeEach(async () => {
    helper = new Helper("container");
    await helper.up();
    expect(await helper.sh(1, ROOT)).toMatchObject({ code: 0 });
  });
  afterEach(() => helper.close());

  const sh = async (script: string) => {
    const exit = await helper.sh(++run, script, 30_000);
    return { exit, out: helper.output(run).toString(), err: helper.output(run, "err").toString() };
  };
  const container = (options: string, command: string) =>
    sh(`container run --rootfs=/r ${options} -- ${command}`);
  const stage = (kind: string, name: string, from = 0) =>
    helper.wait((line) => line.kind === kind && line.stage === name && (line.t as number) > from);
  const holds = async (check: string, pid: unknown) =>
    (await sh(`P=${pid}; ${check}`)).exit.code === 0;

  test("changes the kernel's state at each stage, and not before", async () => {
    const stops = ["clone", ...EFFECTS.map(([name]) => name)];
    const options = `--name=x --hostname=box --no-new-privs --cgroup=/demo --lower=/o/low --upper=/o/up
      --work=/o/work --namespaces=pid,mnt,net,uts,ipc,cgroup,user --stop-after=${stops.join(",")}`;
    // The lab's mounts are private from its beginning: here they get peers, to be cut off from.
    const script = `${LAYERS}; mount --make-rshared /;
      container run ${options.replace(/\s+/g, " ")} -- sleep 1000`;
    await helper.ask({ op: "run", run: 2, argv: ["/bin/sh", "-c", script] });
    const { labPid } = await stage("container.stopped", "clone");
    for (const [name, check] of EFFECTS) {
      // On v2 clone3(2) has put it into its group already (CLONE_INTO_CGROUP).
      const before = name === "cgroup" && !V1;
      expect(await holds(check, labPid), `${name}, before`).toBe(before);
      const { out } = await sh("container go x");
      expect(out).toMatch(new RegExp(`^container x: stopped after ${name}, pid ${labPid}\n`));
      expect(await holds(check, labPid), `${name}, after`).toBe(true);
    }
    for (const [name, check] of EFFECTS.slice(7))
      expect(await holds(check, labPid), `${name}, at the end`).toBe(true);
    expect((await sh(`cat /proc/${labPid}/comm`)).out).toBe("container\n");
    expect((await sh("container go x; container list")).out).toMatch(
      /running, pid \d+\nx +running/,
    );
    expect((await sh(`cat /proc/${labPid}/comm`)).out).toBe("sleep\n");
    expect(await stage("container.stage", "exec")).toMatchObject({ container: "x", labPid });
    expect((await sh("container kill x")).out).toBe("container x: killed\n");
    expect(await helper.exited(2)).toMatchObject({ code: 137 });
    // Its keeper has removed what it made: name, overlay, cgroup.
    const left = "container list; ls /run/tsi/containers; find /sys/fs/cgroup -name demo";
    expect((await sh(left)).out).toBe("");
  });

  test("is in all eight namespaces, and told with the pids and inodes that the kernel says", async () => {
    const ready = helper.lines.find(({ kind }) => kind === "lab.ready");
    const types = ["pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time"];
    const { out } = await container(
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
    const clone = await helper.wait(
      (line) => line.kind === "container.stage" && line.container === "all",
    );
    expect(clone).toMatchObject({ stage: "clone", call: "clone3" });
    expect(await stage("container.stage", "time-offset")).toMatchObject({ ns: inside });
    const forked = helper.lines.find(
      (line) => line.kind === "process.fork" && line.pid === clone.pid,
    );
    expect(forked).toMatchObject({ labPid: clone.labPid });
  });

  test("leaves out what it is told to leave out", async () => {
    expect((await container("", "ls /marker /dev")).exit).toMatchObject({ code: 0 });
    expect((await container("--without=pivot_root", "ls /marker")).exit).toMatchObject({ code: 2 });
    const timers = "sh -c 'wc -c < /proc/timer_list'";
    expect((await container("", timers)).out).toBe("0\n");
    expect(Number((await container("--mask=none", timers)).out)).toBeGreaterThan(0);
    expect((await container("--mask=/marker", "sh -c 'test -c /marker'")).exit.code).toBe(0);
    const write = "sh -c 'echo x > /proc/sys/kernel/hostname'";
    expect((await container("", write)).err).toContain("Read-only file system");
    expect((await container("--without=masked-paths", write)).exit).toMatchObject({ code: 0 });
    const sets = async (options: string) =>
      (await container(options, "grep -E 'Cap(Eff|Bnd|Inh)|NoNew|Seccomp:' /proc/self/status")).out;
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
    const filtered = await container("", "unshare -U true");
    expect(filtered).toMatchObject({ exit: { code: 1 } });
    expect(filtered.err).toContain("Operation not permitted");
    expect((await container("--no-new-privs", "unshare -U true")).exit.code).toBe(1);
    expect((await container("--seccomp=none", "unshare -U true")).exit.code).toBe(0);
    // A capability brings its calls back, as in Docker.
    expect((await container("--cap=+sys_admin", "unshare -n true")).exit.code).toBe(0);
  });

  test("enters a v2 cgroup with its birth, v1 cgroups at their stage", async ({ skip }) => {
    const v2 = (await sh("stat -f -c %T /sys/fs/cgroup /sys/fs/cgroup/unified")).out;
    skip(!v2.includes("cgroup2fs"), "no cgroup v2 hierarchy here");
    await helper.ask({
      op: "run",
      run: 2,
      argv: ["container", "run", "--name=x", "--cgroup=/demo", "--stop-after=clone", "--", "true"],
    });
    const { labPid } = await stage("container.stopped", "clone");
    const { out } = await sh(`cat /proc/${labPid}/cgroup`);
    expect(out).toMatch(/^0::\/demo$/m);
    expect(out.match(/:\/demo$/gm)).toHaveLength(1);
    await sh("container go x");
    expect(await helper.exited(2)).toMatchObject({ code: 0 });
  });

  test("ends with its keeper, wherever it is", async () => {
    for (const [index, options] of ["--stop-after=clone", "--stop-after=seccomp", ""].entries()) {
      const argv = [
        "/bin/sh",
        "-c",
        `exec container run --name=k${index} ${options} -- sleep 1000`,
      ];
      const keeper = await helper.ask({ op: "run", run: 10 + index, argv });
      const last = await helper.wait(
        (line) =>
          line.container === `k${index}` &&
          (line.kind === "container.stopped" || line.stage === "exec"),
      );
      expect(last.pid).not.toBe(keeper.pid);
      // Its pid alone: the container is of the same process group.
      await sh(`kill -9 ${keeper.labPid}`);
      expect(await helper.exited(10 + index)).toMatchObject({ signal: "SIGKILL" });
      const gone = await helper.wait(
        (line) => line.kind === "process.exit" && line.pid === last.pid,
        2000,
      );
      expect(gone.signal === "SIGKILL" || gone.code === 137).toBe(true);
    }
    expect((await sh("container list; ls /run/tsi/containers")).out).toBe("");
  });

  test.each(["bind", "listen", "rename"])(
    "has its name, whoever lists before its %s",
    async (call) => {
      // strace(1) holds the call up, so that the list comes in between.
      const slowly = `strace -f -o /dev/null -e trace=${call} -e inject=${call}:delay_enter=600000`;
      const { out } = await sh(
        `${slowly} container run --name=slow --stop-after=clone -- true > /dev/null 2>&1 &
       sleep 0.3; container list; echo listed; sleep 0.8; container list; container kill slow`,
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
      expect((await container("", command)).exit, command).toMatchObject({ code });
    const { exit, err } = await container("", "/nope");
    expect([exit.code, err]).toEqual([
      127,
      "container: exec: /nope cannot be executed: No such file or directory (execve /nope)\n",
    ]);
    // Not PID 1 of a pid namespace: a signal that nobody handles ends it.
    const { exit: signalled } = await sh("container run --namespaces=mnt -- sh -c 'kill -TERM $$'");
    expect(signalled).toMatchObject({ code: 143 });
  });

  test("says in one sentence what is wrong", async () => {
    const wrong: [string, RegExp][] = [
      ["", /^usage: container run/],
      ["run", /no command to run/],
      ["run --rootfs=/r --", /no command to run/],
      ["run --fly -- true", /no option --fly/],
      ["run --rootfs=/nope -- true", /rootfs: .* No such file or directory \(mount \/nope\)/],
      ["run --lower=/r -- true", /needs all of --lower, --upper and --work/],
      [
        "run --lower=/r --upper=/nope --work=/nope -- true",
        /rootfs: the overlay cannot be mounted/,
      ],
      ["run --rootfs=/r --lower=/r --upper=/x --work=/y -- true", /either --rootfs or an overlay/],
      ["run --namespaces=pid,flat -- true", /no namespace type flat/],
      ["run --namespaces=pid --rootfs=/r -- true", /without a mount namespace/],
      ["run --map=1:2 -- true", /not INSIDE:OUTSIDE:COUNT/],
      ["run --map=0:0:99999999999 -- true", /not INSIDE:OUTSIDE:COUNT/],
      ["run --cap=fly -- true", /no capability fly/],
      ["run --stop-after=lunch -- true", /no stage lunch/],
      ["run --stop-after=exec -- true", /nothing can stop there/],
      ["run --without=clone -- true", /nobody to do the rest/],
      ["run --name=../x -- true", /a name is 1 to 64/],
      ["run --cgroup=/../x -- true", /--cgroup wants a path/],
      ["run --seccomp=maybe -- true", /default or none/],
      ["run --time-offset=5 -- true", /needs time among/],
      ["run --namespaces=mnt,time --time-offset=5 -- true", /takes CAP_SYS_TIME/],
      ["go nobody", /no container nobody/],
      ["kill ../../etc", /no container/],
    ];
    for (const [words, sentence] of wrong) {
      const { exit, err, out } = await sh(`container ${words}`);
      expect([out, err.trim().split("\n").length > 1 && words !== ""], words).toEqual(["", false]);
      expect(err, words).toMatch(sentence);
      expect(exit.code, words).toBe(/^(go|kill)/.test(words) ? 1 : 125);
    }
    const failed = await stage("container.failed", "rootfs");
    expect(failed).toMatchObject({
      call: "mount",
      message: expect.stringContaining("No such file"),
    });
    await helper.ask({
      op: "run",
      run: 3,
      argv: ["container", "run", "--name=x", "--stop-after=clone", "--", "true"],
    });
    await stage("container.stopped", "clone");
    expect((await sh("container run --name=x -- true")).err).toMatch(/is a container x already/);
    await sh("container kill x");
  });

  test("what somebody else writes into its socket is not believed", async ({ skip }) => {
    skip((await sh("perl -e 1")).exit.code !== 0, "needs perl");
    const send = (data: string) =>
      sh(`perl -MSocket -e 'socket($s, AF_UNIX, SOCK_DGRAM, 0);
        connect($s, sockaddr_un("/run/tsi/stages")) or die; send($s, ${data}, 0)'`);
    for (const data of [
      '""',
      '"x" x 100000',
      '"\\0" x 5',
      '"stage\\0evil\\0clone\\0call"',
      '"stage\\0evil\\0lunch\\0call\\0detail\\0"',
      '"fly\\0evil\\0clone\\0call\\0detail\\0"',
      '"stage\\0evil\\0clone\\0call\\0detail\\0more\\0"',
    ])
      await send(data);
    await send('"stage\\0fine\\0clone\\0\\xff\\"\\n\\0\\e[2J\\0"');
    const told = await helper.wait((line) => line.kind === "container.stage");
    // Whatever it claims, the pid is the sender's.
    const sender = helper.lines.find(
      (line) => line.kind === "process.exec" && line.pid === told.pid,
    );
    expect(sender).toMatchObject({ comm: "perl" });
    expect(told).toMatchObject({ container: "fine", call: '\ufffd"\n', detail: "\u001b[2J" });
    expect(helper.lines.filter((line) => line.container === "evil")).toEqual([]);
  });
});

describe.skipIf(unable || rootlessUnable)("a container without root", { timeout: 60_000 }, () => {
  const ALL = "--namespaces=pid,mnt,net,uts,ipc,cgroup,user,time";

  test("is built in a rootless lab, in one more user namespace", async () => {
    const helper = new Helper("container-user", rootlessCommand());
    await helper.up({ mode: "rootless" });
    expect(await helper.sh(1, ROOT)).toMatchObject({ code: 0 });
    const script = `container run --rootfs=/r ${ALL} -- sh -c 'id -u; ls /marker; test -c /dev/null'`;
    expect(await helper.sh(2, script), helper.output(2, "err").toString()).toMatchObject({
      code: 0,
    });
    expect(helper.output(2).toString()).toBe("0\n/marker\n");
    expect(await helper.sh(3, "container run --rootfs=/r -- cat /marker")).toMatchObject({
      code: 0,
    });
    await helper.wait((line: Line) => line.kind === "container.stage" && line.stage === "exec");
    await helper.close();
  });

  test("is built outside of a lab too", async () => {
    const [program = "", ...args] = rootlessCommand();
    const root = join(place(), "root");
    for (const folder of ["usr", "tmp", "proc", "sys", "dev"])
      mkdirSync(join(root, folder), { recursive: true });
    spawnSync("chown", ["-R", "54321:54321", root]);
    const script = `mount --rbind /usr ${root}/usr; for d in bin sbin lib lib64; do ln -sfn usr/$d ${root}/$d; done
      exec ${args.at(-1) ?? program} container run --rootfs=${root} -- sh -c 'echo $$; exit 9'`;
    const done = spawnSync(
      asUser()[0] ?? "env",
      [...asUser().slice(1), "unshare", "-Urm", "sh", "-c", script],
      { encoding: "utf8" },
    );
    expect([done.status, done.stdout, done.stderr]).toEqual([9, "1\n", ""]);
    const bare = spawnSync(
      program,
      [...args, "container", "run", ALL, "--", "sh", "-c", "echo $$ $(id -u)"],
      { encoding: "utf8" },
    );
    expect([bare.status, bare.stdout, bare.stderr]).toEqual([0, "1 0\n", ""]);
    await sleep(0);
    rmSync(root, { recursive: true });
  });
});
