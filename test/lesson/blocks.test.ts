import { describe, expect, test } from "vitest";
import { parseLesson } from "../../src/lesson/parse.ts";
import { selectVariant } from "../../src/lesson/select.ts";

/** Front matter to line 10, the step's heading on 11, the blocks from 13 on. */
const lesson = (blocks: string, { front = "", comment = "id: one" } = {}): string => `---
format: 1
id: x
title: X
summary: X.
minutes: 1
needs: [linux]
trace: [execve]${front === "" ? "" : `\n${front}`}
---

## One <!-- ${comment} -->

${blocks}

\`\`\`sh run
true
\`\`\`

\`\`\`yaml check
- that: It ran.
  otherwise: It did not.
  event: run.exit
\`\`\`
`;
const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\``;
const QUESTION = "question: How many?\nanswers: [none, 2, all]\nright: 2\nbecause: It doubles.";
const ask = (from: string, to: string): string =>
  lesson(fence("yaml ask", QUESTION.replace(from, to)));
/** A step whose check block says this of an event, a file or a command. */
const claim = (text: string): string =>
  lesson(fence("yaml check", `- that: x\n  otherwise: y\n${text}`));
const parse = (text: string) => parseLesson(text, "x.md");

describe("a watch", () => {
  const [step] = selectVariant(parse(lesson(fence("sh watch", "ctr events"))), "v2").steps;

  test("is shown where it stands, and is not run as a block", () => {
    expect(step?.before.map(({ kind }) => kind)).toEqual(["watch", "run"]);
    expect(step?.runs.map(({ script }) => script)).toEqual(["true"]);
    expect(step?.watches).toMatchObject([{ script: "ctr events" }]);
  });

  test("is a shell's command", () => {
    expect(() => parse(lesson(fence("ctr watch", "events")))).toThrow(
      "a watch block is sh, not ctr",
    );
  });
});

describe("the blocks of a step beside what runs", () => {
  const blocks = [
    fence("yaml ask", QUESTION),
    fence("md hint", "Look at **this**."),
    `~~~md hint\n${fence("sh", "ls")}\n~~~`,
    fence("md note", "Ten minutes."),
    "### On cgroup v1",
    fence("sh solve", "true; true"),
    "### On both",
  ].join("\n\n");

  test("are handed out apart, and none is shown in the text", () => {
    const [step] = selectVariant(parse(lesson(blocks)), "v1").steps;
    expect(step).toMatchObject({
      ask: {
        question: "How many?",
        answers: ["none", "2", "all"],
        right: 2,
        because: "It doubles.",
      },
      hints: ["Look at **this**.", fence("sh", "ls")],
      notes: ["Ten minutes."],
      solves: [{ kind: "run", script: "true; true" }],
    });
    expect(step?.before.map(({ kind }) => kind)).toEqual(["run"]);
    expect(step?.after).toEqual([]);
    expect(step?.runs.map(({ script }) => script)).toEqual(["true"]);
  });

  test("belong to their cgroup version", () => {
    const [step] = selectVariant(parse(lesson(blocks)), "v2").steps;
    expect(step?.solves).toEqual([]);
    expect(step?.other).toEqual([]);
    const each = ["v1", "v2"]
      .map(
        (version) =>
          `### On cgroup ${version}\n\n${fence("yaml ask", QUESTION.replace("none", version))}`,
      )
      .join("\n\n");
    const both = parse(lesson(`${each}\n\n### On both`));
    expect(selectVariant(both, "v2").steps[0]?.ask?.answers[0]).toBe("v2");
  });

  test("are not there when the file has none", () => {
    const [step] = selectVariant(parse(lesson("")), "v1").steps;
    expect(step).toMatchObject({ ask: null, hints: [], notes: [], solves: [], panes: null });
  });
});

describe("a claim", () => {
  const read = (text: string) => parse(claim(text)).steps[0]?.parts[0];

  test("about a command", () => {
    expect(read('  command: "ip -o link"\n  field: br0\n  not-matches: DOWN')).toMatchObject({
      check: {
        claim: {
          ...{ kind: "command", command: "ip -o link", field: "br0" },
          matcher: { kind: "not-matches", value: "DOWN" },
        },
      },
    });
    expect(read("  command: hostname\n  same-as-before: true")).toMatchObject({
      check: { claim: { matcher: { kind: "same-as-before" } } },
    });
  });

  test("about so many events, and what is inside them", () => {
    const where = "  where:\n    namespaces.pid: { not-equals: 1 }\n    argv: runc init";
    expect(read(`  event: process.exec\n  count: { at-least: 2 }\n${where}`)).toMatchObject({
      check: {
        claim: {
          count: { kind: "at-least", value: 2 },
          where: {
            "namespaces.pid": { kind: "not-equals", value: 1 },
            argv: { kind: "equals", value: "runc init" },
          },
        },
      },
    });
    expect(read("  event: process.exec\n  count: 3")).toMatchObject({
      check: { claim: { count: { kind: "equals", value: 3 } } },
    });
    expect(read("  event: process.exec")).toMatchObject({ check: { claim: { count: null } } });
  });
});

