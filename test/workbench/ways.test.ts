import { describe, expect, test } from "vitest";
import type { Message } from "../../src/workbench/message.ts";
import { ask, begin, grown, play, ran, runs } from "./play.ts";

describe("--auto", () => {
  const auto = begin({ auto: true });

  test("it runs each step, rests after each, and finishes", () => {
    let { state, effects } = play(auto, { kind: "started" });
    expect(effects).toEqual([{ kind: "run", step: "one" }]);
    ({ state, effects } = play(state, grown("step.start one", "step.end one"), ran("one")));
    expect(effects).toEqual([{ kind: "rest", step: "one" }]);
    ({ state, effects } = play(state, { kind: "rested", step: "one" }));
    expect(effects).toEqual([{ kind: "run", step: "two" }]);
    ({ state, effects } = play(state, ran("two"), { kind: "rested", step: "two" }));
    ({ state, effects } = play(state, ran("three"), { kind: "rested", step: "three" }));
    expect(effects.at(-1)).toEqual({ kind: "leave", reason: "finished" });
  });

  test("it stops at the first failed check", () => {
    const { effects } = play(auto, { kind: "started" }, ran("one", 1), {
      kind: "rested",
      step: "one",
    });
    expect(effects.at(-1)).toEqual({ kind: "leave", reason: "failed" });
  });

  test("a pause holds it, and going on goes on", () => {
    const rested: Message = { kind: "rested", step: "one" };
    const { state, effects } = play(auto, { kind: "started" }, ran("one"), ask("pause"), rested);
    expect(effects.map(({ kind }) => kind)).toEqual(["run", "rest"]);
    const resumed = play(state, ask("pause"), rested);
    expect(resumed.effects).toEqual([
      { kind: "rest", step: "one" },
      { kind: "run", step: "two" },
    ]);
  });

  test("who turns the pages is not led on, until Enter goes on", () => {
    const { state } = play(
      auto,
      { kind: "started" },
      grown("step.start one", "step.end one"),
      ran("one"),
    );
    const turned = play(state, ask("forward"), { kind: "rested", step: "one" });
    expect(turned.effects).toEqual([]);
    const { state: ahead, effects } = play(turned.state, ask("proceed"));
    expect(effects).toEqual([{ kind: "run", step: "two" }]);
    expect(play(ahead, ran("two")).effects).toEqual([{ kind: "rest", step: "two" }]);
  });
});

describe("--from", () => {
  test("earlier steps run first, then it stands at the step", () => {
    const { state, effects } = play(
      begin({ from: "three" }),
      { kind: "started" },
      ran("one"),
      ran("two"),
    );
    expect(effects).toEqual([
      { kind: "run", step: "one" },
      { kind: "run", step: "two" },
    ]);
    expect(state.step).toBe(2);
    expect(state.running).toBeNull();
  });

  test("meanwhile it says so", () => {
    const { state } = play(begin({ from: "three" }), { kind: "started" });
    expect(state.notice).toBe("bringing the lab to step 3");
  });

  test("a replay does not wait on the way", () => {
    const { effects } = play(begin({ from: "two", replay: true }), { kind: "started" }, ran("one"));
    expect(effects).toEqual([{ kind: "run", step: "one" }, { kind: "interrupt" }]);
  });

  test("a step that is not in the lesson is an error", () => {
    expect(() => begin({ from: "nowhere" })).toThrow(/no step nowhere/);
  });
});

describe("a replay", () => {
  const replay = begin({ replay: true });

  test("plays each step once", () => {
    const { state, effects } = play(play(replay, ...runs("one")).state, ask("again"));
    expect(effects).toEqual([]);
    expect(state.notice).toMatch(/plays each step once/);
  });

  test("says when the recording holds nothing for a step", () => {
    const { state } = play(replay, ask("proceed"), ran("one"));
    expect(state.notice).toMatch(/holds no run of this step/);
  });

  test.each([{ auto: true }, { from: "three" }])(
    "%j ends where the recording breaks off",
    (led) => {
      const cut = begin({ replay: true, ...led });
      const { state, effects } = play(cut, { kind: "started" }, ran("one"));
      expect(effects.filter(({ kind }) => kind !== "interrupt")).toEqual([
        { kind: "run", step: "one" },
      ]);
      expect(state).toMatchObject({ running: null, auto: false, goal: null, step: 0 });
      expect(state.notice).toMatch(/holds no run of this step/);
    },
  );
});

describe("the screen", () => {
  test("a terminal that is too small knows no key but those that leave", () => {
    const small = begin({ columns: 50, rows: 10 });
    expect(play(small, ask("proceed")).effects).toEqual([]);
    expect(play(small, ask("quit")).effects).toEqual([{ kind: "leave", reason: "left" }]);
  });

  test("any key closes the help and does nothing else", () => {
    const { state, effects } = play(begin(), ask("help"), ask("proceed"));
    expect(state.overlay).toBe(null);
    expect(effects).toEqual([]);
  });

  test("Tab goes around the panes, and the last kernel pane is remembered", () => {
    const { state } = play(begin(), ask("focus-next"), ask("focus-next"), {
      kind: "focused",
      pane: "lesson",
    });
    expect(state.focus).toBe("lesson");
    expect(state.tab).toBe("processes");
    expect(play(begin(), ask("focus-previous")).state.focus).toBe("output");
  });

  test("a scrolled pane stays where it is until a step runs", () => {
    const scrolled = play(
      begin(),
      { kind: "scrolled", pane: "events", to: 4 },
      grown("output"),
    ).state;
    expect(scrolled.scroll.events).toBe(4);
    expect(play(scrolled, ask("proceed")).state.scroll.events).toBeUndefined();
  });
});
