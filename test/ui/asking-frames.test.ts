import { expect, test } from "vitest";
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
