import { describe, expect, test } from "vitest";
import { homeKeys, homeRequest } from "../../src/ui/home-keys.ts";
import { homeLines } from "../../src/ui/home-lines.ts";
import { homePointedAt } from "../../src/ui/home-pointing.ts";
import { paintPlain } from "../../src/ui/theme.ts";
import {
  chosen,
  type HomeLesson,
  type HomeMessage,
  initialHome,
  updateHome,
} from "../../src/workbench/home.ts";
import { expectFrame } from "./expect-frame.ts";

const STEPS = [
  { id: "where", title: "Where the tree is", text: "A `cgroup` is a directory." },
  {
    id: "oom",
    title: "Meet the OOM killer",
    text: "Nobody asks.\nThe *kernel* kills in memory.max.",
  },
  { id: "freeze", title: "Freeze and thaw", text: "A frozen task does nothing." },
];

const NOT_BEGUN: HomeLesson = {
  ...{ id: "cgroups", title: "Control groups", minutes: 40, intro: "Begin here.", steps: STEPS },
  summary: "Account for, limit and freeze processes with nothing but mkdir and echo.",
  ...{ passed: 0, solved: 0, resume: null, at: null, taken: 0, missing: null },
};
const BEGUN: HomeLesson = {
  ...{ ...NOT_BEGUN, id: "namespaces", title: "Namespaces \u001b[31m", minutes: 30 },
  ...{ passed: 2, solved: 1, resume: STEPS[1] ?? null, at: "2026-11-20T10:00:00Z", taken: 3 },
  missing: { what: "it needs root", fix: "sudo tsinternals lesson namespaces" },
};
const DONE: HomeLesson = {
  ...{ ...NOT_BEGUN, id: "overlayfs", title: "層 and overlayfs", passed: 3 },
  ...{ at: "2026-11-02T10:00:00Z", taken: 1 },
};

