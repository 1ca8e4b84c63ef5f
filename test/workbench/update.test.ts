import { describe, expect, test } from "vitest";
import type { Message } from "../../src/workbench/message.ts";
import { cursorOf } from "../../src/workbench/state.ts";
import { ask, begin, grown, play, ran, runs } from "./play.ts";

describe("Enter does the obvious next thing", () => {
  test("it runs the step, then goes to the next, and at the end finishes", () => {
    const first = play(begin(), ...runs("one"));
    expect(first.effects).toEqual([{ kind: "run", step: "one" }]);
    expect(first.state.step).toBe(0);
    const second = play(first.state, ask("proceed"));
    expect(second.state.step).toBe(1);
    expect(second.effects).toEqual([]);
    const last = play(second.state, ...runs("two"), ask("proceed"), ...runs("three"));
    expect(play(last.state, ask("proceed")).effects).toEqual([
      { kind: "leave", reason: "finished" },
    ]);
  });

  test("the introduction comes first, and b leads back to it", () => {
    const welcome = begin({ introduced: true });
    expect(welcome.welcome).toBe(true);
    const { state, effects } = play(welcome, ask("proceed"));
    expect(state.welcome).toBe(false);
    expect(effects).toEqual([]);
    expect(play(state, ask("back")).state.welcome).toBe(true);
  });

  test("ten quick presses are one", () => {
    const presses = Array.from({ length: 10 }, (_, index) => ask("proceed", 50_000 + index * 40));
    const fast = [
      presses[0] as Message,
      grown("step.start one", "step.end one"),
      ran("one", 0, 50_060),
    ];
    const { state, effects } = play(begin(), ...fast, ...presses.slice(2));
    expect(effects).toEqual([{ kind: "run", step: "one" }]);
    expect(state.step).toBe(0);
    expect(play(state, ask("proceed", 60_000)).state.step).toBe(1);
  });

  test("an Enter just after the run it caused has ended is not for what came of it", () => {
    const { state } = play(
      begin(),
      ask("proceed", 1000),
      grown("step.start one", "step.end one"),
      ran("one", 0, 9000),
      ask("proceed", 9100),
    );
    expect(state.step).toBe(0);
    expect(play(state, ask("proceed", 9400)).state.step).toBe(1);
  });

  test("while a step runs it does nothing", () => {
    const { effects } = play(begin(), ask("proceed"), ask("proceed"), ask("proceed"));
    expect(effects).toEqual([{ kind: "run", step: "one" }]);
  });
});

describe("looking back", () => {
  const twoRan = play(begin(), ...runs("one"), ask("proceed"), ...runs("two")).state;

  test("the cursor goes to the end of the step before; the lab is not touched", () => {
    const { state, effects } = play(twoRan, ask("back"));
    expect(state.step).toBe(0);
    expect(cursorOf(state)).toBe(3);
    expect(effects).toEqual([]);
  });

  test("what comes meanwhile does not move the cursor", () => {
    const { state } = play(twoRan, ask("back"), grown("output", "output"));
    expect(cursorOf(state)).toBe(3);
    expect(state.end).toBe(8);
  });

  test("forward leads to the present, and not past a step that has not run", () => {
    const present = play(twoRan, ask("back"), ask("forward")).state;
    expect(present.held).toBeNull();
    const next = play(present, ask("forward")).state;
    expect(next.step).toBe(2);
    const stopped = play(next, ask("forward")).state;
    expect(stopped.step).toBe(2);
    expect(stopped.notice).toBe("run this step first (Enter)");
  });

  test("running an earlier step again shows the present", () => {
    const { state, effects } = play(twoRan, ask("back"), ask("again"));
    expect(effects).toEqual([{ kind: "run", step: "one" }]);
    expect(cursorOf(state)).toBe(state.end);
  });

  test("before the first step there is nothing", () => {
    expect(play(begin(), ask("back")).state.notice).toBe("this is the beginning");
  });

  test("not while a step runs", () => {
    const { state } = play(twoRan, ask("again"), ask("back"));
    expect(state.step).toBe(1);
    expect(state.notice).toMatch(/not while a step runs/);
  });
});

describe("pause", () => {
  test("the display freezes, events are counted, and going on shows them", () => {
    const running = play(begin(), ask("proceed"), grown("step.start one", "output")).state;
    const paused = play(running, ask("pause"), grown("output", "output", "output")).state;
    expect(cursorOf(paused)).toBe(2);
    expect(paused.end - cursorOf(paused)).toBe(3);
    const resumed = play(paused, ask("pause")).state;
    expect(cursorOf(resumed)).toBe(5);
  });

  test("while looking back, going on stays at that moment", () => {
    const back = play(begin(), ...runs("one"), ask("proceed"), ask("back")).state;
    const { state } = play(back, ask("pause"), ask("pause"));
    expect(cursorOf(state)).toBe(3);
  });
});

describe("leaving", () => {
  const running = play(begin(), ask("proceed")).state;

  test("q leaves at once when nothing runs", () => {
    expect(play(begin(), ask("quit")).effects).toEqual([{ kind: "leave", reason: "left" }]);
  });

  test("q asks once when something runs", () => {
    const asked = play(running, ask("quit"));
    expect(asked.effects).toEqual([]);
    expect(asked.state.notice).toMatch(/q again/);
    expect(play(asked.state, ask("quit")).effects).toEqual([
      { kind: "interrupt" },
      { kind: "leave", reason: "left" },
    ]);
    expect(play(asked.state, ask("zoom"), ask("quit")).effects).toEqual([]);
  });

  test("Ctrl-C, a signal or a lost terminal leave at once, and only once", () => {
    const left = play(running, ask("abort"));
    expect(left.effects).toEqual([{ kind: "interrupt" }, { kind: "leave", reason: "interrupted" }]);
    const more = play(left.state, ask("quit"), ask("proceed"), {
      kind: "left",
      reason: "interrupted",
    });
    expect(more.effects).toEqual([]);
  });

  test("x interrupts what runs, and only that", () => {
    expect(play(running, ask("interrupt")).effects).toEqual([{ kind: "interrupt" }]);
    expect(play(begin(), ask("interrupt")).state.notice).toBe("nothing is running");
  });

  test("what was said about a run goes with it, so that what comes next is to be seen", () => {
    const interrupted = play(running, ask("interrupt")).state;
    expect(interrupted.notice).toMatch(/interrupted/);
    expect(play(interrupted, ran("one", 1)).state.notice).toBeNull();
  });

  test("a lab that goes away by itself is said", () => {
    expect(play(running, grown("lab.gone")).state.notice).toBe("the lab is gone: stopped");
  });
});
