import { describe, expect, test } from "vitest";
import type { PaneName } from "../../src/lesson/panes.ts";
import { entriesOf, press } from "./entries.ts";
import { expectFrame } from "./expect-frame.ts";
import type { Stage, StageOptions } from "./render-frame.tsx";
import { focus, ranTwo } from "./sample-stage.ts";

const open = { kind: "asked", action: "proceed", at: 1e9 } as const;
const ZOOM = { kind: "asked", action: "zoom", at: 0 } as const;

function picked(pane: PaneName, up: number, options: StageOptions = {}): Stage {
  return press(focus(ranTwo(options), pane), "line-up", up);
}

const moments: Readonly<Record<string, (options: StageOptions) => Stage>> = {
  "events-picked": (options) => picked("events", 4, options),
  "events-opened": (options) => picked("events", 3, options).send(open),
  "processes-opened": (options) => picked("processes", 1, options).send(open),
  "cgroups-opened": (options) => picked("cgroups", 5, options).send(open, ZOOM),
  "group-opened": (options) => picked("cgroups", 6, options).send(open, ZOOM),
};

for (const [moment, build] of Object.entries(moments)) {
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ]) {
    const name = `${moment}-${size.columns}x${size.rows}`;
    test(`frame ${name}`, () => expectFrame(name, build(size)));
  }
}

describe("entries of lists", () => {
  test.each<PaneName>(["events", "processes", "cgroups"])("%s: each can be opened", (pane) => {
    const stage = focus(ranTwo(), pane);
    const keys = entriesOf(stage, pane);
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) {
      stage.send({ kind: "picked", pane, key, scroll: null });
      const { picks } = stage.panes[pane];
      const list = stage.frame();
      expect(list).toContain("▸");
      expect(picks?.key(stage.view(), 78, picks.place(stage.view(), 78, key))).toBe(key);
      stage.send({ ...open, at: 1e9 });
      expect(stage.panes[pane].lines(stage.view(), 78, 0, 99).length).toBeGreaterThan(1);
      expect(stage.frame()).not.toBe(list);
      stage.send({ kind: "asked", action: "close", at: 0 });
    }
  });

  test("an entry picked without scrolling is brought into sight, wherever it is", () => {
    const stage = focus(ranTwo(), "events");
    const first = entriesOf(stage, "events")[0] ?? "";
    stage.send({ kind: "picked", pane: "events", key: first, scroll: null });
    expect(stage.frame()).toMatch(/\n▸ +\+0\.0001 /);
  });

  test("what is picked stays picked while events come, and its place in sight too", () => {
    const stage = picked("events", 6, { columns: 80, rows: 24 });
    const before = stage.frame().split("\n").slice(14, 22);
    const { picked: entry } = stage.state();
    stage.grow([{ kind: "process.fork", t: 11e9, pid: 4300, ppid: 4242, labPid: 40 }]);
    expect(stage.state().picked).toEqual(entry);
    expect(stage.frame().split("\n").slice(14, 22)).toEqual(before);
  });

  test("an entry that is not there at a moment in the past opens nothing", () => {
    const stage = picked("processes", 1).send({ kind: "scrubbed", to: 6 });
    stage.send({ kind: "picked", pane: "processes", key: "4270", scroll: null }, open);
    expect(stage.frame()).toContain("PID   host  command");
  });
});
