import { expect, test } from "vitest";
import { lessonIds, loadLesson, shippedRecording } from "../../src/commands/load-lesson.ts";
import { openReplaySession, type Session } from "../../src/commands/session.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage } from "./render-frame.tsx";

/** Of each lesson the step that has most to say at once, for the least room there is. */
const HARDEST: Readonly<Record<string, string>> = {
  "blackbox-2013": "limit",
  "bridge-iptables": "hairpin",
  cgroups: "oom",
  containerd: "snapshots",
  "docker-run": "requests",
  namespaces: "pid",
  overlayfs: "opaque",
  "runc-bundle": "create",
};

test("there are lessons, and the hardest step of each is named", () => {
  expect(Object.keys(HARDEST).sort()).toEqual(lessonIds().sort());
});

test.each(lessonIds())("frames of %s at 80x24: its beginning, its hardest step", async (id) => {
  const session = await replayOf(id);
  const stage = createStage({ ...session, mode: session.driver.mode, introduced: true });
  const hardest = HARDEST[id] as string;
  expectFrame(`lessons/${id}`, grown(stage));
  const [first] = session.lesson.steps;
  await playTo(stage, session, first?.id as string);
  expectFrame(`lessons/${id}-first`, stage);
  await playTo(stage, session, hardest);
  expectFrame(`lessons/${id}-${hardest}`, stage);
});

async function replayOf(id: string): Promise<Session> {
  const file = shippedRecording(id, "v1");
  if (file === null) throw new Error(`${id} has no recording`);
  return openReplaySession(await loadLesson(id), { file, why: null, paced: false });
}

/** Enter after Enter until this step has run, as a learner who predicts nothing. */
async function playTo(stage: Stage, { driver }: Session, step: string): Promise<void> {
  const hasRun = (): boolean => stage.state().marks.some((mark) => mark.step === step);
  for (let at = performance.now(); !hasRun(); at += 1e6) {
    const effects = stage.effects.length;
    stage.send({ kind: "asked", action: "proceed", at });
    const effect = stage.effects[effects];
    if (effect?.kind !== "run") continue;
    await driver.run(effect.step);
    grown(stage).send({ kind: "ran", step: effect.step, failedChecks: 0, at });
  }
}

/** The screen takes in what the timeline has come to. */
function grown(stage: Stage): Stage {
  return stage.send({ kind: "grown", events: stage.timeline.events.slice(stage.state().end) });
}
