import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Helper, type Line, nothingLeft, unable } from "./native-helper.ts";

const source = readFileSync(join(import.meta.dirname, "../native-fuzz/hostile.c"), "utf8");

/** Every request is answered within this, whatever the lab does (asked.c: 10 s). */
const MOST_MILLISECONDS = 15_000;

interface HostileLab {
  readonly helper: Helper;
  readonly namespace: string;
  ask(request: Record<string, unknown>): Promise<Line>;
  end(): Promise<void>;
}

/** A lab with a process in it that does `how` (test/native-fuzz/hostile.c). */
async function hostileLab(how: string): Promise<HostileLab> {
  const helper = new Helper(`hostile-${how}`);
  const ready = await helper.up();
  const compile = `gcc -O1 -o /tmp/hostile -x c - <<'END'\n${source}\nEND`;
  expect(await helper.sh(1, compile, 30_000)).toMatchObject({ code: 0 });
  const started = await helper.ask({ op: "run", run: 2, argv: ["/tmp/hostile", how] });
  expect(started).toMatchObject({ kind: "ok" });
  await helper.wait((line) => line.run === 2 && line.text === "ready\n");
  const namespace = `pid:[${(ready.namespaces as Record<string, number>).pid}]`;
  // As long as it is open no other lab gets its number, and several come and go at once here.
  const held = openSync(`/proc/${ready.pid}/ns/pid`, "r");
  return {
    helper,
    namespace,
    ask: (request) => helper.ask(request, MOST_MILLISECONDS),
    end: async () => {
      await helper.close();
      await nothingLeft(helper.name, namespace, 5000).finally(() => closeSync(held));
    },
  };
}

const unanswered = { kind: "error", errno: "ETIMEDOUT" };

describe.skipIf(unable)("a lab that means harm", { timeout: 90_000, concurrent: true }, () => {
  test("PID 1 held by a tracer: requests fail in time, and the lab ends", async () => {
    const lab = await hostileLab("hold-init");
    const answers = await Promise.all([
      lab.ask({ op: "read", path: "/etc/hostname" }),
      lab.ask({ op: "run", run: 3, argv: ["true"] }),
      lab.ask({ op: "signal", run: 2, signal: "INT" }),
    ]);
    expect(answers).toMatchObject([unanswered, unanswered, unanswered]);
    await lab.end();
  });

  test("a file system that never answers: PID 1 gets stuck, the helper does not", async ({
    skip,
  }) => {
    skip(!readFileSync("/proc/filesystems", "utf8").includes("\tfuse\n"), "needs FUSE");
    const lab = await hostileLab("stuck");
    const entering = await lab.ask({ op: "run", run: 3, argv: ["true"], cwd: "/mnt/stuck/a" });
    expect(entering).toMatchObject(unanswered);
    expect(await lab.helper.sh(4, "echo on")).toMatchObject({ code: 0 });
    expect(await lab.ask({ op: "run", run: 5, argv: ["true"], trace: true })).toMatchObject(
      unanswered,
    );
    expect(await lab.ask({ op: "read", path: "/mnt/stuck/a" })).toMatchObject(unanswered);
    await lab.end();
  });

  test.each([
    ["hide-netns", "a namespace's name leads into a file system that never answers"],
    ["linger", "descriptors that do not let go are sent to the helper's socket"],
  ])("%s: %s", async (how) => {
    const lab = await hostileLab(how);
    for (let run = 3; run < 10; run++)
      expect(await lab.helper.sh(run, "echo on")).toMatchObject({ code: 0 });
    expect(await lab.ask({ op: "read", path: "/etc/hostname" })).toMatchObject({ text: "lab\n" });
    await lab.end();
  });

  test("every new process is stopped: a run fails in time", async () => {
    const lab = await hostileLab("stop-others");
    const answers = await Promise.all(
      [3, 4].map((run) => lab.ask({ op: "run", run, argv: ["true"] })),
    );
    for (const answer of answers) expect(["ok", "error"]).toContain(answer.kind);
    await lab.end();
  });

  test("trace FIFOs are replaced by links, devices and directories: nothing else is read", async () => {
    const lab = await hostileLab("replace-fifos");
    for (let run = 3; run < 40; run++) {
      const answer = await lab.ask({ op: "run", run, argv: ["true"], trace: true });
      expect(["ok", "error"]).toContain(answer.kind);
      if (answer.kind === "ok") await lab.helper.exited(run);
    }
    const traced = lab.helper.lines.filter((line) => line.stream === "trace");
    expect(traced).toEqual([]);
    await lab.end();
  });

  test("what the helper reads is a FIFO, a device, a link: an error, or the lab's own", async () => {
    const lab = await hostileLab("files");
    const script = `cd /run/tsi; mkfifo fifo; mknod zero c 1 5; mkdir folder; ln -s loop loop
      ln -s ../../../../../../etc/hostname up; ln -s /proc/1/root/proc/1/root/etc/hostname root
      ln -s /proc/self/fd/0 fd; head -c 200000 /dev/zero | tr '\\0' 'é' > long; : > empty`;
    expect(await lab.helper.sh(3, script)).toMatchObject({ code: 0 });
    const read = async (name: string) => {
      const { kind, text, base64, exists } = await lab.ask({
        op: "read",
        path: `/run/tsi/${name}`,
      });
      return kind === "error" ? kind : exists ? String(text ?? base64).length : "absent";
    };
    const names = ["fifo", "zero", "folder", "loop", "root", "fd", "none", "up", "empty", "up/up"];
    const said = await Promise.all(names.map(read));
    const errors = Array(6).fill("error");
    expect(said).toEqual([...errors, "absent", "lab\n".length, 0, "absent"]);
    expect(await read("long")).toBeGreaterThan(60_000);
    await lab.end();
  });

  // Tests that run side by side have an expect() of their own.
  test("a full disk and no pid left: answers all the same", async ({ expect }) => {
    const lab = await hostileLab("nothing-left");
    expect(
      await lab.helper.sh(3, "cat /dev/zero > /tmp/full; cat /dev/zero > /run/full", 60_000),
    ).toMatchObject({ code: 1 });
    expect((await lab.ask({ op: "run", run: 4, argv: ["true"], trace: true })).kind).toMatch(
      /ok|error/,
    );
    await lab.ask({ op: "run", run: 5, argv: ["sh", "-c", "f() { f | f & f; }; f"] });
    for (let run = 6; run < 20; run++)
      expect((await lab.ask({ op: "run", run, argv: ["true"] })).kind).toMatch(/ok|error/);
    // On a slow machine PID 1 may first have to wait behind the bomb.
    const hostname = () => lab.ask({ op: "read", path: "/etc/hostname" });
    await expect.poll(hostname, { timeout: 30_000 }).toMatchObject({ text: "lab\n" });
    await lab.end();
  });
});
