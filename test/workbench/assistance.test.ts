import { describe, expect, test } from "vitest";
import { panePlan } from "../../src/lesson/pane-plan.ts";
import { openAnswers } from "../../src/workbench/answers.ts";
import type { Message } from "../../src/workbench/message.ts";
import { ask, begin, grown, play, ran, runs } from "./play.ts";

const digit = (typed: string): Message => ({ kind: "digit", digit: typed });

describe("a question", () => {
  const plan = panePlan({ panes: ["output", "events"], steps: [] });
  const asking = begin({ asks: [3, 0, 0], plan });

  test("digits answer it, once, and choose panes again afterwards", () => {
    const { state, effects } = play(asking, digit("2"));
    expect(effects).toEqual([{ kind: "answer", step: "one", answer: 2 }]);
    expect(openAnswers(state)).toBe(0);
    const later = play(state, digit("1"));
    expect(later.effects).toEqual([]);
    expect(later.state.focus).toBe("output");
  });

  test("0 still shows the explanation, Tab the next pane, and too large a digit says so", () => {
    expect(play(asking, ask("focus-next"), digit("0")).state.focus).toBe("lesson");
    expect(play(asking, ask("focus-next")).state.focus).toBe("output");
    const { state, effects } = play(asking, digit("4"));
    expect(effects).toEqual([]);
    expect(state.notice).toBe("1 to 3 answer the question, Enter runs the step without");
  });

  test("Enter runs without an answer, and then it is too late for one", () => {
    const { state, effects } = play(asking, ...runs("one"), digit("2"));
    expect(effects).toEqual([{ kind: "run", step: "one" }]);
    expect(state.focus).toBe("events");
  });

  test("a step without a question leaves the digits to the panes", () => {
    const { state } = play(asking, ...runs("one"), ask("proceed"), digit("1"));
    expect(state.focus).toBe("output");
  });

  test("an answer that the timeline holds counts", () => {
    const answered = {
      kind: "grown",
      events: [{ kind: "ask.answer", t: 0, step: "one", answer: 3 }],
    } as const;
    expect(openAnswers(play(asking, answered).state)).toBe(0);
  });
});

describe("s", () => {
  const failed = play(
    begin(),
    ask("proceed"),
    grown("step.start one", "step.end one"),
    ran("one", 1),
  ).state;

  test("asks once, then runs the other way", () => {
    const { state, effects } = play(failed, ask("solve"));
    expect(effects).toEqual([]);
    expect(state.notice).toMatch(/^s again solves/);
    expect(play(state, ask("solve")).effects).toEqual([{ kind: "run", step: "one", way: "solve" }]);
  });

  test.each<[string, Message]>([
    ["another key", ask("zoom")],
    ["a digit", digit("1")],
    ["a hint", { kind: "hinted", calls: false, texts: 1 }],
  ])("%s in between means no", (_, between) => {
    expect(play(failed, ask("solve"), between, ask("solve")).effects).toEqual([]);
  });

  test("is for steps that are not done, and not for a replay", () => {
    const done = play(begin(), ...runs("one")).state;
    expect(play(done, ask("solve"), ask("solve")).effects).toEqual([]);
    const replay = play(begin({ replay: true }), ask("solve"), ask("solve"));
    expect(replay.effects).toEqual([]);
    expect(replay.state.notice).toMatch(/^a replay/);
    // Before the first run it may be asked for as well.
    expect(play(begin(), ask("solve"), ask("solve")).effects).toHaveLength(1);
  });
});

describe("h", () => {
  const hinted = (calls: boolean, texts: number): Message => ({ kind: "hinted", calls, texts });
  const shown = (...messages: Message[]) => play(begin(), ...messages).state.hints.get("one");

  test("first the failed calls, then the author's one by one, and no further", () => {
    expect(shown(hinted(true, 2))).toEqual({ calls: true, texts: 0 });
    expect(shown(hinted(true, 2), hinted(true, 2))).toEqual({ calls: true, texts: 1 });
    const all = [1, 2, 3, 4, 5].map(() => hinted(true, 2));
    expect(shown(...all)).toEqual({ calls: true, texts: 2 });
    expect(play(begin(), ...all).state.notice).toBe("that was the last hint");
  });

  test("what was shown stays when calls fail later", () => {
    expect(shown(hinted(false, 2), hinted(true, 2))).toEqual({ calls: true, texts: 1 });
  });

  test("a step without hints says so", () => {
    expect(play(begin(), hinted(false, 0)).state.notice).toBe("this step has no hints");
  });
});