function stage(size = { columns: 80, rows: 24 }, lessons = [NOT_BEGUN, BEGUN, DONE]) {
  let state = initialHome(lessons, size);
  const self = {
    state: () => state,
    frame: () =>
      homeLines(state)
        .map((line) => paintPlain(line).trimEnd())
        .join("\n"),
    send(...messages: HomeMessage[]) {
      for (const message of messages) state = updateHome(state, message);
      return self;
    },
    /** The mouse, where this stands on the screen; returns what it opens. */
    point(did: "press" | "wheel-up" | "wheel-down", text: string) {
      const row = self
        .frame()
        .split("\n")
        .findIndex((line) => line.includes(text));
      expect(row, `${text} is on the screen`).toBeGreaterThanOrEqual(0);
      const request = homePointedAt(state, { did, column: 4, row });
      if (request?.kind === "message") self.send(request.message);
      return request?.kind === "choose" ? chosen(state, request.anew) : null;
    },
    /** As typed at the keyboard. */
    press(...inputs: string[]) {
      for (const input of inputs) {
        const request = homeRequest(state, input, {});
        if (request?.kind === "message") self.send(request.message);
      }
      return self;
    },
  };
  return self;
}

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
]) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame home-${name}`, () => expectFrame(`home-${name}`, stage(size)));
  test(`frame home-search-${name}`, () =>
    expectFrame(`home-search-${name}`, stage(size).press("/", ..."kernel kills")));
}

describe("what Enter opens", () => {
  test("the lesson taken last, where it goes on; f: from its first step", () => {
    const home = stage().state();
    expect(chosen(home, false)).toEqual({ kind: "lesson", id: "namespaces", from: "oom" });
    expect(chosen(home, true)).toEqual({ kind: "lesson", id: "namespaces", from: null });
  });

  test("another lesson; the list ends at its ends", () => {
    const home = stage().send({ kind: "moved", by: -10 });
    expect(chosen(home.state(), false)).toEqual({ kind: "lesson", id: "cgroups", from: null });
    home.send({ kind: "moved", by: 10 });
    expect(chosen(home.state(), false)).toMatchObject({ id: "overlayfs" });
  });

  test("the step in which all the words stand; nothing where there is none", () => {
    const home = stage().press("/", ..."KILLS memory");
    expect(home.state().hits.map(({ step, lesson }) => [lesson.id, step?.id])).toEqual([
      ["cgroups", "oom"],
      ["namespaces", "oom"],
      ["overlayfs", "oom"],
    ]);
    expect(home.state().hits[0]?.excerpt).toBe("The kernel kills in memory.max.");
    home.send({ kind: "moved", by: 2 });
    expect(chosen(home.state(), false)).toEqual({ kind: "lesson", id: "overlayfs", from: "oom" });
    expect(chosen(home.press("x", "x").state(), false)).toBeNull();
    home.send({ kind: "erased" }, { kind: "erased" });
    expect(home.state().hits).toHaveLength(3);
    expect(home.send({ kind: "closed" }).state()).toMatchObject({ query: null, picked: 1 });
  });
});

test("a first step is opened without running it twice", () => {
  const home = stage().press("/", ..."directory");
  expect(chosen(home.state(), false)).toEqual({ kind: "lesson", id: "cgroups", from: null });
});

describe("the mouse", () => {
  test("a click chooses, a second one on it opens; the wheel and keys only choose", () => {
    const home = stage();
    // What was chosen before anybody clicked is no first click.
    expect(home.point("press", "namespaces  ")).toBeNull();
    expect(home.point("press", "overlayfs")).toBeNull();
    expect(home.state().picked).toBe(2);
    expect(home.point("press", "overlayfs")).toMatchObject({ kind: "lesson", id: "overlayfs" });
    expect(home.point("wheel-up", "overlayfs")).toBeNull();
    expect(home.state().picked).toBe(1);
    expect(home.point("press", "namespaces  ")).toBeNull();
    home.point("wheel-down", "namespaces  ");
    expect(home.frame()).toContain("▸ overlayfs");
  });

  test("nothing else does anything", () => {
    const home = stage();
    const at = (row: number) => homePointedAt(home.state(), { did: "press", column: 4, row });
    for (const row of [-1, 0, 1, 5, 6, 7, 22, 23, 24, 999])
      expect(at(row), `row ${row}`).toBeNull();
    expect(homePointedAt(home.state(), { did: "other", column: 4, row: 3 })).toBeNull();
    expect(
      homePointedAt(stage({ columns: 20, rows: 5 }).state(), { did: "press", column: 1, row: 2 }),
    ).toBeNull();
  });

  test("what was clicked stays under the pointer, also in a long list", () => {
    const lessons = Array.from({ length: 40 }, (_, n) => ({ ...NOT_BEGUN, id: `lesson-${n}.` }));
    const home = stage({ columns: 80, rows: 24 }, lessons);
    home.send({ kind: "moved", by: 20 });
    for (const id of ["lesson-21.", "lesson-11.", "lesson-15."]) {
      const before = home.frame().replace(/[▸]/g, " ").split("\n").slice(0, 13);
      expect(home.point("press", id)).toBeNull();
      expect(home.frame().replace(/[▸]/g, " ").split("\n").slice(0, 13)).toEqual(before);
      expect(home.point("press", id)).toMatchObject({ id });
    }
    home.press("/", ..."kernel");
    for (const id of ["lesson-7.", "lesson-0.", "lesson-9."]) {
      expect(home.point("press", id)).toBeNull();
      expect(home.point("press", id)).toMatchObject({ id });
    }
  });
});

test("keys that are letters are typed while searching, and Ctrl-C ends it in any case", () => {
  expect(homeRequest({ query: null }, "q", {})).toEqual({ kind: "quit" });
  expect(homeRequest({ query: "" }, "q", {})).toEqual({
    kind: "message",
    message: { kind: "typed", text: "q" },
  });
  expect(homeRequest({ query: "" }, "\u001b[200~", {})).toBeNull();
  for (const query of [null, ""])
    expect(homeRequest({ query }, "c", { ctrl: true })).toEqual({ kind: "interrupted" });
  expect(homeRequest({ query: null }, "q", { ctrl: true })).toBeNull();
  expect(homeKeys(true).some(({ label }) => label === "Esc")).toBe(true);
});

test("what is found shows the names of files as they are", () => {
  const text = "A limit is `memory.soft_limit_in_bytes`, a _wish_ that is __not__ kept.";
  const lesson = { ...NOT_BEGUN, steps: [{ id: "soft", title: "A wish", text }] };
  const home = stage({ columns: 100, rows: 24 }, [lesson]).press("/", ..."soft_limit");
  expect(home.frame()).toContain("A limit is memory.soft_limit_in_bytes, a wish that is not kept.");
});

test("how to leave is said in any width", () => {
  expect(stage({ columns: 60, rows: 16 }).frame()).toMatch(/q quit$/);
  expect(stage({ columns: 60, rows: 16 }).frame()).toMatch(/^ tsinternals {2,}5 of 9 steps passed/);
  for (const columns of [20, 30, 59]) {
    const words = stage({ columns, rows: 5 }).frame().replace(/\s+/g, " ");
    expect(words).toContain(`has ${columns}×5; 60×16 or more is needed. q quits.`);
  }
});

test("any size has its rows, in its columns", () => {
  for (const columns of [1, 20, 60, 81, 300])
    for (const rows of [1, 5, 16, 17, 40]) {
      const lessons = Array.from({ length: 40 }, (_, n) => ({ ...BEGUN, id: `lesson-${n}` }));
      const home = stage({ columns, rows }, lessons).send({ kind: "moved", by: 35 });
      const lines = home.frame().split("\n");
      expect(lines.length).toBeLessThanOrEqual(rows);
      if (columns >= 60 && rows >= 16) expect(home.frame()).toContain("▸ lesson-35");
    }
});
