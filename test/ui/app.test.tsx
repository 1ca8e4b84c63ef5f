import { Console } from "node:console";
import { EventEmitter } from "node:events";
import { render } from "ink-testing-library";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Driver } from "../../src/drivers/driver.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { App } from "../../src/ui/app.tsx";
import { followTimeline } from "../../src/ui/follow-timeline.ts";
import { KEYS } from "../../src/ui/keys.ts";
import { createPanes } from "../../src/ui/panes.ts";
import { runWorkbench } from "../../src/ui/run-workbench.ts";
import { createView } from "../../src/ui/view.ts";
import type { Effect } from "../../src/workbench/message.ts";
import { outlineOf } from "../../src/workbench/outline.ts";
import { initialState } from "../../src/workbench/state.ts";
import { createStore } from "../../src/workbench/store.ts";
import { LIVE } from "./render-frame.tsx";
import { dockerEvents, dockerLesson } from "./sample-docker.ts";
import { sampleLesson } from "./sample-lesson.ts";
import { labEvents, makeEvents } from "./sample-session.ts";

describe("keys", () => {
  let effects: Effect[] = [];
  let app: ReturnType<typeof mount>;

  beforeEach(() => {
    effects = [];
    app = mount(effects);
  });
  afterEach(() => app.unmount());

  test("Enter runs the step", async () => {
    await app.press("\r");
    expect(effects).toEqual([{ kind: "run", step: "make" }]);
  });

  test("keys that come in one piece are still keys", async () => {
    await app.press("23");
    expect(app.store.getState().tab).toBe("cgroups");
  });

  test("arrows, Tab and digits", async () => {
    await app.press("\t");
    expect(app.store.getState().focus).toBe("events");
    await app.press("\u001b[Z");
    expect(app.store.getState().focus).toBe("lesson");
    await app.press("\u001b[B");
    expect(app.store.getState().scroll.lesson).toBe(1);
    await app.press("g");
    expect(app.store.getState().scroll.lesson).toBe(0);
  });

  test("a pane scrolled to its end follows again", async () => {
    app.store.dispatch({ kind: "grown", events: [] });
    await app.press("1");
    await app.press("\u001b[5~");
    await app.press("G");
    expect(app.store.getState().scroll.events).toBeUndefined();
  });

  test("unknown keys do nothing", async () => {
    const before = app.store.getState();
    await app.press("k");
    await app.press("\u001b[15~");
    await app.press("\u0001");
    expect(app.store.getState()).toEqual(before);
  });

  test("Ctrl-C leaves as interrupted", async () => {
    await app.press("\u0003");
    expect(effects).toEqual([{ kind: "leave", reason: "interrupted" }]);
  });

  test("no two entries of the table answer to one character", () => {
    for (const { label } of KEYS.filter(({ label }) => label.length === 1)) {
      const answering = KEYS.filter(({ matches }) => matches(label, {}));
      expect(answering.length, label).toBeLessThanOrEqual(1);
    }
  });
});

function mount(effects: Effect[], lesson = sampleLesson(), events = labEvents()) {
  const timeline = createTimeline(events);
  const viewOf = createView({ timeline, lesson, mode: LIVE });
  const initial = initialState({
    ...outlineOf(lesson),
    introduced: false,
    replay: false,
    auto: false,
    from: null,
    notes: false,
    noAfresh: null,
    sizes: {},
    columns: 80,
    rows: 24,
  });
  const store = createStore(initial, (effect) => effects.push(effect));
  const now = (): number => performance.now();
  const screen = { lend: () => {}, takeBack: () => {} };
  const { stdin, unmount } = render(
    <App store={store} viewOf={viewOf} panes={createPanes()} screen={screen} now={now} />,
  );
  const press = async (keys: string): Promise<void> => {
    await settled();
    stdin.write(keys);
    await settled();
  };
  return { store, unmount, press };
}

test("in a list the arrows choose, Enter opens and runs nothing, Esc twice lets go", async () => {
  const effects: Effect[] = [];
  const events = dockerEvents();
  const app = mount(effects, dockerLesson(), events);
  app.store.dispatch({ kind: "grown", events });
  await app.press("1");
  await app.press("\u001b[A");
  await app.press("\u001b[A");
  const { picked } = app.store.getState();
  expect(picked).toMatchObject({ pane: "flow", opened: "no" });
  await app.press("\r");
  expect(app.store.getState().picked).toMatchObject({ key: picked?.key, opened: "folded" });
  await app.press("\u001b[B");
  expect(app.store.getState().picked?.key).toBe(picked?.key);
  await app.press("\u001b");
  await app.press("\u001b");
  expect(app.store.getState().picked).toBeNull();
  expect(app.store.getState().step).toBe(0);
  await app.press("\r");
  expect(app.store.getState().step).toBe(1);
  expect(effects).toEqual([]);
  app.unmount();
});

