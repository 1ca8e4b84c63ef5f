import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createClock } from "../../src/sources/clock.ts";
import { HelperRefusal } from "../../src/sources/helper.ts";
import { openLab } from "../../src/sources/lab.ts";
import { Helper, nothingLeft, start, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

const pty = { rows: 24, columns: 80 };
const env = ["PATH=/usr/bin:/bin", "TERM=xterm", "PS1=$ "];

/** A run on a terminal, as a person sees it. */
class Terminal {
  readonly run: number;
  readonly helper: Helper;

  constructor(helper: Helper, run: number) {
    this.helper = helper;
    this.run = run;
  }

  async open(argv: readonly string[], size = pty): Promise<this> {
    const answer = await this.helper.ask({ op: "run", run: this.run, argv, env, pty: size });
    expect(answer).toMatchObject({ kind: "ok" });
    return this;
  }

  get text(): string {
    return this.helper.output(this.run, "pty").toString();
  }

  type(text: string) {
    return this.helper.ask({ op: "write", run: this.run, text });
  }

  async shows(wanted: string | RegExp): Promise<void> {
    const found = () =>
      typeof wanted === "string" ? this.text.includes(wanted) : wanted.test(this.text);
    const deadline = Date.now() + 5000;
    while (!found()) {
      if (Date.now() > deadline) throw new Error(`no ${wanted} in ${JSON.stringify(this.text)}`);
      await sleep(5);
    }
  }
}

const modes = [
  { mode: "root", skip: unable, command: () => start },
  { mode: "rootless", skip: unable || rootlessUnable, command: () => rootlessCommand() },
];

for (const { mode, skip, command } of modes) {
  describe.skipIf(skip)(`a terminal in a ${mode} lab`, { timeout: 60_000 }, () => {
    let helper: Helper;

    beforeEach(async () => {
      helper = new Helper(`terminal-${mode}`, command());
      await helper.up({ mode });
    });
    afterEach(() => helper.close());

    test("is the lab's own, has a size, and turns Ctrl-C into SIGINT", async () => {
      const shell = await new Terminal(helper, 1).open(["sh"]);
      await shell.type("tty; stty size; echo con''trolled > /dev/tty\r");
      await shell.shows(/\/dev\/pts\/0\r\n24 80\r\ncontrolled/);
      expect(await helper.ask({ op: "resize", run: 1, rows: 50, columns: 132 })).toMatchObject({
        kind: "ok",
      });
      await shell.type("stty size\r");
      await shell.shows("50 132");
      // What is typed is shown too, but not in the words that come out.
      await shell.type("echo sle''eps; sleep 1000\r");
      await shell.shows("sleeps");
      await sleep(50);
      await shell.type("\u0003");
      await shell.type("echo code $?\r");
      await shell.shows("code 130");
      await shell.type("exit 7\r");
      expect(await helper.exited(1)).toMatchObject({ code: 7 });
      expect(helper.output(1, "out").length).toBe(0);
      expect(await shell.type("x")).toMatchObject({ kind: "error", errno: "ESRCH" });
    });

    test("tells who runs in it that its size has changed", async () => {
      const script = "trap 'echo wound; exit' WINCH; echo armed; while :; do sleep 0.02; done";
      const waiting = await new Terminal(helper, 1).open(["sh", "-c", script]);
      await waiting.shows("armed");
      await helper.ask({ op: "resize", run: 1, rows: 30, columns: 90 });
      expect(await helper.exited(1)).toMatchObject({ code: 0 });
      expect(waiting.text).toContain("wound");
    });

    test("hands every byte through in raw mode", async () => {
      const script = "stty raw -echo; echo ready; dd bs=1 count=4 2>/dev/null | od -An -c";
      const raw = await new Terminal(helper, 1).open(["sh", "-c", script]);
      await raw.shows("ready");
      const base64 = Buffer.from([3, 26, 0, 255]).toString("base64");
      await helper.ask({ op: "write", run: 1, base64 });
      expect(await helper.exited(1)).toMatchObject({ code: 0 });
      expect(raw.text).toMatch(/003 +032 +\\0 +377/);
    });

    test("carries 10 MB, and all of it comes before the exit", async () => {
      const script = "stty -opost; head -c 10000000 /dev/zero | tr '\\0' x; echo; echo END";
      await new Terminal(helper, 1).open(["sh", "-c", script]);
      const exit = await helper.exited(1, 30_000);
      const bytes = helper.output(1, "pty");
      expect(bytes.length).toBe(10_000_005);
      expect(bytes.subarray(-6).toString()).toBe("x\nEND\n");
      expect(helper.lines.slice(helper.lines.indexOf(exit)).some(({ run }) => run === 1)).toBe(
        true,
      );
      expect(helper.lines.findLastIndex(({ kind }) => kind === "output")).toBeLessThan(
        helper.lines.indexOf(exit),
      );
    });

    test("is fifty terminals at once", async () => {
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, i) => new Terminal(helper, 100 + i).open(["sh"])),
      );
      await Promise.all(all.map((each, i) => each.type(`tty; exit ${i}\r`)));
      const exits = await Promise.all(all.map(({ run }) => helper.exited(run)));
      expect(exits.map(({ code }) => code)).toEqual(all.map((_, i) => i));
      const names = all.map(({ text }) => /\/dev\/pts\/\d+/.exec(text)?.[0]);
      expect(new Set(names).size).toBe(50);
      // Their terminals are gone with them.
      await helper.sh(1, "ls /dev/pts");
      expect(helper.output(1).toString()).toBe("ptmx\n");
    });

    test("queues what nobody reads, up to a limit", async () => {
      // Not raw it would take any length of line, and keep 4,095 bytes of it (termios(3)).
      const script = "stty raw -echo; echo ready; exec sleep 1000";
      await (await new Terminal(helper, 1).open(["sh", "-c", script])).shows("ready");
      const base64 = Buffer.alloc(60_000, "y").toString("base64");
      const answers = [];
      for (let i = 0; i < 8; i++) answers.push(await helper.ask({ op: "write", run: 1, base64 }));
      expect(answers[0]).toMatchObject({ kind: "ok" });
      expect(Math.max(...answers.map(({ waiting }) => Number(waiting ?? 0)))).toBeGreaterThan(0);
      expect(answers.at(-1)).toMatchObject({ kind: "error", errno: "EAGAIN" });
      await helper.ask({ op: "signal", run: 1, signal: "KILL" });
      expect(await helper.exited(1)).toMatchObject({ signal: "SIGKILL" });
    });

    test("hangs up when its run ends", async () => {
      const script = "trap '' HUP; (sleep 1000; echo never) & echo hi; exit 3";
      const shell = await new Terminal(helper, 1).open(["sh", "-c", script]);
      expect(await helper.exited(1)).toMatchObject({ code: 3 });
      expect(shell.text).toBe("hi\r\n");
      await helper.sh(2, "(sleep 0.1; echo > /dev/pts/0) 2>&1; ls /dev/pts");
      expect(helper.output(2).toString()).not.toContain("\n0\n");
    });

    test("refuses what is none", async () => {
      const run = (fields: object) => helper.ask({ op: "run", run: 1, argv: ["true"], ...fields });
      for (const bad of [{ rows: 0, columns: 80 }, { rows: 24 }, { rows: 24, columns: 70_000 }, 5])
        expect(await run({ pty: bad })).toMatchObject({ kind: "error", errno: "EINVAL" });
      expect(await run({ pty, stdin: true })).toMatchObject({ kind: "error", errno: "EINVAL" });
      expect(await run({ pty, argv: ["/nope"] })).toMatchObject({
        call: "execve",
        errno: "ENOENT",
      });
      expect(await helper.ask({ op: "write", run: 9, text: "x" })).toMatchObject({
        errno: "ESRCH",
      });
      await helper.ask({ op: "run", run: 2, argv: ["sleep", "1000"] });
      expect(await helper.ask({ op: "write", run: 2, text: "x" })).toMatchObject({
        errno: "EPIPE",
      });
      expect(await helper.ask({ op: "resize", run: 2, ...pty })).toMatchObject({ errno: "ENOTTY" });
      await new Terminal(helper, 3).open(["sh"]);
      for (const bad of [
        {},
        { text: "a", base64: "YQ==" },
        { base64: "a" },
        { base64: "a*==" },
        { end: true },
      ])
        expect(await helper.ask({ op: "write", run: 3, ...bad })).toMatchObject({
          errno: "EINVAL",
        });
      // Somebody has put something else where the terminals come from.
      await helper.sh(
        4,
        "umount -l /dev/pts; touch /dev/pts/ptmx; mount --bind /dev/null /dev/pts/ptmx",
      );
      expect(await run({ pty })).toMatchObject({ kind: "error", errno: "ENXIO" });
    });

    test("a run without terminal reads a pipe, and its end", async () => {
      await helper.ask({ op: "run", run: 1, argv: ["cat"], stdin: true });
      await helper.ask({ op: "write", run: 1, text: "one\n" });
      await helper.ask({ op: "write", run: 1, text: "two\n", end: true });
      expect(await helper.exited(1)).toMatchObject({ code: 0 });
      expect(helper.output(1).toString()).toBe("one\ntwo\n");
      await helper.sh(2, "readlink /proc/self/fd/0; cat");
      expect(helper.output(2).toString()).toBe("/dev/null\n");
    });

    test("leaves nothing when the helper is killed", async () => {
      const ready = await helper.wait(({ kind }) => kind === "lab.ready");
      const shell = await new Terminal(helper, 1).open(["sh"]);
      await shell.type("trap '' HUP TERM; sleep 1000 &\recho o''n\r");
      await shell.shows("on\r\n");
      helper.process.kill("SIGKILL");
      await nothingLeft(helper.name, `pid:[${(ready.namespaces as Record<string, number>).pid}]`);
    });
  });
}

