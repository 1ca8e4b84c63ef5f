import { describe, expect, test } from "vitest";
import type { PaneName } from "../../src/lesson/panes.ts";
import type { Event } from "../../src/timeline/event.ts";
import { linkOf } from "../../src/ui/jumps.ts";
import { expectFrame } from "./expect-frame.ts";
import type { Stage, StageOptions } from "./render-frame.tsx";
import { labEvents, makeEvents, timed } from "./sample-session.ts";
import { focus, ranTwo } from "./sample-stage.ts";

const ESCAPE = { kind: "asked", action: "close", at: 0 } as const;
const BACKSPACE = { kind: "asked", action: "unjump", at: 0 } as const;

function pick(stage: Stage, pane: PaneName, key: string): Stage {
  return focus(stage, pane).send({ kind: "picked", pane, key, scroll: null });
}

/** As Enter does it. */
function follow(stage: Stage): Stage {
  const link = linkOf(stage.view());
  if (link === null) throw new Error("Enter leads nowhere from here");
  return stage.send({ kind: "jumped", jump: link });
}

/** Index of the first event of the whole session for which this holds. */
function indexOf(stage: Stage, is: (event: Event) => boolean): string {
  return `${stage.view().events.findIndex(is)}`;
}

const isWrite = (event: Event): boolean => event.kind === "syscall" && event.name === "write";

