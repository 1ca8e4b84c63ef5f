import { readFileSync } from "node:fs";
import type { Step } from "../../src/lesson/lesson.ts";
import { selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";

/** containerd 1.6 in a lab, a task started with ctr: what is no process, call or containerd's word is left out. */
export function containerdEvents(): Event[] {
  const file = new URL("../../fixtures/daemons/ctr-task.ndjson", import.meta.url);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

function step(id: string, title: string, script: string): Step {
  return {
    ...{ id, title, needs: [], panes: null, trace: null },
    parts: [
      { kind: "prose", variant: null, line: 1, markdown: "Who executes what?" },
      { kind: "run", variant: null, line: 1, script },
    ],
  };
}

const STEPS = ["daemon", "task"] as const;

/** The session when the task has been started. */
export function containerdStage(options: StageOptions): Stage {
  const events = containerdEvents();
  const lesson = selectVariant(
    {
      ...{ format: 1, id: "containerd", title: "containerd", summary: "Who is it?", minutes: 25 },
      ...{ needs: [], intro: "", trace: ["execve"], strings: 65536, panes: ["flow", "output"] },
      steps: [
        step("daemon", "One daemon", "containerd"),
        step("task", "A task is a process", "ctr task start -d c1"),
      ],
      file: "lessons/containerd/lesson.md",
    },
    "v1",
  );
  const stage = createStage({ ...options, lesson });
  let from = 0;
  for (const each of STEPS) {
    const to = events.findIndex((event) => event.kind === "step.end" && event.step === each) + 1;
    const at = 1e6 * (from + 1);
    if (from > 0) stage.send({ kind: "asked", action: "proceed", at });
    stage.send({ kind: "asked", action: "proceed", at: at + 1000 });
    stage.grow(events.slice(from, to));
    stage.send({ kind: "ran", step: each, failedChecks: 0, at: at + 2000 });
    from = to;
  }
  return stage;
}