describe.skipIf(unable)("a shell in the workbench's lab", { timeout: 60_000 }, () => {
  test("is typed into, resized, and ended", async () => {
    const [program = "", ...args] = start;
    const lab = await openLab({
      command: [program, ...args],
      clock: createClock(),
      name: "tty",
      mode: "root",
    });
    let text = "";
    const read = (async () => {
      for await (const batch of lab.events())
        for (const event of batch)
          if (event.kind === "output" && event.stream === "pty") text += event.text ?? "";
    })();
    const shell = await lab.run({ run: 1, argv: ["sh"], pty, trace: null });
    await shell.write("stty size; echo $TERM\r");
    await expect.poll(() => text).toMatch(/24 80\s+xterm-256color/);
    await shell.resize({ rows: 30, columns: 100 });
    await shell.write("stty size; stty raw -echo; echo rea''dy; head -c 600000 | wc -c\r");
    await expect.poll(() => text).toContain("ready");
    // More than the helper holds: it waits, and nothing is lost.
    await shell.write("x".repeat(600_000));
    await expect.poll(() => text).toMatch(/30 100\s+ready\s+600000/);
    await lab.signal(1, "KILL");
    expect(await shell.exited).toMatchObject({ signal: "SIGKILL" });
    await expect(shell.write("x")).rejects.toThrow(HelperRefusal);
    await lab.close();
    await read;
  });
});
