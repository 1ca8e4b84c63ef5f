import { describe, expect, test } from "vitest";
import { ask, begin, play, ran, runs } from "./play.ts";

describe("a new lab in this one's place", () => {
  const { state: second } = play(begin(), ...runs("one"), ask("proceed"));

  test("is asked for once more, then this session is left for it", () => {
    const once = play(second, ask("afresh"));
    expect(once.effects).toEqual([]);
    expect(once.state.notice).toMatch(/^R again makes a new lab, brought to this step/);
    const twice = play(once.state, ask("afresh"));
    expect(twice.effects).toEqual([{ kind: "leave", reason: "left" }]);
    expect(twice.state.afresh).toBe("two");
  });

  test("any key in between takes the question back", () => {
    for (const between of [ask("again"), ask("zoom"), { kind: "digit", digit: "1" } as const]) {
      const { state } = play(second, ask("afresh"), between, ran("two"), ask("afresh"));
      expect(state.afresh).toBeNull();
    }
  });

  test("is of the step on screen, also when looking back", () => {
    const { state } = play(second, ...runs("two"), ask("back"), ask("afresh"), ask("afresh"));
    expect(state.afresh).toBe("one");
  });

  test("is refused in a sentence: while something runs, and where it cannot be had", () => {
    const running = play(second, ask("proceed"), ask("afresh"), ask("afresh"));
    expect(running.state).toMatchObject({ afresh: null, notice: expect.stringMatching(/^not wh/) });
    const noAfresh = "a new lab needs root again";
    const { state } = play(begin({ noAfresh }), ask("afresh"), ask("afresh"));
    expect(state).toMatchObject({ afresh: null, notice: noAfresh });
    const welcome = play(begin({ introduced: true }), ask("afresh"), ask("afresh"));
    expect(welcome.state).toMatchObject({ afresh: null, notice: "Enter begins" });
  });
});
