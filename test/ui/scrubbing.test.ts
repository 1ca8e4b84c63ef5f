import { describe, expect, test } from "vitest";
import { scrubLine } from "../../src/ui/scrub-line.ts";
import { scrubTarget } from "../../src/ui/scrubbing.ts";
import { textOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import type { Stage } from "./render-frame.tsx";
import { makeEvents } from "./sample-session.ts";
import { focus, ranTwo } from "./sample-stage.ts";

/** As the key does it. */
function go(stage: Stage, by: Parameters<typeof scrubTarget>[1]): Stage {
  return stage.send({ kind: "scrubbed", to: scrubTarget(stage.view(), by) });
}

const last = (stage: Stage) => stage.view().events[stage.view().cursor - 1];

describe("frames of a moment in the past", () => {
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ]) {
    test(`scrubbed-${size.columns}x${size.rows}`, () => {
      const stage = focus(ranTwo(size), "cgroups");
      go(go(go(stage, "event-back"), "event-back"), "event-back");
      expectFrame(`scrubbed-${size.columns}x${size.rows}`, stage);
    });
  }
});

describe("[ and ]", () => {
  test("each press takes away the last thing that the pane in focus shows", () => {
    const stage = focus(ranTwo(), "cgroups");
    const seen = [1, 2, 3, 4, 5, 6].map(() => {
      const event = last(go(stage, "event-back"));
      return event?.kind === "cgroup.change" ? event.file : event?.kind;
    });
    expect(seen).toEqual([
      "memory.oom_control",
      "memory.usage_in_bytes",
      "memory.usage_in_bytes",
      "cgroup.procs",
      "memory.limit_in_bytes",
      "cgroup.create",
    ]);
  });

  test("forward they come to the same places, and at last to now", () => {
    const stage = focus(ranTwo(), "processes");
    const places: number[] = [];
    for (let press = 0; press < 8; press++) places.push(go(stage, "event-back").view().cursor);
    for (const place of places.slice(0, -1).toReversed())
      expect(go(stage, "event-on").view().cursor).toBe(place);
    expect(go(go(stage, "event-on"), "event-on").state().held).toBeNull();
  });

  test("the first step's beginning is where it ends", () => {
    const stage = focus(ranTwo(), "events");
    for (let press = 0; press < 60; press++) go(stage, "event-back");
    expect(last(stage)).toMatchObject({ kind: "step.start", step: "make" });
  });

  test("a filtered list of events is gone through by what it shows", () => {
    const stage = focus(ranTwo(), "events");
    stage.send({ kind: "filter", pane: "events" }, { kind: "filter-typed", text: "kind:exit" });
    stage.send({ kind: "filter-ended", kept: true });
    const pids = [1, 2, 3, 4].map(() => last(go(stage, "event-back")) as { pid?: number });
    expect(pids.map(({ pid }) => pid)).toEqual([4260, 4250, 4251, 4252]);
  });

  test("from an event that was chosen they begin there", () => {
    const stage = focus(ranTwo(), "events");
    stage.send({ kind: "picked", pane: "events", key: "12", scroll: 0 });
    expect(go(stage, "event-back").view().cursor).toBe(13);
  });
});

describe("{ and }", () => {
  test("a tenth of the step's time, but its beginning is a stop, and nowhere is nothing new", () => {
    const stage = focus(ranTwo(), "events");
    const times = [1, 2, 3].map(() => {
      go(stage, "tenth-back");
      return [stage.state().step, ((last(stage)?.t ?? 0) / 1e6).toFixed(1)];
    });
    // The step took half a second, and nothing happened in it but at both its ends.
    expect(times).toEqual([
      [1, "10001.5"],
      [1, "10000.0"],
      [0, "2001.6"],
    ]);
    go(stage, "tenth-on");
    expect(last(stage)).toMatchObject({ kind: "step.start", step: "limit" });
    go(stage, "tenth-on");
    expect(last(stage)?.t).toBe(10_001_800_000);
  });

  test("a step whose end is near is left at its last moment, and then comes the present", () => {
    const stage = go(focus(ranTwo(), "events"), "event-back");
    expect(go(go(stage, "tenth-on"), "tenth-on").state().held).toBeNull();
  });
});

describe("the line of time", () => {
  test("says the moment, the step's time and how much is later, and only then is there one", () => {
    const stage = focus(ranTwo(), "events");
    expect(stage.frame()).not.toMatch(/ later/);
    go(go(go(stage, "tenth-back"), "tenth-back"), "event-on");
    const line = textOf(scrubLine(stage.view(), 80));
    expect(line).toMatch(/^ step 2 ◆[▁-█·]+ \+0\.000 s of 0\.501 s {2}\d+ later $/);
    expect(line.length).toBe(80);
    expect(stage.frame()).toContain(line.trimEnd());
  });

  test("events that come meanwhile are counted", () => {
    const stage = go(focus(ranTwo(), "events"), "tenth-back");
    const later = (): number => Number(/(\d+) later/.exec(stage.frame())?.[1]);
    const before = later();
    stage.grow(makeEvents().slice(1, 6));
    expect(later()).toBe(before + 5);
  });

  test("while a step runs it is said that it does, and how to come back", () => {
    const stage = focus(ranTwo(), "events").send({ kind: "asked", action: "proceed", at: 30_000 });
    stage.send({ kind: "asked", action: "proceed", at: 40_000 });
    stage.grow([{ kind: "step.start", t: 20e9, step: stage.state().running ?? "" }]);
    expect(stage.frame()).toContain("● running  x interrupts");
    go(stage, "event-back");
    expect(stage.frame()).toContain("● running  [ ] back and on");
    expect(stage.frame()).toContain("Esc back to now");
  });

  test("ticks and checks are those of the moment", () => {
    const stage = focus(ranTwo({ columns: 200, rows: 60 }), "events");
    expect(stage.frame()).toContain("checks hold");
    go(stage, "event-back");
    go(stage, "event-back");
    expect(stage.view().results.map(({ outcome }) => outcome)).toEqual(["pending", "pending"]);
    expect(stage.frame()).not.toContain("checks hold");
  });
});
