import { describe, expect, test } from "vitest";
import { MOST_STEPS } from "../../src/workbench/pane-sizes.ts";
import { ask, begin, play } from "./play.ts";

const focused = (pane: "events" | "lesson" | "output") => ({ kind: "focused", pane }) as const;

describe("sizes", () => {
  test("are of the pane in focus, and have an end that is said", () => {
    const { state } = play(begin(), focused("events"), ask("grow"), ask("grow"), ask("shrink"));
    expect(state.sizes).toEqual({ events: 1 });
    const often = Array.from({ length: MOST_STEPS + 3 }, () => ask("shrink"));
    const least = play(begin(), ...often).state;
    expect(least.sizes).toEqual({ lesson: -MOST_STEPS });
    expect(least.notice).toBe("lesson gets no smaller");
  });

  test("are as they were before, and a pane alone has none", () => {
    const sizes = { output: 2 };
    const { state } = play(begin({ sizes }), ask("zoom"), ask("grow"));
    expect(state.sizes).toBe(sizes);
    expect(state.notice).toMatch(/has the whole screen/);
  });
});

test("sizes from a file keep to the limits", () => {
  expect(begin({ sizes: { events: 99, output: -99, flow: 1 } }).sizes).toEqual({
    events: MOST_STEPS,
    output: -MOST_STEPS,
    flow: 1,
  });
});

describe("a pane put away", () => {
  test("gives its place and its turn to the others, until it is called", () => {
    const { state } = play(begin(), focused("events"), ask("put-away"));
    expect(state).toMatchObject({ away: ["events"] });
    expect(state.focus).not.toBe("events");
    const turns = state.plan.panes.map(() => ask("focus-next"));
    const seen = turns.map((_, index) => play(state, ...turns.slice(0, index + 1)).state.focus);
    expect(seen).not.toContain("events");
    expect(seen).toContain("lesson");
    const called = play(state, { kind: "digit", digit: "1" }).state;
    expect(called).toMatchObject({ away: [], focus: "events", tab: "events" });
  });

  test("is never the explanation nor the last of the others", () => {
    expect(play(begin(), ask("put-away")).state).toMatchObject({ away: [], focus: "lesson" });
    const { panes } = begin().plan;
    const all = panes.flatMap((pane) => [{ kind: "focused", pane } as const, ask("put-away")]);
    const { state } = play(begin(), ...all);
    expect(state.away).toHaveLength(panes.length - 1);
    expect(state.notice).toBe("this is the last pane");
  });
});
