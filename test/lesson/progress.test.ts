import { describe, expect, test } from "vitest";
import type { Check } from "../../src/lesson/lesson.ts";
import {
  forgotten,
  NO_PROGRESS,
  type PassedStep,
  type Progress,
  passedBy,
  stepEnded,
  timesTaken,
} from "../../src/lesson/progress.ts";
import type { SelectedStep } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";

const check: Check = {
  ...{ id: "a/1", that: "It ended well.", otherwise: "Why not?" },
  claim: {
    ...{ kind: "event", event: "run.exit", where: { code: { kind: "equals", value: 0 } } },
    count: { kind: "at-least", value: 1 },
  },
};
const step = { id: "a", checks: [check] } as unknown as SelectedStep;
const attempt = (code: number, how: object = {}, ended = true): Event[] => [
  { kind: "step.start", t: 1, step: "a", ...how },
  { kind: "run.exit", t: 2, run: 1, code },
  ...(ended ? [{ kind: "step.end", t: 3, step: "a" } as const] : []),
];

describe("a step is passed", () => {
  test("when its last attempt has ended and all its checks hold", () => {
    expect(passedBy(step, [])).toBeNull();
    expect(passedBy(step, attempt(0, {}, false))).toBeNull();
    expect(passedBy(step, attempt(1))).toBeNull();
    expect(passedBy(step, attempt(0))).toBe("run");
    expect(passedBy(step, [...attempt(0), ...attempt(1)])).toBeNull();
    expect(passedBy({ ...step, checks: [] }, attempt(0))).toBeNull();
  });

  test("by its commands, solved, or by hand", () => {
    expect(passedBy(step, attempt(0, { solved: true }))).toBe("solve");
    expect(passedBy(step, attempt(0, { byHand: true }))).toBe("hand");
  });
});

describe("progress", () => {
  const passed = (mode: PassedStep["mode"], by: PassedStep["by"], at = "2026-01-02T00:00:00Z") =>
    ({ at, mode, by }) as const;
  const take = (...all: readonly (PassedStep | null)[]) =>
    all.reduce(
      (progress, one) => stepEnded(progress, "demo", "a", one?.at ?? "later", one),
      NO_PROGRESS,
    );

  test("what was passed stays passed", () => {
    expect(take(passed("live", "run"), null).lessons.demo).toEqual({
      ...{ last: "a", at: "later", taken: 1 },
      passed: { a: passed("live", "run") },
    });
  });

  test("only better takes its place: live, and by oneself", () => {
    const of = (...all: readonly PassedStep[]) => take(...all).lessons.demo?.passed.a;
    expect(of(passed("replay", "run"), passed("live", "solve"))).toMatchObject({ mode: "live" });
    expect(of(passed("live", "solve"), passed("live", "hand"))).toMatchObject({ by: "hand" });
    expect(of(passed("live", "run"), passed("replay", "run"))).toMatchObject({ mode: "live" });
    expect(of(passed("live", "run", "first"), passed("live", "run", "second"))).toMatchObject({
      at: "first",
    });
  });

  test("counts the sessions, not the steps; a file from before is one", () => {
    const step = (before: Progress, first: boolean) =>
      stepEnded(before, "demo", "a", "x", null, first);
    const once = step(step(NO_PROGRESS, true), false);
    expect(once.lessons.demo?.taken).toBe(1);
    expect(step(step(once, true), false).lessons.demo?.taken).toBe(2);
    const old: Progress = { format: 1, lessons: { demo: { last: "a", at: "x", passed: {} } } };
    expect([timesTaken(old.lessons.demo ?? null), timesTaken(null)]).toEqual([1, 0]);
    expect(step(old, true).lessons.demo?.taken).toBe(2);
  });

  test("is forgotten by step, by lesson, and whole", () => {
    const two = stepEnded(take(passed("live", "run")), "other", "b", "x", passed("live", "run"));
    expect(forgotten(two, "demo", "a").lessons.demo?.passed).toEqual({});
    expect(Object.keys(forgotten(two, "demo", null).lessons)).toEqual(["other"]);
    expect(forgotten(two, "none", "a")).toEqual(two);
    expect(forgotten(two, null, null)).toEqual(NO_PROGRESS);
  });
});
