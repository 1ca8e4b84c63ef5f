import type { Lesson } from "../../src/lesson/lesson.ts";
import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { timed } from "./sample-session.ts";

const PLACED = { variant: null, line: 1 } as const;

/** A lesson whose first step asks, has hints, another way to its end and something for trainers. */
export function askingLesson(): SelectedLesson {
  const lesson: Lesson = {
    ...{ format: 1, id: "asking", title: "Hostnames", summary: "Who has which name" },
    ...{ minutes: 5, needs: ["linux"], intro: "", trace: ["sethostname"], strings: 256 },
    panes: null,
    steps: [
      {
        ...{ id: "name", title: "A name of one's own", needs: [], panes: null, trace: null },
        parts: [
          { kind: "prose", ...PLACED, markdown: "A UTS namespace holds **one** hostname." },
          { kind: "run", ...PLACED, script: "unshare --uts hostname web; hostname" },
          {
            kind: "ask",
            ...PLACED,
            ask: {
              question: "What does the second command print?",
              answers: ["web", "the name the lab had before", "nothing: the name is gone 🙂"],
              right: 2,
              because: "The name was set in a namespace that ended with its only process.",
            },
          },
          { kind: "hint", ...PLACED, markdown: "`unshare(1)` runs **one** command in there." },
          { kind: "hint", ...PLACED, markdown: "Compare `/proc/self/ns/uts` inside and outside." },
          { kind: "note", ...PLACED, markdown: "Ask the room before you press Enter." },
          { kind: "solve", ...PLACED, script: "unshare --uts sh -c 'hostname web; hostname'" },
          { kind: "prose", ...PLACED, markdown: "The lab has kept its name." },
          {
            kind: "check",
            ...PLACED,
            check: {
              ...{ id: "name/1", that: "Somebody set a hostname.", otherwise: "Nobody did." },
              claim: {
                kind: "event",
                event: "syscall",
                count: null,
                where: { name: { kind: "equals", value: "sethostname" } },
              },
            },
          },
        ],
      },
      {
        ...{ id: "next", title: "What follows", needs: [], panes: null, trace: null },
        parts: [{ kind: "run", ...PLACED, script: "true" }],
      },
    ],
    file: "lessons/asking/lesson.md",
  };
  return selectVariant(lesson, "v1");
}

/** The first step, run with or without success, or solved. */
export function nameEvents(outcome: "passed" | "failed" | "solved"): Event[] {
  const solved = outcome === "solved" ? { solved: true as const } : {};
  const script =
    outcome === "solved"
      ? "unshare --uts sh -c 'hostname web; hostname'"
      : "unshare --uts hostname web; hostname";
  return timed(
    [
      { kind: "step.start", step: "name", ...solved },
      { kind: "run.start", run: 1, step: "name", pid: 4250, labPid: 8, script },
      outcome === "failed"
        ? {
            kind: "syscall",
            ...{ labPid: 8, pid: 4250, run: 1, name: "unshare", args: ["CLONE_NEWUTS"] },
            ...{ result: "-1", errno: "EPERM" },
          }
        : {
            kind: "syscall",
            ...{ labPid: 8, pid: 4250, run: 1, name: "sethostname", args: ['"web"', "3"] },
            result: "0",
          },
      { kind: "run.exit", run: 1, code: outcome === "failed" ? 1 : 0 },
      { kind: "step.end", step: "name" },
    ],
    3e9,
  );
}