/** Enter presses closer together than 150 ms are one. */
const PAST_THE_DEBOUNCE = 200;

/** Ink reads what was written a little later. */
function settled(milliseconds = 40): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test("a flood is handed over in pieces, and nothing of it is lost", async () => {
  const timeline = createTimeline();
  const pieces: number[] = [];
  const following = followTimeline(timeline, {
    grown: (events) => pieces.push(events.length),
    ended: () => {},
  });
  for (let index = 0; index < 100; index++) {
    timeline.append(makeEvents());
    if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  following.catchUp();
  following.stop();
  expect(pieces.reduce((sum, count) => sum + count, 0)).toBe(timeline.events.length);
  expect(pieces.length).toBeLessThan(10);
});

describe("runWorkbench", () => {
  // Ink takes the console over, and vitest's own has no constructor.
  console.Console ??= Console;

  test("leaves when the learner does, after the driver has", async () => {
    const { result, type, left } = start({});
    await type("q");
    expect((await result).reason).toBe("left");
    expect(left).toEqual(["left"]);
  });

  test("a driver that breaks is shown whole, and left all the same", async () => {
    const run = () => Promise.reject(new Error("the helper has gone"));
    const { result, type, left } = start({ run });
    await type("\r");
    await type("\r");
    await expect(result).rejects.toThrow("the helper has gone");
    expect(left).toEqual(["failed"]);
  });

  test("a session that ends by itself ends the screen, for the reason it gives", async () => {
    const { result, timeline, left } = start({ run: () => new Promise(() => {}) });
    await settled();
    timeline.append([{ kind: "session.end", t: 9e9, reason: "failed" }]);
    timeline.end();
    expect((await result).reason).toBe("failed");
    expect(left).toEqual(["failed"]);
  });

  test("a driver that breaks counts, though leaving it ends the session at once", async () => {
    const run = () => Promise.reject(new Error("the helper has gone"));
    const { result, type, timeline } = start({ run, leave: async () => timeline.end() });
    await type("\r");
    await type("\r");
    await expect(result).rejects.toThrow("the helper has gone");
  });

  test("auto goes through to the first failed check", async () => {
    const { result } = start({}, true);
    expect((await result).reason).toBe("failed");
  });

  test("listens to no signal when it is over", async () => {
    const names = ["SIGTERM", "SIGHUP", "SIGINT", "uncaughtException"];
    const counts = (): number[] => names.map((name) => process.listenerCount(name));
    const before = counts();
    const { result, type } = start({});
    await type("q");
    await result;
    expect(counts()).toEqual(before);
  });
});

function start(given: Partial<Driver>, auto = false) {
  const timeline = createTimeline(labEvents());
  const left: string[] = [];
  const driver: Driver = {
    mode: LIVE,
    async run(step) {
      if (step === "make") timeline.append(makeEvents());
      else
        timeline.append([
          { kind: "step.start", t: 9e9, step },
          { kind: "step.end", t: 9e9, step },
        ]);
    },
    answer() {},
    shell: async () => null,
    interrupt() {},
    async leave(reason) {
      left.push(reason);
    },
    ...given,
  };
  const stdin = terminalInput();
  const result = runWorkbench({
    timeline,
    lesson: sampleLesson(),
    driver,
    auto,
    from: null,
    notes: false,
    noAfresh: null,
    sizes: {},
    mouse: false,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: terminalOutput() as unknown as NodeJS.WriteStream,
  });
  result.catch(() => {});
  const type = async (keys: string): Promise<void> => {
    await settled(PAST_THE_DEBOUNCE);
    stdin.write(keys);
  };
  return { result, type, timeline, left };
}

function terminalInput() {
  let data: string | null = null;
  const stdin = Object.assign(new EventEmitter(), {
    isTTY: true,
    setEncoding() {},
    setRawMode() {},
    resume() {},
    pause() {},
    ref() {},
    unref() {},
    unshift() {},
    read() {
      const read = data;
      data = null;
      return read;
    },
    write(keys: string) {
      data = keys;
      stdin.emit("readable");
      stdin.emit("data", keys);
    },
  });
  return stdin;
}

function terminalOutput() {
  return Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 80,
    rows: 24,
    writable: true,
    write(_: string, done?: () => void) {
      if (typeof done === "function") done();
      return true;
    },
  });
}
