import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContainerLab, openContainerLab } from "./container-lab.ts";
import { unable } from "./native-helper.ts";

describe.skipIf(unable)("words for a container", { timeout: 60_000 }, () => {
  let lab: ContainerLab;
  beforeEach(async () => {
    lab = await openContainerLab();
  });
  afterEach(() => lab.helper.close());

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
      const { exit, err, out } = await lab.sh(`container ${words}`);
      expect([out, err.trim().split("\n").length > 1 && words !== ""], words).toEqual(["", false]);
      expect(err, words).toMatch(sentence);
      expect(exit.code, words).toBe(/^(go|kill)/.test(words) ? 1 : 125);
    }
    const failed = await lab.stage("container.failed", "rootfs");
    expect(failed).toMatchObject({
      call: "mount",
      message: expect.stringContaining("No such file"),
    });
    await lab.helper.ask({
      op: "run",
      run: 3,
      argv: ["container", "run", "--name=x", "--stop-after=clone", "--", "true"],
    });
    await lab.stage("container.stopped", "clone");
    expect((await lab.sh("container run --name=x -- true")).err).toMatch(
      /is a container x already/,
    );
    await lab.sh("container kill x");
  });

  test("what somebody else writes into its socket is not believed", async ({ skip }) => {
    skip((await lab.sh("perl -e 1")).exit.code !== 0, "needs perl");
    const send = (data: string) =>
      lab.sh(`perl -MSocket -e 'socket($s, AF_UNIX, SOCK_DGRAM, 0);
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
    const told = await lab.helper.wait((line) => line.kind === "container.stage");
    // Whatever it claims, the pid is the sender's.
    const sender = lab.helper.lines.find(
      (line) => line.kind === "process.exec" && line.pid === told.pid,
    );
    expect(sender).toMatchObject({ comm: "perl" });
    expect(told).toMatchObject({ container: "fine", call: '\ufffd"\n', detail: "\u001b[2J" });
    expect(lab.helper.lines.filter((line) => line.container === "evil")).toEqual([]);
  });
});
