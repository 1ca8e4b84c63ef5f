import { describe, expect, test } from "vitest";
import type { Ask } from "../../src/lesson/lesson.ts";
import type { SelectedLesson, SelectedStep } from "../../src/lesson/select.ts";
import { questionTarget } from "../../src/ui/question.ts";
import type { Message } from "../../src/workbench/message.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, REPLAY, type Stage, type StageOptions } from "./render-frame.tsx";
import { askingLesson, nameEvents } from "./sample-asking.ts";
import { labEvents } from "./sample-session.ts";

const HINT = { kind: "hinted", calls: false, texts: 2 } as const;

function asked(options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: askingLesson() }).grow(labEvents());
}

/** As the driver does it: what the learner typed comes back as an event. */
function answered(stage: Stage, answer: number): Stage {
  return stage
    .send({ kind: "digit", digit: `${answer}` })
    .grow([{ kind: "ask.answer", t: 2e9, step: "name", answer }]);
}

function ran(stage: Stage, outcome: "passed" | "failed" | "solved"): Stage {
  const failedChecks = outcome === "failed" ? 1 : 0;
  return stage
    .send({ kind: "asked", action: "proceed", at: 1000 })
    .grow(nameEvents(outcome))
    .send({ kind: "ran", step: "name", failedChecks, at: 2000 });
}

const moments: Readonly<Record<string, (options: StageOptions) => Stage>> = {
  "ask-open": asked,
  "ask-answered": (options) => answered(asked(options), 1),
  "ask-as-expected": (options) => ran(answered(asked(options), 2), "passed"),
  "ask-otherwise": (options) => ran(answered(asked(options), 3), "passed"),
  "ask-not-answered": (options) => ran(asked({ ...options, mode: REPLAY }), "passed"),
  "hint-offered": (options) => ran(asked(options), "failed"),
  "hint-calls": (options) => ran(asked(options), "failed").send({ ...HINT, calls: true }),
  "hint-second": (options) => ran(asked(options), "failed").send(HINT, HINT),
  "solve-asked": (options) =>
    ran(asked(options), "failed").send({ kind: "asked", action: "solve", at: 3000 }),
  solved: (options) => ran(asked(options), "solved"),
  notes: (options) => asked({ ...options, notes: true }).send(scrolledTo(99)),
  outcomes: (options) =>
    ran(asked(options), "failed").send({ kind: "asked", action: "outcomes", at: 3000 }),
};

function scrolledTo(to: number): Message {
  return { kind: "scrolled", pane: "lesson", to };
}

for (const [moment, build] of Object.entries(moments)) {
  for (const [columns, rows] of [
    [80, 24],
    [200, 60],
  ] as const) {
    const name = `${moment}-${columns}x${rows}`;
    test(`frame ${name}`, () => expectFrame(name, build({ columns, rows })));
  }
}

test("what was answered is gone before it was", () => {
  const stage = ran(answered(asked(), 2), "passed");
  expect(stage.view().answer).toBe(2);
  const again = createStage({ lesson: askingLesson(), timeline: stage.timeline });
  again.send({ kind: "grown", events: stage.timeline.events.slice(0, labEvents().length) });
  expect(again.view().answer).toBeNull();
});

/** The sample's question behind a text longer than the pane. */
function farDown(lines: number, words = ""): SelectedLesson {
  const lesson = askingLesson();
  const [first, ...others] = lesson.steps;
  const ask = { ...(first?.ask as Ask), question: `What is printed${words}?` };
  const prose = { kind: "prose", variant: null, line: 1, markdown: "So it is.\n\n".repeat(lines) };
  const before = [prose as SelectedStep["before"][number], ...(first as SelectedStep).before];
  return { ...lesson, steps: [{ ...(first as SelectedStep), before, ask }, ...others] };
}

describe("a question below the fold", () => {
  const target = (stage: Stage) => questionTarget(stage.view(), stage.panes.lesson);
  const enter = (stage: Stage, at: number) =>
    stage.send({ kind: "asked", action: "proceed", at, question: target(stage) });
  const below = (size: StageOptions = {}) =>
    createStage({ ...size, lesson: farDown(9) }).grow(labEvents());

  test("Enter shows it, and then runs the step", () => {
    const stage = below();
    expectFrame("ask-below-80x24", stage);
    expectFrame("ask-read-80x24", enter(stage, 1000));
    expect(stage.effects).toEqual([]);
    expect(target(enter(stage, 1100))).toBeNull();
    expect(stage.effects).toEqual([]);
    enter(stage, 2000);
    expect(stage.effects).toEqual([{ kind: "run", step: "name" }]);
  });

  test("from a pane on the whole screen too; a digit is no answer before it can be read", () => {
    const stage = below();
    stage.send({ kind: "digit", digit: "2", question: target(stage) });
    expect(stage.state().answers).toEqual([]);
    stage.send({ kind: "asked", action: "zoom", at: 1000 });
    enter(stage, 2000);
    expect(stage.state()).toMatchObject({ focus: "lesson", zoomed: false });
    expect(target(stage)).toBeNull();
    stage.send({ kind: "digit", digit: "2", question: target(stage) });
    expect(stage.state().answers).toHaveLength(1);
  });

  test("one longer than the pane goes by in pages, to its last answer", () => {
    const lesson = farDown(9, ", and why".repeat(40));
    const stage = createStage({ columns: 60, rows: 16, lesson }).grow(labEvents());
    const seen = new Set<string>();
    for (let press = 1; target(stage) !== null; press++) {
      enter(stage, press * 1000);
      for (const line of stage.frame().split("\n")) seen.add(line.trim());
      expect(press).toBeLessThan(5);
    }
    expect(seen).toContain("? What is printed, and why, and why, and why, and why, and");
    for (const [index, answer] of (stage.view().step.ask?.answers ?? []).entries())
      expect([...seen]).toContain(`${index + 1}  ${answer}`);
  });
});
