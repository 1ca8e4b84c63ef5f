import { describe, expect, test } from "vitest";
import { textOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";
import { buildEvents, containerLab, containerLesson, keepEvents } from "./sample-containers.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

function built(options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: containerLesson() })
    .grow(containerLab())
    .send({ kind: "asked", action: "proceed", at: 1000 })
    .grow(buildEvents())
    .send({ kind: "ran", step: "build", failedChecks: 0, at: 2000 });
}

function kept(options: StageOptions = {}): Stage {
  return built(options)
    .send({ kind: "asked", action: "proceed", at: 5000 })
    .send({ kind: "asked", action: "proceed", at: 10_000 })
    .grow(keepEvents())
    .send({ kind: "ran", step: "keep", failedChecks: 0, at: 12_000 });
}

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame namespaces-${name}`, () => expectFrame(`namespaces-${name}`, built(size)));
  test(`frame mounts-${name}`, () => expectFrame(`mounts-${name}`, kept(size)));
  test(`frame namespaces-kept-${name}`, () =>
    expectFrame(`namespaces-kept-${name}`, kept(size).send({ kind: "digit", digit: "1" })));
  test(`frame namespaces-before-${name}`, () => {
    const stage = createStage({ ...size, lesson: containerLesson() }).grow(containerLab());
    expectFrame(`namespaces-before-${name}`, stage);
  });
}

describe("a lesson's panes", () => {
  test("a step shows the pane it asks for, until the learner chooses another", () => {
    const stage = built();
    expect(stage.state().tab).toBe("namespaces");
    stage.send({ kind: "asked", action: "proceed", at: 5000 });
    expect(stage.state().tab).toBe("mounts");
    stage.send({ kind: "digit", digit: "3" });
    expect(stage.state()).toMatchObject({ tab: "events", focus: "events" });
    stage.send({ kind: "asked", action: "proceed", at: 10_000 }).grow(keepEvents());
    expect(stage.state().tab).toBe("events");
    // The step before asks for none: what the learner chose stays.
    stage.send({ kind: "ran", step: "keep", failedChecks: 0, at: 12_000 });
    expect(stage.send({ kind: "asked", action: "back", at: 0 }).state().tab).toBe("events");
  });

  test("digits are the same in every step; one beyond the list does nothing", () => {
    const stage = kept();
    for (const [digit, pane] of [
      ["1", "namespaces"],
      ["2", "mounts"],
      ["5", "output"],
      ["0", "lesson"],
    ] as const)
      expect(stage.send({ kind: "digit", digit }).state().focus).toBe(pane);
    expect(stage.send({ kind: "digit", digit: "6" }).state().focus).toBe("lesson");
  });
});

test("tabs name what matters in the step, and the others by their digit where room is short", () => {
  const lesson = containerLesson();
  const crowded = {
    ...lesson,
    panes: ["events", "spec", "processes", "output", "namespaces", "mounts", "cgroups"] as const,
  };
  const stage = createStage({ columns: 80, rows: 24, lesson: crowded }).grow(containerLab());
  const title = (): string | undefined =>
    stage
      .frame()
      .split("\n")
      .find((row) => row.includes("["));
  expect(title()).toContain("[1 events] 2 spec  3 processes  4 output  5 namespaces  6 mounts  7 ");
  stage.send({ kind: "digit", digit: "7" });
  expect(title()).toContain(
    " 1 events  2 spec  3 processes  4 output  5 namespaces  6 [7 cgroups]",
  );
});

describe("namespaces", () => {
  test("what is the step's is marked, and is no longer in the next one", () => {
    expect(rowOf(built(), "web")).toMatch(/^web +\+2310 +\+2311 +\+2312 +\+2313 +=/);
    expect(rowOf(kept(), "web")).toMatch(/^web +2310 +2311 +2312 +2313 +=/);
  });

  test("an inode that the kernel gave again is new again", () => {
    const stage = kept();
    stage.grow([
      { kind: "step.start", t: 8e9, step: "build" },
      { kind: "process.fork", t: 8.1e9, pid: 4400, ppid: 4242, labPid: 40 },
      { kind: "process.namespaces", t: 8.2e9, pid: 4400, namespaces: { uts: 4026532400 } },
    ]);
    expect(linesOf(stage).join("\n")).toMatch(/\+2400/);
  });

  test.each([
    ["joined while somebody is in it is not new", 9.05e9, / 2400/],
    ["given again when nobody was in it is new", 9.2e9, /\+2400.*50[\s\S]* 2400.*ended: 40/],
  ])("an inode %s", (_how, t, shown) => {
    const namespaces = { uts: 4026532400 };
    const stage = kept();
    stage.grow([
      { kind: "step.start", t: 8e9, step: "build" },
      { kind: "process.fork", t: 8.1e9, pid: 4400, ppid: 4242, labPid: 40 },
      {
        kind: "process.namespaces",
        t: 8.2e9,
        pid: 4400,
        namespaces: { ...namespaces, ipc: 4026532401 },
      },
      { kind: "step.start", t: 9e9, step: "keep" },
      { kind: "process.fork", t, pid: 4500, ppid: 4242, labPid: 50 },
      { kind: "process.namespaces", t: t + 1e7, pid: 4500, namespaces },
    ]);
    const exit = { kind: "process.exit", t: 9.1e9, pid: 4400, code: 0 } as const;
    stage.grow([exit]);
    expect(linesOf(stage).join("\n")).toMatch(shown);
  });

  test("what is new stands below the lab's own row, above what was there", () => {
    const [, , first = "", ...others] = linesOf(kept());
    expect(first).toMatch(/^net\+2500 /);
    expect(others.join("\n")).not.toContain("+");
  });
});

function linesOf(stage: Stage): string[] {
  const { namespaces } = stage.panes;
  const view = stage.view();
  return namespaces.lines(view, 120, 0, namespaces.count(view, 120)).map(textOf);
}

function rowOf(stage: Stage, name: string): string | undefined {
  return linesOf(stage).find((line) => line.startsWith(name));
}
