import { describe, expect, test } from "vitest";
import { createReplayDriver } from "../../src/drivers/replay.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";

const start = (step: string, t: number): Event => ({ kind: "step.start", t, step });
const end = (step: string, t: number): Event => ({ kind: "step.end", t, step });
const says = (t: number): Event => ({ kind: "diagnostic", t, source: "x", message: String(t) });
const session: Event = {
  kind: "session.start",
  t: 0,
  format: 1,
  tool: "0",
  lesson: "x",
  startedAt: "2026-01-02T03:04:05Z",
  host: { os: "", kernel: "6.1", arch: "", cgroup: "v1", strace: null },
};
const recorded: Event[] = [
  session,
  says(1),
  start("a", 10),
  says(11),
  end("a", 12),
  start("b", 20),
  end("b", 21),
  { kind: "session.end", t: 30, reason: "finished" },
];
const replay = (options = {}) => {
  const timeline = createTimeline();
  const driver = createReplayDriver({ timeline, recorded, why: null, paced: false, ...options });
  return { timeline, driver, kinds: () => timeline.events.map(({ kind }) => kind) };
};

describe("a replay", () => {
  test("begins with what no step asked for and says where it was recorded", () => {
    const { driver, kinds } = replay({ why: "no root" });
    expect(kinds()).toEqual(["session.start", "diagnostic"]);
    expect(driver.mode).toEqual({
      kind: "replay",
      recordedAt: "2026-01-02T03:04:05Z",
      kernel: "6.1",
      why: "no root",
    });
  });

  test("plays a step to its end, and earlier ones on the way", async () => {
    const { driver, timeline, kinds } = replay();
    await driver.run("b");
    expect(timeline.events).toEqual(recorded.slice(0, 7));
    await driver.run("a");
    expect(kinds()).toHaveLength(7);
    await driver.leave("finished");
    await driver.leave("failed");
    expect(timeline.events.at(-1)).toMatchObject({ kind: "session.end", reason: "finished" });
    expect(timeline.ended).toBe(true);
  });

  test("a recorded answer comes with its step, unless the step's question is answered anew", async () => {
    const answer = (t: number, step: string, number: number): Event => ({
      ...{ kind: "ask.answer", t, step, answer: number },
    });
    const asked = recorded.toSpliced(2, 0, answer(9, "a", 1)).toSpliced(6, 0, answer(15, "b", 1));
    const { driver, timeline, kinds } = replay({ recorded: asked });
    expect(kinds()).toEqual(["session.start", "diagnostic"]);
    await driver.run("a");
    expect(timeline.events).toContainEqual(answer(9, "a", 1));
    driver.answer("b", 2);
    await driver.run("b");
    const answers = timeline.events.filter((event) => event.kind === "ask.answer");
    expect(answers).toMatchObject([
      { step: "a", answer: 1 },
      { step: "b", answer: 2 },
    ]);
  });

  test("one that breaks off plays to the break, and says so", async () => {
    const { driver, timeline } = replay({ recorded: recorded.slice(0, 4) });
    await driver.run("a");
    expect(timeline.events.slice(0, 4)).toEqual(recorded.slice(0, 4));
    expect(timeline.events.at(-1)).toMatchObject({ kind: "diagnostic", source: "replay" });
    await driver.run("b");
    expect(timeline.events.at(-1)).toMatchObject({ message: expect.stringContaining('step "b"') });
  });

  test("keeps the pauses when paced, and drops them when interrupted", async () => {
    const slow: Event[] = [session, start("a", 0), says(50e6), says(60e9), end("a", 120e9)];
    const { driver, timeline } = replay({ recorded: slow, paced: true });
    const begun = performance.now();
    const running = driver.run("a");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(timeline.events.length).toBeLessThan(5);
    driver.interrupt();
    await running;
    expect(timeline.events).toHaveLength(5);
    // 50 ms of the first pause, and one of the two long ones at most.
    expect(performance.now() - begun).toBeLessThan(1500);
  });

  test("needs a beginning", () => {
    expect(() => replay({ recorded: recorded.slice(1) })).toThrow("session.start");
  });
});
