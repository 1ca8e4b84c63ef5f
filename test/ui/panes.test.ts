import { describe, expect, test } from "vitest";
import type { KernelPaneName } from "../../src/lesson/pane-plan.ts";
import type { PaneName } from "../../src/lesson/panes.ts";
import type { Event } from "../../src/timeline/event.ts";
import { bytesForHumans, valueChanges } from "../../src/ui/panes/cgroups/cgroup-values.ts";
import { textOf } from "../../src/ui/text.ts";
import { createStage, type Stage } from "./render-frame.tsx";
import {
  labEvents,
  limitEndEvents,
  limitRunningEvents,
  makeEvents,
  timed,
} from "./sample-session.ts";

function shown(stage: Stage, pane: PaneName, width = 120): string[] {
  const view = stage.view();
  const { [pane]: drawn } = stage.panes;
  return drawn.lines(view, width, 0, drawn.count(view, width)).map(textOf);
}

function session(...more: readonly Event[][]): Stage {
  const stage = createStage().grow(labEvents()).grow(makeEvents());
  for (const events of more) stage.grow(events);
  return stage;
}

const whole = (): Stage => session(limitRunningEvents(), limitEndEvents("v1", 1));

describe("a step that could not run", () => {
  test("says why once, and what did not happen is not shown as failed", () => {
    const why = "it needs mknod (devices are made by the host's root only)";
    const stage = createStage().grow(labEvents());
    const step = stage.view().step.id;
    const tried = timed([
      { kind: "step.start", step },
      { kind: "step.unable", step, why },
      { kind: "step.end", step },
    ]);
    const lines = shown(stage.grow(tried), "lesson").map((line) => line.trimEnd());
    expect(lines).toContain(`! could not run here: ${why}`);
    expect(lines.some((line) => line.startsWith("── it did not run ─"))).toBe(true);
    expect(lines.join("\n")).not.toMatch(/✗|✓/);
  });
});

describe("events", () => {
  test("short of room the arguments give way, never the result", () => {
    const line = shown(session(limitRunningEvents()), "events", 60).find((text) =>
      text.includes("execve"),
    );
    expect(line).toMatch(/…\) = -1 ENOENT$/);
  });

  test("a fork and an exec that strace has shown are not said again", () => {
    const traced = timed(
      [
        { kind: "step.start", step: "limit" },
        { kind: "syscall", pid: 77, labPid: 20, run: 1, name: "vfork", args: [], result: "21" },
        { kind: "process.fork", pid: 78, ppid: 77 },
        {
          kind: "syscall",
          pid: 78,
          labPid: 21,
          run: 1,
          name: "execve",
          args: ['"/x"'],
          result: "0",
        },
        { kind: "process.exec", pid: 78 },
        {
          kind: "syscall",
          pid: 78,
          labPid: 21,
          run: 1,
          name: "exit_group",
          args: ["3"],
          result: "?",
        },
        { kind: "process.exit", pid: 78, code: 3 },
      ],
      9e9,
    );
    const lines = shown(session(traced), "events").slice(-3);
    expect(lines.map((line) => line.slice(9).trim())).toEqual([
      "20 vfork() = 21",
      '21 execve("/x") = 0',
      "21 ! exit 3",
    ]);
  });

  test("what the lab does to come up is not shown", () => {
    expect(shown(createStage().grow(labEvents()), "events").join("\n")).not.toMatch(/mount/);
  });

  test("the same after going back and forward as after going straight", () => {
    const straight = shown(whole(), "events");
    const stage = whole();
    stage.send({ kind: "asked", action: "pause", at: 0 });
    shown(stage, "events");
    const early = createStage().grow(labEvents());
    expect(shown(early, "events").length).toBeLessThan(straight.length);
    early.grow(makeEvents());
    shown(early, "events");
    early.grow(limitRunningEvents()).grow(limitEndEvents("v1", 1));
    expect(shown(early, "events")).toEqual(straight);
  });
});

describe("processes", () => {
  test("pids of both sides, the group, and how it ended", () => {
    const running = shown(session(limitRunningEvents()), "processes");
    expect(running.at(-1)).toBe("   15   4270  └─ eat 64M  memory/demo");
    expect(shown(whole(), "processes").at(-1)).toBe(
      "   15   4270  └─ eat 64M  ✗ killed by SIGKILL",
    );
  });

  test("strace is there to watch", () => {
    const stage = createStage().grow(labEvents()).grow(makeEvents().slice(0, 8));
    expect(shown(stage, "processes").join("\n")).toMatch(/strace \(watching\)/);
  });

  test("a long chain of forks is drawn, and the many dead are counted", () => {
    const forks = Array.from({ length: 3000 }, (_, index) => ({
      kind: "process.fork" as const,
      pid: 10_000 + index,
      ppid: index === 0 ? 4242 : 9999 + index,
      labPid: 100 + index,
    }));
    const exits = forks.slice(100).map(({ pid, labPid }) => ({
      kind: "process.exit" as const,
      pid,
      labPid,
      code: 0,
    }));
    const start = { kind: "step.start" as const, step: "limit" };
    const lines = shown(session(timed([start, ...forks, ...exits], 9e9)), "processes", 200);
    expect(lines.at(-1)).toMatch(/… and 2876 more that ended in this step/);
  });
});

