import { readFileSync } from "node:fs";
import type { Lesson, Step } from "../../src/lesson/lesson.ts";
import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";

/** Docker 20.10 with containerd 1.6 in a lab, recorded by hand: what is no process, exchange or daemon's word is left out. */
export function dockerEvents(): Event[] {
  const file = new URL("../../fixtures/daemons/docker-run.ndjson", import.meta.url);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

function step(id: string, title: string, script: string): Step {
  return {
    ...{ id, title, needs: [], panes: null, trace: null },
    parts: [
      { kind: "prose", variant: null, line: 1, markdown: "Who does what?" },
      { kind: "run", variant: null, line: 1, script },
    ],
  };
}

export function dockerLesson(): SelectedLesson {
  const lesson: Lesson = {
    ...{ format: 1, id: "docker-run", title: "docker run", summary: "Who does what", minutes: 20 },
    ...{
      needs: [],
      intro: "",
      trace: ["execve"],
      strings: 65536,
      panes: ["flow", "exchanges", "output"],
    },
    steps: [
      step("daemon", "A daemon of our own", "docker version"),
      step("run", "docker run", "docker run --rm --name demo bb echo hello from the container"),
      step("detached", "In the background", "docker run -d --name web -p 8080:80 bb sleep 100"),
      step("others", "Without docker", "ctr c ls"),
    ],
    file: "lessons/docker-run/lesson.md",
  };
  return selectVariant(lesson, "v1");
}

const STEPS = ["daemon", "run", "detached", "others"] as const;

/** The session when a step has run. */
export function dockerStage(step: (typeof STEPS)[number], options: StageOptions = {}): Stage {
  const events = dockerEvents();
  const stage = createStage({ ...options, lesson: dockerLesson() });
  let from = 0;
  for (const each of STEPS.slice(0, STEPS.indexOf(step) + 1)) {
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
