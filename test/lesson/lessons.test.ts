import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { lessonFiles } from "../../src/commands/lesson-files.ts";
import { lessonIds } from "../../src/commands/load-lesson.ts";
import { beforeFirstRun, checkResults, evaluate, lastAttempt } from "../../src/lesson/check.ts";
import type { Variant } from "../../src/lesson/lesson.ts";
import { parseLesson } from "../../src/lesson/parse.ts";
import { recordingWarnings } from "../../src/lesson/recording-warnings.ts";
import { selectVariant } from "../../src/lesson/select.ts";
import { decodeRecording } from "../../src/timeline/recording.ts";

/** Every lesson there is, held to what each owes; none is listed by hand. */
const root = resolve(import.meta.dirname, "../..");
const folders = readdirSync(join(root, "lessons"), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const lessons = folders.map(({ name }) => {
  const file = `lessons/${name}/lesson.md`;
  return { name, lesson: parseLesson(readFileSync(join(root, file), "utf8"), file) };
});
const recordings = readdirSync(join(root, "fixtures/recordings")).map((file) => {
  const [id = "", variant = ""] = file.split(".");
  return { file, id, variant: variant as Variant };
});

test("there are lessons and recordings", () => {
  expect(lessons.length).toBeGreaterThan(0);
  expect(recordings.length).toBeGreaterThan(0);
});

test("each has its place in the course, and no two the same", () => {
  const places = lessons.map(({ lesson }) => lesson.order);
  expect(places).not.toContain(undefined);
  expect(new Set(places).size).toBe(lessons.length);
  const inOrder = lessons.toSorted((a, b) => Number(a.lesson.order) - Number(b.lesson.order));
  const ids = inOrder.map(({ name }) => name);
  expect(lessonIds()).toEqual(ids);
  expect([ids.slice(0, 2), ids.at(-1)]).toEqual([["cgroups", "namespaces"], "blackbox-2013"]);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect([...readme.matchAll(/^\| `([a-z0-9-]+)` \| .* \| \d+ \|/gm)].map(([, id]) => id)).toEqual(
    ids,
  );
});

describe.each(lessons)("lesson $name", ({ name, lesson }) => {
  test("is called as its folder and comes with a recording", () => {
    expect(lesson.id).toBe(name);
    expect(recordings.map(({ id }) => id)).toContain(name);
  });

  test("is the same when it was kept as JSON, as the build does", () => {
    expect(JSON.parse(JSON.stringify(lesson))).toEqual(lesson);
  });

  test("stands in the README with the minutes it takes", () => {
    const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
    expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| .* \\| ${lesson.minutes} \\| `, "m"));
  });

  test("has only files beside it that can go into a lab", () => {
    for (const { text } of lessonFiles(name)) expect(text).not.toContain("\0");
  });

  test("leads step by step, on both versions", () => {
    for (const variant of ["v1", "v2"] as const) {
      const { steps } = selectVariant(lesson, variant);
      expect(steps.length).toBeGreaterThanOrEqual(10);
      const differ = lesson.steps.filter(({ parts }) =>
        parts.some((part) => part.variant !== null),
      );
      const showOther = steps.filter(({ other }) => other.length > 0);
      expect(showOther.map(({ id }) => id)).toEqual(differ.map(({ id }) => id));
    }
  });

  test("asks nothing whose answer its text has given away", () => {
    for (const variant of ["v1", "v2"] as const)
      for (const { ask, before } of selectVariant(lesson, variant).steps) {
        const shown = before.map((part) => (part.kind === "prose" ? part.markdown : "")).join(" ");
        if (ask !== null) expect(shown.replaceAll(/\s+/g, " ")).not.toContain(ask.because);
      }
  });
});

describe.each(recordings)("recording $file", ({ file, id, variant }) => {
  const { events, problems } = decodeRecording(
    readFileSync(join(root, "fixtures/recordings", file), "utf8"),
  );
  const lesson = lessons.find(({ name }) => name === id)?.lesson;

  test("is whole, of this lesson and this version, and names no place of its machine", () => {
    expect(problems).toEqual([]);
    expect(events[0]).toMatchObject({
      kind: "session.start",
      lesson: id,
      host: { cgroup: variant },
    });
    expect(events.at(-1)).toMatchObject({ kind: "session.end", reason: "finished" });
    expect(JSON.stringify(events.find(({ kind }) => kind === "lab.ready"))).not.toContain(
      "tsi-lab",
    );
  });

  test("satisfies every check, and none before its step's first command", () => {
    if (lesson === undefined) throw new Error(`${file} belongs to no lesson`);
    let checked = 0;
    for (const { id: step, checks } of selectVariant(lesson, variant).steps) {
      const before = beforeFirstRun(lastAttempt(events, step)?.events ?? []);
      for (const { check, outcome, detail } of checkResults(checks, events, step)) {
        expect(`${check.id} ${outcome} ${detail}`).toBe(`${check.id} passed `);
        expect([check.id, evaluate(check, before).outcome]).not.toEqual([check.id, "passed"]);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(0);
  });

  test("ran what the lesson runs now, and lacks nothing of it", () => {
    const selected = selectVariant(lesson as never, variant);
    expect(recordingWarnings(selected, events, problems)).toEqual([]);
    const { steps } = selected;
    const written = steps.flatMap((step) => step.runs.map(({ script }) => [step.id, script]));
    const ran = events.flatMap((event) =>
      event.kind === "run.start" ? [[event.step, event.script]] : [],
    );
    expect(ran).toEqual(written);
  });

  test("cut off before a step, it satisfies none of that step's checks", () => {
    for (const { id: step, checks } of selectVariant(lesson as never, variant).steps) {
      const cut = events.findIndex((event) => event.kind === "step.start" && event.step === step);
      const results = checkResults(checks, events, step, cut);
      expect(results.every(({ outcome }) => outcome === "pending")).toBe(true);
    }
  });
});
