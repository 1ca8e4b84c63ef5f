import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import type { Action, Effect, Message } from "../../src/workbench/message.ts";
import {
  cursorOf,
  initialState,
  type WorkbenchStart,
  type WorkbenchState,
} from "../../src/workbench/state.ts";
import { update } from "../../src/workbench/update.ts";

const START: WorkbenchStart = {
  steps: ["one", "two", "three"],
  replay: false,
  auto: false,
  from: null,
  introduced: false,
  columns: 80,
  rows: 24,
};

/** Plays messages and collects what they ask for. */
function play(start: WorkbenchState, ...messages: readonly Message[]) {
  const effects: Effect[] = [];
  let state = start;
  for (const message of messages) {
    const next = update(state, message);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

function begin(given: Partial<WorkbenchStart> = {}): WorkbenchState {
  return initialState({ ...START, ...given });
}

/** Keys are a second apart unless the test says otherwise. */
let clock = 0;
function ask(action: Action, at?: number): Message {
  clock += 1000;
  return { kind: "asked", action, at: at ?? clock };
}

function grown(...kinds: readonly string[]): Message {
  const events = kinds.map((kind) => {
    const [name, step] = kind.split(" ");
    return { kind: name, step, t: 0, reason: "stopped" } as unknown as Event;
  });
  return { kind: "grown", events };
}

function ran(step: string, failedChecks = 0, at?: number): Message {
  clock += 1000;
  return { kind: "ran", step, failedChecks, at: at ?? clock };
}

function runs(step: string): Message[] {
  return [ask("proceed"), grown(`step.start ${step}`, "output", `step.end ${step}`), ran(step)];
}

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

  test("a lab that goes away by itself is said", () => {
    expect(play(running, grown("lab.gone")).state.notice).toBe("the lab is gone: stopped");
  });
});

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

  test("who turns the pages is no longer led", () => {
    const { state } = play(
      auto,
      { kind: "started" },
      grown("step.start one", "step.end one"),
      ran("one"),
    );
    const turned = play(state, ask("forward"), { kind: "rested", step: "one" });
    expect(turned.state.auto).toBe(false);
    expect(turned.effects).toEqual([]);
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
});

describe("the screen", () => {
  test("a terminal that is too small knows no key but those that leave", () => {
    const small = begin({ columns: 50, rows: 10 });
    expect(play(small, ask("proceed")).effects).toEqual([]);
    expect(play(small, ask("quit")).effects).toEqual([{ kind: "leave", reason: "left" }]);
  });

  test("any key closes the help and does nothing else", () => {
    const { state, effects } = play(begin(), ask("help"), ask("proceed"));
    expect(state.help).toBe(false);
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
