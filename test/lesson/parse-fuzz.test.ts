import { expect, test } from "vitest";
import { LessonError } from "../../src/lesson/lesson-error.ts";
import { parseLesson } from "../../src/lesson/parse.ts";

/** A lesson with one of everything. */
const LESSON = `---
format: 1
id: x
title: X
summary: X.
minutes: 1
needs: [linux, program.runc]
trace: [execve]
strings: 512
panes: [events, output]
---

# X

## One <!-- id: one needs: netns panes: output -->

\`\`\`yaml ask
question: How many?
answers: [none, 2, all]
right: 2
because: It doubles.
\`\`\`

### On cgroup v1

\`\`\`sh run
echo 1
\`\`\`

### On cgroup v2

\`\`\`sh run
echo 2
\`\`\`

### On both

\`\`\`sh solve
echo 3
\`\`\`

~~~md hint
Look.
~~~

\`\`\`md note
Wait.
\`\`\`

\`\`\`yaml check
- that: It ran.
  otherwise: It did not.
  event: process.exec
  where:
    argv: { matches: '^echo' }
    namespaces.pid: 5
  count: { at-least: 1 }
- that: It says so.
  otherwise: It does not.
  command: "ip -o link"
  field: br0
  differs-from-before: true
- that: It is there.
  otherwise: It is not.
  file: /tmp/x
  not-equals: 3
\`\`\`
`;

/** Park and Miller's generator: the same mistakes in each run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const STRAY = [
  "```yaml ask",
  "- ",
  "  count: [1]",
  "right: {}",
  "~~~md hint",
  "## x",
  "---",
  "\0",
  "?",
];

/** The lesson's text with one line lost, doubled, cut, or a stray one put before it or into it. */
function mistaken(text: string, random: (below: number) => number): string {
  const lines = text.split("\n");
  const at = random(lines.length);
  const line = lines[at] ?? "";
  const replacements = [
    [],
    [line, line],
    [line.slice(0, random(line.length + 1))],
    [STRAY[random(STRAY.length)] ?? "", line],
    [line.replace(/: .*/, `: ${STRAY[random(STRAY.length)]}`)],
  ];
  lines.splice(at, 1, ...(replacements[random(replacements.length)] ?? []));
  return lines.join("\n");
}

test("a mistake is named with a place in the file, or is none", () => {
  expect(parseLesson(LESSON, "x.md").steps).toHaveLength(1);
  const lines = LESSON.split("\n").length;
  const random = createRandom(7);
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    try {
      parseLesson(mistaken(LESSON, random), "x.md");
    } catch (error) {
      if (!(error instanceof LessonError)) throw error;
      const [, line, column] = /^x\.md:(\d+):(\d+): \S/.exec(error.message) ?? [];
      const placed = Number(line) >= 1 && Number(line) <= lines + 2 && Number(column) >= 1;
      expect([error.message, placed]).toEqual([error.message, true]);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});
