import { describe, expect, test } from "vitest";
import { checkResults } from "../../src/lesson/check.ts";
import type { Check } from "../../src/lesson/lesson.ts";
import { unmetNeeds, unmetText } from "../../src/lesson/needs.ts";
import { parseLesson } from "../../src/lesson/parse.ts";
import { selectVariant } from "../../src/lesson/select.ts";
import { summarize } from "../../src/lesson/summary.ts";
import type { Event } from "../../src/timeline/event.ts";

const WHY = "no cgroup is delegated to this user";
const ready = {
  can: ["netns", "cgroup.pids"],
  lacks: [
    { what: "cgroup", why: WHY },
    { what: "mknod", why: "root only" },
  ],
};

describe("what a lab lacks of what is needed", () => {
  test("linux is always there, what it can is there, a lack covers what lies below it", () => {
    expect(unmetNeeds(["linux", "netns", "cgroup.pids"], ready)).toEqual([]);
    expect(unmetNeeds(["cgroup.memory", "mknod", "loop"], ready)).toEqual([
      { need: "cgroup.memory", why: WHY },
      { need: "mknod", why: "root only" },
      { need: "loop", why: "this host does not offer it" },
    ]);
  });

  test("a recording without the list lacks what it says it lacks", () => {
    expect(unmetNeeds(["loop", "mknod"], { lacks: ready.lacks })).toEqual([
      { need: "mknod", why: "root only" },
    ]);
  });

  test("each reason is said once", () => {
    const unmet = unmetNeeds(["cgroup.memory", "cgroup.cpu", "mknod"], ready);
    expect(unmetText(unmet)).toBe(`it needs cgroup.memory, cgroup.cpu (${WHY}); mknod (root only)`);
  });
});

const lesson = (comment: string) => `---
format: 1
id: x
title: X
summary: X.
minutes: 1
needs: [linux]
trace: [execve]
---

## One <!-- ${comment} -->

\`\`\`sh run
true
\`\`\`

\`\`\`yaml check
- that: It ran.
  otherwise: It did not.
  event: run.exit
\`\`\`
`;

describe("a step's own needs", () => {
  const stepOf = (comment: string) =>
    selectVariant(parseLesson(lesson(comment), "x.md"), "v1").steps[0];

  test("stand beside its id", () => {
    expect(stepOf("id: one")?.needs).toEqual([]);
    expect(stepOf("id: one needs: mknod")?.needs).toEqual(["mknod"]);
    expect(stepOf("id: one needs: cgroup.io, ids.range loop")?.needs).toEqual([
      "cgroup.io",
      "ids.range",
      "loop",
    ]);
    expect(() => stepOf("id: one needs: moon")).toThrow(/x.md:11:1: unknown need "moon"/);
    expect(() => stepOf("id: one wants: moon")).toThrow(/not "wants:"/);
  });

  test("that are not met make it neither passed nor failed, and it is counted apart", () => {
    const step = stepOf("id: one needs: mknod");
    if (step === undefined) throw new Error("no step");
    const events: Event[] = [
      { kind: "step.start", t: 1, step: "one" },
      { kind: "step.unable", t: 2, step: "one", why: "mknod (root only)" },
      { kind: "step.end", t: 3, step: "one" },
    ];
    const checks = step.checks as readonly Check[];
    expect(checkResults(checks, events, "one")).toMatchObject([
      { outcome: "unable", detail: "mknod (root only)" },
    ]);
    expect(summarize({ id: "x" }, [step], events, "live")).toMatchObject({
      steps: 0,
      unable: 1,
      checks: 0,
      passed: 0,
      failed: 0,
      skipped: 0,
    });
    // Before it has ended nothing is said, however far the cursor goes.
    expect(checkResults(checks, events, "one", 2)[0]?.outcome).toBe("pending");
  });
});
