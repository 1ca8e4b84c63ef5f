import { describe, expect, test } from "vitest";
import type { Message } from "../../src/workbench/message.ts";
import { ask, begin, grown, play, ran, runs } from "./play.ts";

const type = (data: string): Message => ({ kind: "typed", data });
const LEAVE = type("\u001d");
const ENDED: Message = { kind: "shell-ended", opened: true };

describe("!", () => {
  test("opens a shell, gives it the keys, and begins an attempt at the step by hand", () => {
    const { state, effects } = play(begin(), ask("shell"));
    expect(effects).toEqual([{ kind: "shell" }, { kind: "run", step: "one", way: "hand" }]);
    expect(state).toMatchObject({ focus: "shell", tab: "shell", typing: true, byHand: true });
    expect(state.plan.panes.at(-1)).toBe("shell");
    expect(play(state, type("ls\r")).effects).toEqual([{ kind: "type", data: "ls\r" }]);
  });

  test("Ctrl-] takes the keys back; the attempt goes on, and ! types on in the same shell", () => {
    const { state } = play(begin(), ask("shell"), LEAVE);
    expect(state).toMatchObject({ focus: "lesson", typing: false, running: "one", byHand: true });
    expect(play(state, type("x")).effects).toEqual([]);
    const again = play(state, ask("shell"));
    expect(again.effects).toEqual([]);
    expect(again.state.typing).toBe(true);
  });

  test("when the checks hold the step is done, and says so while the shell stays", () => {
    const done = [grown("step.start one", "step.end one"), ran("one")];
    const { state } = play(begin(), ask("shell"), ...done);
    expect(state).toMatchObject({ running: null, byHand: false, typing: true, failed: [] });
    expect(state.notice).toMatch(/^done, by your own hand: Ctrl-]/);
    expect(play(state, LEAVE, ask("proceed")).state.step).toBe(1);
  });

  test("Enter does not run the step over an attempt; x ends it", () => {
    const trying = play(begin(), ask("shell"), LEAVE).state;
    const entered = play(trying, ask("proceed"));
    expect(entered.effects).toEqual([]);
    expect(entered.state.notice).toMatch(/^x ends your own try/);
    expect(play(trying, ask("interrupt")).effects).toEqual([{ kind: "interrupt" }]);
  });

  test("a step that is done is not attempted again, one with a failed check is", () => {
    const done = play(begin(), ...runs("one")).state;
    expect(play(done, ask("shell")).effects).toEqual([{ kind: "shell" }]);
    const failed = play(begin(), ask("proceed"), grown("step.start one", "step.end one"));
    const { effects } = play(failed.state, ran("one", 1), ask("shell"));
    expect(effects).toContainEqual({ kind: "run", step: "one", way: "hand" });
  });

  test("a shell that ended is opened anew", () => {
    const { state } = play(begin(), ask("shell"), ENDED);
    expect(state).toMatchObject({ focus: "lesson", typing: false, shellAlive: false });
    expect(play(state, ask("shell")).effects).toEqual([{ kind: "shell" }]);
  });

  test("a replay has none", () => {
    const { state, effects } = play(begin({ replay: true }), ask("shell"));
    expect(effects).toEqual([]);
    expect(state.notice).toBe("a replay has no lab to type in");
  });
});
