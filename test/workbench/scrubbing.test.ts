import { describe, expect, test } from "vitest";
import type { Message } from "../../src/workbench/message.ts";
import { cursorOf, looksBack, type WorkbenchState } from "../../src/workbench/state.ts";
import { ask, begin, grown, play, ran, runs } from "./play.ts";

const scrubbed = (to: number | null): Message => ({ kind: "scrubbed", to });

/** The lab is up (2 events), two steps have run (3 each), the screen shows the second one. */
function ranTwo(given: Parameters<typeof begin>[0] = {}): WorkbenchState {
  const lab = grown("session.start", "lab.ready");
  return play(begin(given), lab, ...runs("one"), ask("proceed"), ...runs("two")).state;
}

describe("a cursor in time", () => {
  test("the step on screen is the one of that moment; later events are still taken in", () => {
    const { state } = play(ranTwo(), scrubbed(7));
    expect([cursorOf(state), state.step, looksBack(state)]).toEqual([7, 1, true]);
    const earlier = play(state, scrubbed(4), grown("output", "output")).state;
    expect([cursorOf(earlier), earlier.step, earlier.end]).toEqual([4, 0, 10]);
  });

  test("it stays behind the first step's beginning, and before what is to come", () => {
    expect(cursorOf(play(ranTwo(), scrubbed(-5)).state)).toBe(3);
    expect(cursorOf(play(ranTwo(), scrubbed(99)).state)).toBe(8);
  });

  test.each<[string, Message]>([
    ["Esc", ask("close")],
    ["the last moment and on", scrubbed(null)],
    ["Enter", ask("proceed", 1e9)],
    ["n at the last step", ask("forward")],
  ])("%s is the way back to now, and does nothing else", (_, message) => {
    const before = ranTwo();
    const { state, effects } = play(before, scrubbed(7), scrubbed(6), message);
    expect([state.held, state.scrubbing, state.step]).toEqual([null, null, 1]);
    expect(effects).toEqual([]);
  });

  test("Enter goes on only from now", () => {
    const { state } = play(ranTwo(), scrubbed(4), ask("proceed"), ask("proceed"));
    expect(state.step).toBe(2);
  });

  test("from a step looked back at one comes back to the last one", () => {
    const { state } = play(ranTwo(), ask("back"), scrubbed(4), ask("close"));
    expect([state.held, state.step]).toEqual([null, 1]);
    expect(play(ranTwo(), ask("back"), ask("close")).state.step).toBe(1);
  });

  test("what runs goes on meanwhile, and its end moves nothing", () => {
    const start = play(ranTwo(), ask("proceed"), ask("proceed"), grown("step.start three")).state;
    const { state } = play(start, scrubbed(4), grown("step.end three"), ran("three"));
    expect([cursorOf(state), state.step, state.running]).toEqual([4, 0, null]);
    expect(play(state, scrubbed(null)).state.step).toBe(2);
  });

  test("nobody is led on while looking at a moment, but then", () => {
    const auto = play(begin({ auto: true }), { kind: "started" }, grown("step.start one")).state;
    const rest = play(auto, grown("step.end one"), ran("one"), scrubbed(1), {
      kind: "rested",
      step: "one",
    });
    expect(rest.state.step).toBe(0);
    expect(rest.effects).toEqual([{ kind: "rest", step: "one" }]);
    const on = play(rest.state, ask("close"));
    expect(on.effects).toEqual([{ kind: "rest", step: "one" }]);
  });

  test("before anything has run there is nowhere to go", () => {
    const { state } = play(begin(), grown("lab.ready"), scrubbed(0));
    expect([state.held, state.notice]).toEqual([null, "nothing has happened yet"]);
  });

  test("a shell opened there is for the step of now", () => {
    const { state } = play(ranTwo(), scrubbed(4), ask("shell"));
    expect([state.step, state.typing, state.held, state.scrubbing]).toEqual([1, true, null, null]);
  });

  test("p does not stop what stands still", () => {
    const { state } = play(ranTwo(), scrubbed(4), ask("pause"));
    expect([state.paused, cursorOf(state)]).toEqual([false, 4]);
  });

  test("from a paused screen one goes through time as well", () => {
    const { state } = play(ranTwo(), ask("pause"), scrubbed(5));
    expect([state.paused, cursorOf(state)]).toEqual([false, 5]);
  });
});
