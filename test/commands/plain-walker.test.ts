import { describe, expect, test } from "vitest";
import { plainWalker } from "../../src/commands/plain-walker.ts";
import type { Session } from "../../src/commands/session.ts";
import type { SelectedStep } from "../../src/lesson/select.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { askingLesson, nameEvents } from "../ui/sample-asking.ts";
import { labEvents } from "../ui/sample-session.ts";

/** Types these lines, one at each question; then the input ends. */
function take(...typed: readonly string[]) {
  const printed: string[] = [];
  const questions: string[] = [];
  const timeline = createTimeline(labEvents());
  const lesson = askingLesson();
  const driver = {
    answer: (step: string, answer: number) =>
      timeline.append([{ kind: "ask.answer", t: 0, step, answer }]),
  };
  const walker = plainWalker({ lesson, driver, timeline } as unknown as Session, {
    render: (markdown) => markdown,
    print: (lines) => void printed.push(...lines),
    notes: false,
    prompt: {
      async ask(question) {
        questions.push(question);
        return typed[questions.length - 1] ?? null;
      },
      close() {},
    },
  });
  return { walker, timeline, questions, step: lesson.steps[0] as SelectedStep, printed };
}

describe("before a step", () => {
  test("a number answers and runs it; what it comes to is said afterwards", async () => {
    const { walker, step, timeline, printed } = take("3");
    walker.begin(step);
    expect(printed.join("\n")).toContain("? What does the second command print?\n    1  web\n");
    expect(await walker.ready(step)).toBe(true);
    timeline.append(nameEvents("passed"));
    walker.ended(step, []);
    expect(printed.join("\n")).toContain(
      "· it is 2: the name the lab had before (expected: 3)\n      The name was set",
    );
  });

  test("Enter runs it without an answer", async () => {
    const { walker, step, timeline, printed } = take("");
    expect(await walker.ready(step)).toBe(true);
    expect(timeline.events.some(({ kind }) => kind === "ask.answer")).toBe(false);
    walker.ended(step, []);
    expect(printed.join("\n")).toContain("· it is 2: the name the lab had before\n");
  });

  test("a number there is no answer for, or any other word, is asked again; hints are given", async () => {
    const { walker, step, questions, printed } = take("4", "what", "h", "h", "h", "1");
    expect(await walker.ready(step)).toBe(true);
    expect(questions).toHaveLength(6);
    expect(questions[0]).toContain("h gives a hint");
    expect(questions[5]).not.toContain("h gives a hint");
    expect(printed.join("\n")).toMatch(/hint 1 of 2:[\s\S]*hint 2 of 2:[\s\S]*no more hints/);
  });

  test("q, and the end of the input, leave", async () => {
    const { walker, step } = take("q");
    expect(await walker.ready(step)).toBe(false);
    expect(await walker.ready(step)).toBe(false);
  });
});

test("after a failure the first hint is what was seen to fail", async () => {
  const { walker, step, timeline, printed, questions } = take("h", "h", "s");
  timeline.append(nameEvents("failed"));
  expect(await walker.again(step)).toBe("solve");
  expect(questions[0]).toBe("Enter tries again, h gives a hint, s solves it, q leaves: ");
  expect(printed.join("\n")).toMatch(
    /✗ \[8\] unshare\(CLONE_NEWUTS\) failed with EPERM: [\s\S]*hint 1 of 2:/,
  );
});

test.each([
  ["", "run"],
  ["s", "solve"],
  ["q", null],
])("after a failed check %j comes to %j", async (typed, wanted) => {
  const { walker, step } = take(typed);
  expect(await walker.again(step)).toBe(wanted);
});