describe("panes and strings", () => {
  test("stand in the front matter and beside a step's id", () => {
    expect(parse(lesson(""))).toMatchObject({ panes: null, strings: 256 });
    const front = "panes: [events, processes]\nstrings: 4096";
    const comment = "id: one needs: netns, mknod panes: output, events";
    const both = parse(lesson("", { front, comment }));
    expect(both).toMatchObject({ panes: ["events", "processes"], strings: 4096 });
    expect(both.steps[0]).toMatchObject({ needs: ["netns", "mknod"], panes: ["output", "events"] });
    const turned = parse(
      lesson("", { comment: "id: one panes: output needs: program.docker-proxy" }),
    );
    expect(turned.steps[0]).toMatchObject({ needs: ["program.docker-proxy"], panes: ["output"] });
  });
});

describe("a step's own system calls", () => {
  const traceOf = (comment: string) => parse(lesson("", { comment })).steps[0]?.trace;

  test("stand beside its id, and none means none", () => {
    expect(traceOf("id: one")).toBeNull();
    expect(traceOf("id: one trace: connect, write needs: netns")).toEqual(["connect", "write"]);
    expect(traceOf("id: one needs: netns trace: none")).toEqual([]);
    expect(() => traceOf("id: one trace: -f")).toThrow('"-f" is no system call');
  });

  test("go with the step", () => {
    const parsed = parse(lesson("", { comment: "id: one trace: none" }));
    expect(selectVariant(parsed, "v1").steps[0]?.trace).toEqual([]);
  });
});

describe("a mistake is named with its place", () => {
  test.each([
    [
      "two questions",
      lesson(`${fence("yaml ask", QUESTION)}\n\n${fence("yaml ask", QUESTION)}`),
      /^x\.md:20:1: step "one" asks twice/,
    ],
    [
      "no list of answers",
      ask("[none, 2, all]", "none"),
      /^x\.md:15:1: "answers" is a list of two to four/,
    ],
    ["one answer", ask("[none, 2, all]", "[none]"), /^x\.md:15:1: "answers" is a list/],
    ["five answers", ask("[none,", "[a, b, none,"), /"answers" is a list/],
    ["the same answer twice", ask("none", "2"), /two answers are the same/],
    ["a long answer", ask("none", "n".repeat(71)), /one line of 1 to 70 characters/],
    ["an answer that is none", ask("none", "[]"), /an answer is a text, not \[\]/],
    [
      "no right answer",
      ask("right: 2", "right: 4"),
      /^x\.md:16:1: "right" is the number of an answer, 1 to 3/,
    ],
    ["half an answer", ask("right: 2", "right: 1.5"), /"right" is the number/],
    ["no reason", ask("\nbecause: It doubles.", ""), /a question needs "because"/],
    [
      "a field too many",
      ask("right: 2", "right: 2\nwrong: 1"),
      /^x\.md:17:1: unknown field "wrong"/,
    ],
    ["a question in prose", lesson(fence("yaml ask", "How many?")), /a question has fields/],
    ["bad YAML", ask("right: 2", "right: ["), /^x\.md:\d+:\d+: /],
    [
      "a hint in another language",
      lesson(fence("sh hint", "x")),
      /^x\.md:13:1: a hint block is md, not sh/,
    ],
    ["an empty hint", lesson(fence("md hint", " ")), /this hint block is empty/],
    ["a solve that is not sh", lesson(fence("js solve", "x")), /a solve block is sh, not js/],
    [
      "a pane nobody knows",
      lesson("", { front: "panes: [moon]" }),
      /^x\.md:9:1: front matter: unknown pane "moon"; known: lesson, events/,
    ],
    ["no pane", lesson("", { front: "panes: []" }), /"panes" lists nothing/],
    [
      "a step's unknown pane",
      lesson("", { comment: "id: one panes: moon" }),
      /^x\.md:11:1: unknown pane "moon"/,
    ],
    ["a step's empty list", lesson("", { comment: "id: one panes:" }), /"panes:" lists nothing/],
    ["no place", lesson("", { front: "order: 0" }), /"order" is a number from 1/],
    [
      "few strings",
      lesson("", { front: "strings: 8" }),
      /^x\.md:9:1: front matter: "strings" is a number of bytes/,
    ],
    [
      "an unknown program",
      lesson("").replace("[linux]", "[program.moon]"),
      /^x\.md:7:1: front matter: unknown need/,
    ],
    [
      "an unknown field of the front matter",
      lesson("", { front: "pane: x" }),
      /^x\.md:9:1: front matter: unknown field "pane"/,
    ],
    ["an empty command", claim("  command: ' '\n  exists: true"), /^x\.md:16:3: "command" is what/],
    [
      "a command and a file",
      claim("  command: ls\n  file: /x\n  exists: true"),
      /either "file", "command" or "event"/,
    ],
    [
      "two matchers",
      claim("  file: /x\n  exists: true\n  equals: 1"),
      /^x\.md:18:3: a claim has exactly one/,
    ],
    [
      "a comparison that is not true",
      claim("  file: /x\n  same-as-before: 1"),
      /"same-as-before" is true/,
    ],
    [
      "an unknown event",
      claim("  event: process.sneeze"),
      /^x\.md:16:3: "event" is the kind of an event/,
    ],
    [
      "a comparison of events",
      claim("  event: run.exit\n  where:\n    code: { same-as-before: true }"),
      /^x\.md:17:3: "code" has exactly one of/,
    ],
    [
      "a count of words",
      claim("  event: run.exit\n  count: { matches: x }"),
      /^x\.md:17:3: "count" is a number/,
    ],
    ["where that is a list", claim("  event: run.exit\n  where: [code]"), /"where" has fields/],
  ])("%s", (_name, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
