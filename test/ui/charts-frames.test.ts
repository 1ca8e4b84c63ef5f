import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { textOf, widthOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, REPLAY, type Stage, type StageOptions } from "./render-frame.tsx";
import { chartsLesson, oomEvents } from "./sample-charts.ts";
import { labEvents } from "./sample-session.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

function began(variant: "v1" | "v2", options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: chartsLesson(variant) })
    .grow(labEvents(variant))
    .send({ kind: "asked", action: "proceed", at: 1000 });
}

function ran(variant: "v1" | "v2", options: StageOptions = {}): Stage {
  return began(variant, options)
    .grow(oomEvents(variant))
    .send({ kind: "ran", step: "oom", failedChecks: 0, at: 2000 });
}

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame charts-v1-${name}`, () => expectFrame(`charts-v1-${name}`, ran("v1", size)));
  test(`frame charts-v2-${name}`, () =>
    expectFrame(`charts-v2-${name}`, ran("v2", { ...size, mode: REPLAY })));
  test(`frame charts-zoomed-${name}`, () => {
    const stage = ran("v2", size).send(
      { kind: "focused", pane: "charts" },
      { kind: "asked", action: "zoom", at: 3000 },
    );
    expectFrame(`charts-zoomed-${name}`, stage);
  });
}

describe("charts", () => {
  test("say what they show: limit, peak, kill, and which file it was read from", () => {
    for (const [variant, file] of [
      ["v1", "memory.usage_in_bytes"],
      ["v2", "memory.current"],
    ] as const) {
      const text = drawn(ran(variant), 120, 20).join("\n");
      expect(text).toMatch(new RegExp(`memory  peak 64M  ✗ OOM kill  ${file}`));
      expect(text).toContain("limit 64M");
      expect(text).toContain("demo 1M");
      expect(text).toMatch(/─✗─+ 1\.6 s/);
    }
  });

  test("the moment on screen is the moment drawn, also when time goes back", () => {
    const stage = ran("v1");
    const now = drawn(stage, 120, 20);
    const earlier = { ...stage.view(), cursor: labEvents("v1").length + 8 };
    const { charts } = stage.panes;
    const then = charts.lines(earlier, 120, 0, 20).map(textOf);
    expect(then.join("\n")).not.toContain("OOM");
    expect(then.join("\n")).not.toContain("64M");
    expect(drawn(stage, 120, 20)).toEqual(now);
  });

  test("a group that was removed ends, and one made anew begins anew", () => {
    const events = oomEvents("v2").slice(0, -1);
    const removed: Event[] = [
      { kind: "cgroup.remove", t: 11.7e9, hierarchy: "", path: "/demo" },
      { kind: "step.end", t: 12e9, step: "oom" },
    ];
    const text = drawn(began("v2").grow([...events, ...removed]), 120, 20).join("\n");
    expect(text).toContain("peak 64M");
    expect(text).not.toContain("demo 1M");
  });

  test("every size is drawn whole and no wider than asked", () => {
    const stage = ran("v2");
    for (let width = 20; width <= 160; width += 7)
      for (let height = 1; height <= 40; height += 3) {
        const lines = drawn(stage, width, height);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        if (height >= 4) expect(lines).toHaveLength(height);
      }
  });

  test("they say so where there is nothing", () => {
    expect(drawn(createStage({ lesson: chartsLesson("v1") }), 80, 5)).toEqual([
      "No step has run yet.",
    ]);
    const stage = began("v1").grow([{ kind: "step.start", t: 10e9, step: "oom" }]);
    expect(drawn(stage, 80, 5)[0]).toMatch(/^No group of the lesson's/);
  });
});

function drawn(stage: Stage, width: number, height: number): string[] {
  const { charts } = stage.panes;
  return charts.lines(stage.view(), width, 0, height).map((line) => textOf(line).trimEnd());
}
