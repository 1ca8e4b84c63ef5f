import { describe, expect, test } from "vitest";
import { parseLesson } from "../../src/lesson/parse.ts";
import { recordingWarnings } from "../../src/lesson/recording-warnings.ts";
import { selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";

const step = (id: string): string => `## ${id} <!-- id: ${id} -->

\`\`\`sh run
echo ${id}
\`\`\`

\`\`\`yaml check
- that: It ran.
  otherwise: It did not.
  event: run.exit
\`\`\`
`;
const FRONT =
  "---\nformat: 1\nid: x\ntitle: X\nsummary: X.\nminutes: 1\nneeds: [linux]\ntrace: [execve]\n---\n";
const lesson = selectVariant(parseLesson(`${FRONT}\n${step("one")}\n${step("two")}`, "x.md"), "v1");
const ran = (id: string, script = `echo ${id}`): Event[] => [
  { kind: "step.start", t: 0, step: id },
  { kind: "run.start", t: 1, run: 1, step: id, pid: 5, labPid: 5, script },
  { kind: "run.exit", t: 2, run: 1, code: 0 },
  { kind: "step.end", t: 3, step: id },
];
const end: Event = { kind: "session.end", t: 9, reason: "finished" };

describe("what a recording should not have", () => {
  test("nothing, when it is one of this lesson and whole", () => {
    expect(recordingWarnings(lesson, [...ran("one"), ...ran("two"), end])).toEqual([]);
  });

  test.each<[string, Event[], RegExp]>([
    ["a step is missing", [...ran("one"), end], /^step two is not in it$/],
    [
      "other commands",
      [...ran("one"), ...ran("two", "echo 2"), end],
      /^step two runs other commands/,
    ],
    [
      "a step of long ago",
      [...ran("one"), ...ran("old"), ...ran("two"), end],
      /^step old is not in/,
    ],
    ["no end", [...ran("one"), ...ran("two")], /not taken to its end/],
    [
      "a step that could not run",
      [...ran("one"), { kind: "step.unable", t: 4, step: "two", why: "mknod" }, ...ran("two"), end],
      /^step two could not run: mknod$/,
    ],
    [
      "gaps",
      [...ran("one"), { kind: "process.lost", t: 4 }, ...ran("two"), end],
      /dropped process/,
    ],
  ])("%s", (_name, events, message) => {
    expect(recordingWarnings(lesson, events)).toEqual([expect.stringMatching(message)]);
  });

  test("a line that nobody can read", () => {
    expect(recordingWarnings(lesson, [...ran("one"), ...ran("two"), end], ["line 3"])).toEqual([
      "a line cannot be read: line 3",
    ]);
  });
});