describe("cgroups", () => {
  test("writes are rows of their own; the kernel's moves of a counter are one", () => {
    const rows = shown(whole(), "cgroups");
    expect(rows).toContain(
      "memory/demo memory.limit_in_bytes 9223372036854771712 (no limit) → 33554432 (32M)  ← write by 12",
    );
    expect(rows).toContain("memory/demo memory.usage_in_bytes 0 → 33554432 (32M)  ← kernel ×2");
    expect(rows).toContain("memory/demo memory.oom_control oom_kill 0 → 1  ← kernel");
  });

  test("groups that the step removed take one line, and leave no tree behind", () => {
    const groups = ["a", "a/b", "c", "d"].flatMap((name) => [
      { kind: "cgroup.create" as const, hierarchy: "pids", path: `/${name}`, files: [] },
      { kind: "cgroup.remove" as const, hierarchy: "pids", path: `/${name}` },
    ]);
    const stage = session(timed([{ kind: "step.start", step: "limit" }, ...groups], 9e9));
    const rows = shown(stage, "cgroups");
    expect(rows).toContain("4 groups removed: pids/a, pids/a/b, pids/c, pids/d");
    expect(rows.filter((row) => row.includes("pids"))).toHaveLength(1);
    stage.grow([{ kind: "step.start", t: 10e9, step: "limit" }]);
    expect(shown(stage, "cgroups").join("\n")).not.toContain("removed");
  });

  test("what went up and came down again is as before, not a row without words", () => {
    const change = (before: string, after: string) => ({
      ...{ kind: "cgroup.change" as const, hierarchy: "memory", path: "/demo" },
      ...{ file: "memory.stat", before, after },
    });
    const [low, high] = ["cache 0\nrss 0\n", "cache 0\nrss 9\n"];
    const start = { kind: "step.start" as const, step: "limit" };
    const stage = session(timed([start, change(low, high), change(high, low)], 9e9));
    expect(shown(stage, "cgroups")).toContain("memory/demo memory.stat as before  ← kernel ×2");
  });

  test("looking back shows the changes of that moment, then again all", () => {
    const stage = whole();
    const all = shown(stage, "cgroups");
    stage.send(
      { kind: "asked", action: "forward", at: 0 },
      { kind: "asked", action: "back", at: 0 },
    );
    expect(shown(stage, "cgroups")).not.toEqual(all);
    stage.send({ kind: "asked", action: "forward", at: 0 });
    expect(shown(stage, "cgroups")).toEqual(all);
  });

  test("one tree on v2", () => {
    const stage = createStage().grow(labEvents("v2")).grow(makeEvents("v2"));
    expect(shown(stage, "cgroups").slice(0, 2)).toEqual([
      "/  the lab's own",
      "└─ demo  no process",
    ]);
  });

  test("only the keys that changed", () => {
    const change = {
      file: "memory.stat",
      before: "cache 0\nrss 1\ntotal_rss 1\n",
      after: "cache 0\nrss 2\ntotal_rss 2\n",
    };
    expect(valueChanges(change)).toEqual([{ key: "rss", before: "1", after: "2" }]);
  });

  test.each([
    ["memory.max", "33554432", "32M"],
    ["memory.max", "1610612736", "1.5G"],
    ["memory.limit_in_bytes", "9223372036854771712", "no limit"],
    ["memory.max", "4096", null],
    ["cpuacct.usage", "33554432", null],
  ])("%s %s for humans", (file, value, human) => {
    expect(bytesForHumans(file, value)).toBe(human);
  });
});

describe("output", () => {
  test("pieces are joined to lines, stderr is marked, the end is said", () => {
    expect(shown(whole(), "output")).toEqual([
      "$ mkdir /sys/fs/cgroup/memory/demo",
      "  ls /sys/fs/cgroup/memory/demo | head -3",
      "  cgroup.clone_children",
      "  cgroup.event_control",
      "  cgroup.procs",
      "exit 0",
      "",
      "$ echo 32M > /sys/fs/cgroup/memory/demo/memory.limit_in_bytes",
      "exit 0",
      "",
      "$ sh -c 'echo $$ > /sys/fs/cgroup/memory/demo/cgroup.procs; exec eat 64M'",
      "! eat: 16 MiB",
      "! Killed",
      "✗ killed by SIGKILL",
    ]);
  });

  test("a long line wraps, and one that grows stays one line", () => {
    const pieces = ["aaaa", "bbbb", "cc\n", "d"].map((text) => ({
      kind: "output" as const,
      run: 1,
      stream: "out" as const,
      text,
    }));
    const stage = createStage();
    for (const piece of timed(pieces)) {
      stage.grow([piece]);
      shown(stage, "output", 8);
    }
    expect(shown(stage, "output", 8)).toEqual(["  aaaabb", "  bbcc", "  d"]);
  });

  test("bytes that are no text are counted", () => {
    const stage = createStage().grow(
      timed([{ kind: "output", run: 1, stream: "out", base64: "AAECAw==" }]),
    );
    expect(shown(stage, "output")).toEqual(["· 4 bytes that are not UTF-8"]);
  });
});

test("a frame after a flood costs no more than what is visible", () => {
  const flood = Array.from({ length: 100_000 }, (_, index) => ({
    kind: "syscall" as const,
    labPid: 15,
    run: 3,
    name: "write",
    args: [`${index}`],
    result: "1",
  }));
  const stage = createStage({ columns: 200, rows: 60 }).grow(labEvents()).grow(timed(flood, 9e9));
  stage.frame();
  const panes: KernelPaneName[] = ["events", "processes", "cgroups", "output"];
  const before = performance.now();
  for (let index = 0; index < 50; index++) {
    stage.grow(timed(flood.slice(0, 10), 30e9));
    for (const pane of panes) stage.panes[pane].lines(stage.view(), 100, 0, 20);
  }
  // 50 times 100,000 events would take seconds.
  expect(performance.now() - before).toBeLessThan(1000);
});