function pickedWrite(options: StageOptions = {}): Stage {
  const stage = ranTwo(options);
  return pick(stage, "events", indexOf(stage, isWrite));
}

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
]) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame jump-from-write-${name}`, () => {
    expectFrame(`jump-from-write-${name}`, pickedWrite(size));
  });
  test(`frame jump-to-change-${name}`, () => {
    expectFrame(`jump-to-change-${name}`, follow(pickedWrite(size)));
  });
}

describe("Enter on an entry leads to what it is about", () => {
  test("from a write to the change it caused, and from there to the write again", () => {
    const stage = pickedWrite();
    const write = stage.state().picked;
    expect(stage.frame()).toContain("Enter shows what it changed");
    follow(stage);
    expect(stage.state()).toMatchObject({ focus: "cgroups", tab: "cgroups" });
    expect(stage.frame()).toMatch(/▸memory\/demo memory\.limit_in_bytes .* ← write by 12/);
    follow(stage);
    expect(stage.state().picked).toEqual(write);
  });

  test("a change of an earlier step is shown at the moment it came about, and back is back", () => {
    const stage = pickedWrite();
    const write = Number(stage.state().picked?.key);
    stage.grow(makeEvents().map((event) => ({ ...event, t: event.t + 20e9 })));
    const before = stage.state();
    follow(stage);
    expect(stage.state()).toMatchObject({ step: 1, focus: "cgroups" });
    expect(stage.view().cursor).toBeGreaterThan(write);
    expect(stage.frame()).toMatch(/▸memory\/demo memory\.limit_in_bytes/);
    expect(stage.send(ESCAPE).state()).toEqual(before);
  });

  test("from a process to its events", () => {
    const stage = follow(pick(ranTwo(), "processes", "4270"));
    expect(stage.state()).toMatchObject({ focus: "events", followed: { pid: 4270, labPid: 15 } });
    expect(stage.frame()).toMatch(/\d of 22 · only 15/);
    stage.send(BACKSPACE);
    expect(stage.state()).toMatchObject({
      focus: "processes",
      followed: null,
      picked: { key: "4270" },
    });
  });

  test("from an exit to the exec of what ended", () => {
    const stage = ranTwo();
    const killed = indexOf(stage, (event) => event.kind === "process.exit" && "signal" in event);
    follow(pick(stage, "events", killed));
    const event = stage.view().events[Number(stage.state().picked?.key)];
    expect(event).toMatchObject({ kind: "process.exec", argv: ["eat", "64M"] });
  });

  test("where strace showed the exec, to the call; never to one of an earlier process", () => {
    const stage = ranTwo();
    const own = { pid: 6000, labPid: 60, run: 9 };
    stage.grow(
      timed(
        [
          { kind: "process.fork", pid: 6000, ppid: 4242 },
          { kind: "syscall", ...own, name: "execve", args: ['"/x"', '["x"]'], result: "0" },
          { kind: "process.exec", pid: 6000, argv: ["x"] },
          { kind: "process.exit", pid: 6000, code: 0 },
          { kind: "process.fork", pid: 6000, ppid: 4242 },
          { kind: "process.exit", pid: 6000, code: 1 },
        ],
        12e9,
      ),
    );
    const first = stage.view().events.length - 6;
    follow(pick(stage, "events", `${first + 3}`));
    expect(stage.state().picked?.key).toBe(`${first + 1}`);
    expect(linkOf(pick(stage, "events", `${first + 5}`).view())).toBeNull();
  });

  test("a write that nobody traced leads to the exec of who wrote", () => {
    const stage = ranTwo();
    const group = { hierarchy: "memory", path: "/demo" };
    stage.grow(
      timed(
        [
          { kind: "process.fork", pid: 6000, ppid: 4242, labPid: 60 },
          { kind: "process.exec", pid: 6000, labPid: 60, argv: ["runc", "create"] },
          { kind: "cgroup.write", ...group, file: "pids.max", pid: 6000, labPid: 60 },
          { kind: "cgroup.change", ...group, file: "pids.max", before: "max", after: "5" },
        ],
        12e9,
      ),
    );
    const number = stage.view().world.changes.length - 1;
    follow(pick(stage, "cgroups", `change ${number}`));
    const event = stage.view().events[Number(stage.state().picked?.key)];
    expect(event).toMatchObject({ kind: "process.exec", argv: ["runc", "create"] });
  });

  test("a filter that would hide where it leads is away there, and back with the way back", () => {
    const stage = ranTwo();
    stage.send({ kind: "filter", pane: "events" }, { kind: "filter-typed", text: "kind:exit" });
    stage.send({ kind: "filter-ended", kept: true });
    const killed = indexOf(stage, (event) => event.kind === "process.exit" && "signal" in event);
    follow(pick(stage, "events", killed));
    expect(stage.state().filters).toEqual({});
    expect(stage.frame()).toMatch(/▸ +\+0\.0015 +15 exec eat 64M/);
    expect(stage.send(ESCAPE).state()).toMatchObject({ filters: { events: "kind:exit" } });
  });

  test("what the kernel did, and what no event is behind, opens", () => {
    const stage = ranTwo();
    const { changes } = stage.view().world;
    const kernel = changes.findIndex(({ cause }) => cause.kind === "kernel");
    expect(linkOf(pick(stage, "cgroups", `change ${kernel}`).view())).toBeNull();
    expect(stage.frame()).toContain("Enter opens this");
    for (const key of ["change 99999", "change x", "group memory:/demo", "evil"])
      expect(linkOf(pick(stage, "cgroups", key).view())).toBeNull();
    expect(linkOf(pick(stage, "events", "99999").view())).toBeNull();
    expect(linkOf(focus(createEmpty(), "events").view())).toBeNull();
  });

  test("v opens an entry that Enter would leave, and Esc closes it before it leads back", () => {
    const stage = pickedWrite().send({ kind: "asked", action: "whole", at: 0 });
    expect(stage.state().picked?.opened).toBe("folded");
    expect(linkOf(stage.view())).toBeNull();
    follow(stage.send(ESCAPE)).send({ kind: "asked", action: "whole", at: 0 });
    expect(stage.send(ESCAPE).state()).toMatchObject({
      focus: "cgroups",
      picked: { opened: "no" },
    });
    expect(stage.send(ESCAPE).state().focus).toBe("events");
  });

  test("choosing another pane ends the way back", () => {
    const stage = follow(pickedWrite()).send({ kind: "digit", digit: "4" });
    expect(stage.state().jumps).toEqual([]);
    expect(stage.send(ESCAPE).state().focus).toBe("output");
  });

  test("going to and fro a hundred times keeps a bounded way back", () => {
    const stage = pickedWrite();
    for (let count = 0; count < 100; count++) follow(stage);
    expect(stage.state().jumps.length).toBeLessThanOrEqual(50);
  });
});

describe("lines that have to do with the one that is picked are marked", () => {
  const LARGE = { columns: 200, rows: 60 };
  const marked = (stage: Stage): string[] =>
    stage
      .frame()
      .split("\n")
      .flatMap((row) => /▹(.*)/.exec(row)?.[1]?.trim() ?? []);

  test("of a write: who wrote, and what changed", () => {
    expect(marked(pickedWrite(LARGE))).toEqual([
      expect.stringMatching(/^12 +4260 .*exit 0/),
      expect.stringMatching(/^memory\/demo memory\.limit_in_bytes .*write by 12/),
    ]);
  });

  test("of a process: all its events and what it changed, no other's", () => {
    const rows = marked(pick(ranTwo(LARGE), "processes", "4270"));
    expect(rows.filter((row) => row.startsWith("+")).length).toBe(6);
    expect(rows.join("\n")).toMatch(/memory\/demo cgroup\.procs .*write by 15/);
    expect(rows.join("\n")).not.toMatch(/write by 12/);
  });

  test("of a change: the write, and who did it; when nothing is picked nothing is", () => {
    const stage = follow(pickedWrite(LARGE));
    expect(marked(stage).map((row) => row.slice(0, 12))).toEqual([
      expect.stringMatching(/^\+0\.0004/),
      expect.stringMatching(/^12 +4260/),
    ]);
    stage.send(ESCAPE, ESCAPE);
    expect(marked(stage)).toEqual([]);
  });
});

function createEmpty(): Stage {
  return ranTwo().grow(labEvents().slice(2, 3));
}
