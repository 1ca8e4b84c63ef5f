import { describe, expect, test } from "vitest";
import { parseLesson } from "../../src/lesson/parse.ts";
import { selectVariant } from "../../src/lesson/select.ts";

const FRONT = `---
format: 1
id: tiny
title: Tiny
summary: A lesson of one step.
minutes: 1
needs: [linux]
trace: [execve]
---
`;
const CHECK =
  "```yaml check\n- that: It is there.\n  otherwise: It is not.\n  file: /tmp/x\n  exists: true\n```\n";
const STEP = `## One <!-- id: one -->\n\nProse.\n\n\`\`\`sh run\ntouch /tmp/x\n\`\`\`\n\nAfter.\n\n${CHECK}`;
const TINY = `${FRONT}\n# Tiny\n\nHello.\n\n${STEP}`;

describe("a lesson", () => {
  test("is what its file says", () => {
    const lesson = parseLesson(TINY, "tiny.md");
    expect(lesson).toMatchObject({ id: "tiny", minutes: 1, needs: ["linux"], intro: "Hello." });
    expect(lesson.steps[0]?.parts).toEqual([
      { kind: "prose", variant: null, line: 17, markdown: "Prose." },
      { kind: "run", variant: null, line: 19, script: "touch /tmp/x" },
      { kind: "prose", variant: null, line: 23, markdown: "After." },
      {
        kind: "check",
        variant: null,
        line: 26,
        check: {
          id: "one/1",
          that: "It is there.",
          otherwise: "It is not.",
          claim: {
            kind: "file",
            path: "/tmp/x",
            field: null,
            matcher: { kind: "exists", value: true },
          },
        },
      },
    ]);
  });

  test("variants: each host runs its own and is told about the other", () => {
    const text = `${FRONT}
## One <!-- id: one -->

### On cgroup v1

\`\`\`sh run
echo 1
\`\`\`

### On cgroup v2

Two.

\`\`\`sh run
echo 2
\`\`\`

### On both

Then.

${CHECK}`;
    const lesson = parseLesson(text, "x.md");
    const [v1] = selectVariant(lesson, "v1").steps;
    expect(v1?.runs.map(({ script }) => script)).toEqual(["echo 1"]);
    expect(v1?.before.map(({ kind }) => kind)).toEqual(["run"]);
    expect(v1?.after.map(({ kind }) => kind)).toEqual(["prose"]);
    expect(v1?.other.map(({ kind }) => kind)).toEqual(["prose", "run"]);
    expect(v1?.checks.map(({ id }) => id)).toEqual(["one/1"]);
    const [v2] = selectVariant(lesson, "v2").steps;
    expect(v2?.runs.map(({ script }) => script)).toEqual(["echo 2"]);
  });

  test("line ends of another system do not matter", () => {
    expect(parseLesson(TINY.replaceAll("\n", "\r\n"), "x.md").steps).toHaveLength(1);
  });
});

describe("a mistake is named with its place", () => {
  const inStep = (text: string): string =>
    `${FRONT}## One <!-- id: one -->\n${text}\n${STEP.replace(/^.*\n/, "")}`;
  test.each([
    ["no front matter", "# x\n", /^x\.md:1:1: a lesson begins with front matter/],
    ["bad YAML", "---\na: [\n---\n", /^x\.md:\d+:\d+: /],
    ["no id in front matter", TINY.replace("id: tiny\n", ""), /"id" must be a text/],
    [
      "unknown need",
      TINY.replace("[linux]", "[moon]"),
      /unknown need "moon"; known: linux, root, ids.range/,
    ],
    ["another format", TINY.replace("format: 1", "format: 2"), /"format" must be 1/],
    [
      "step without id",
      TINY.replace(" <!-- id: one -->", ""),
      /^x\.md:15:1: the step "One" has no id/,
    ],
    ["two steps of one id", `${TINY}\n${STEP}`, /^x\.md:\d+:1: two steps have the id "one"/],
    [
      "unknown heading",
      inStep("### On Tuesdays\n"),
      /^x\.md:11:1: unknown heading "### On Tuesdays"/,
    ],
    [
      "unknown verb",
      inStep("```sh walk\nx\n```\n"),
      /^x\.md:11:1: unknown fence verb "walk"; known: run, watch, check, ask, hint, solve, note/,
    ],
    ["run that is not sh", inStep("```js run\nx\n```\n"), /a run block is sh, not js/],
    ["empty run", inStep("```sh run\n```\n"), /this run block is empty/],
    [
      "check without a sentence",
      TINY.replace("- that: It is there.\n ", "-"),
      /a claim needs "that"/,
    ],
    ["check without matcher", TINY.replace("  exists: true\n", ""), /exactly one of exists/],
    [
      "check of nothing",
      TINY.replace("  file: /tmp/x\n", ""),
      /either "file", "command" or "event"/,
    ],
    [
      "unknown field",
      TINY.replace("exists: true", "exist: true"),
      /^x\.md:29:3: unknown field "exist"/,
    ],
    ["bad pattern", TINY.replace("exists: true", "matches: '('"), /regular expression/],
    ["relative file", TINY.replace("/tmp/x\n  exists", "tmp/x\n  exists"), /absolute path/],
    ["no step", FRONT, /the lesson has no step/],
    ["no run block", TINY.replace("sh run", "sh"), /step "one" has no run block on cgroup v1/],
    ["no check", TINY.replace(CHECK, ""), /step "one" has no check block/],
    ["empty checks", TINY.replace(/- that[\s\S]*true\n/, ""), /this check block is empty/],
    ["checks of nothing", TINY.replace(/- that[\s\S]*true\n/, "{}\n"), /at least one claim/],
  ])("%s", (_name, text, message) => {
    expect(() => parseLesson(text, "x.md")).toThrow(message);
  });
});
