import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { openLiveSession } from "../../src/commands/live-session.ts";
import { loadLesson } from "../../src/commands/load-lesson.ts";
import { recordTo } from "../../src/commands/recorder.ts";
import { openReplaySession, type Session } from "../../src/commands/session.ts";
import type { Mode } from "../../src/drivers/driver.ts";
import { readHostFacts } from "../../src/host/host-facts.ts";
import { PANES } from "../../src/lesson/panes.ts";
import { createStage, type Stage } from "../ui/render-frame.tsx";
import { whyNotLive } from "./program.ts";

/** What a recording is for: whoever replays it sees what was seen live. */

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];
/** Up to the first processes in a group and the kernel's counting of their memory. */
const STEPS = 6;
const LIVE: Mode = { kind: "live" };

const why = whyNotLive();
const folder = mkdtempSync(join(tmpdir(), "tsi-frames-"));

beforeEach((context) => {
  if (why !== null) context.skip(why);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a recorded live session replayed draws the same frames", async () => {
  const file = join(folder, "session.ndjson");
  const lesson = await loadLesson("cgroups");
  const live = await openLiveSession(lesson, await readHostFacts(), "root");
  const stopRecording = recordTo(file, live.timeline, (message) => expect.fail(message));
  const seen = await take(live, [LIVE]).finally(stopRecording);
  const replay = openReplaySession(lesson, { file, why: null, paced: false });
  const again = await take(replay, [LIVE, replay.driver.mode]);

  const frames = seen.get(LIVE) as string[];
  requireContent(frames);
  // Drawn as if it were live, nothing at all differs; as the replay it is, only what says so.
  expect(again.get(LIVE)).toEqual(frames);
  const replayed = again.get(replay.driver.mode) as string[];
  for (const frame of replayed) expect(frame).not.toContain("LIVE");
  expect(replayed.map(withoutLabels)).toEqual(frames.map(withoutLabels));
});

/** Takes the first steps, drawing at the end of each: the frames as each mode would show them. */
async function take(session: Session, modes: readonly Mode[]): Promise<Map<Mode, string[]>> {
  const { driver, timeline } = session;
  const drawn = new Map(modes.map((mode) => [mode, [] as string[]]));
  const stages = modes.flatMap((mode) => SIZES.map((size) => stageOf(session, mode, size)));
  const draw = (): void => {
    for (const stage of stages) drawn.get(stage.mode)?.push(...framesOf(stage.stage));
  };
  try {
    for (const { id } of session.lesson.steps.slice(0, STEPS)) {
      for (const { stage } of stages) startStep(stage);
      // A live screen grows with every batch, a replayed one may get the step in one piece.
      const stop = timeline.subscribe(() => {
        for (const { stage } of stages) growTo(stage, endOf(session, id)).frame();
      });
      await driver.run(id);
      stop();
      for (const { stage } of stages)
        stage.send({ kind: "ran", step: id, failedChecks: 0, at: performance.now() });
      draw();
    }
  } finally {
    await driver.leave("finished");
  }
  // How the lab went away is recorded too; the very last event is each session's own end.
  for (const { stage } of stages) growTo(stage, timeline.events.length - 1);
  draw();
  return drawn;
}

interface PlacedStage {
  readonly mode: Mode;
  readonly stage: Stage;
}

function stageOf(
  { timeline, lesson }: Session,
  mode: Mode,
  size: (typeof SIZES)[number],
): PlacedStage {
  return { mode, stage: createStage({ timeline, lesson, mode, ...size }) };
}

let clock = 0;
/** Enter goes on from the step before, Enter runs the next one. */
function startStep(stage: Stage): void {
  const effects = stage.effects.length;
  // Each long after the one before, so that none is taken for an accident.
  while (stage.effects.length === effects) {
    clock += 1e6;
    stage.send({ kind: "asked", action: "proceed", at: clock });
  }
}

/** What happened after a step's end belongs to the next moment, whenever it was delivered. */
function endOf({ timeline: { events } }: Session, step: string): number {
  const end = events.findLastIndex((event) => event.kind === "step.end" && event.step === step);
  return end < 0 ? events.length : end + 1;
}

function growTo(stage: Stage, end: number): Stage {
  const events = stage.timeline.events.slice(stage.state().end, end);
  return events.length === 0 ? stage : stage.send({ kind: "grown", events });
}

/** Each pane focused, and each alone. */
function framesOf(stage: Stage): string[] {
  return PANES.flatMap((pane) => {
    const focused = stage.send({ kind: "focused", pane }).frame();
    const zoomed = stage.send({ kind: "asked", action: "zoom", at: 0 }).frame();
    stage.send({ kind: "asked", action: "zoom", at: 0 });
    return [focused, zoomed];
  });
}

/** A test that compares nothing with nothing would pass. */
function requireContent(frames: readonly string[]): void {
  expect(frames.length).toBe((STEPS + 1) * SIZES.length * PANES.length * 2);
  expect(new Set(frames).size).toBeGreaterThan(frames.length / 2);
  const all = frames.join("\n");
  expect(all).toMatch(/execve\("\/usr\/bin\/mkdir", \["mkdir", .*\) = 0/);
  // On a slow machine the list is read while the one who wrote is still in it.
  expect(all).toMatch(/cgroup\.procs .*→ [\d ]+ {2}← write by \d+/);
  expect(all).toMatch(/✓ \d of \d checks hold/);
}

/** What a line with a label says besides; words of it give way to the longer label. */
const SAYS = /step \d+\/\d+|▸|[↑↓]\d+|\[?\d (lesson|events|processes|cgroups|output)\]?|LABEL/g;

/** What the shell's pane says while there is none: live one can be opened, in a replay not. */
const NO_SHELL = /^ (! opens a shell in the lab|checks hold\.$|Nobody has opened a shell)/;

/** LIVE, or REPLAY and where it was recorded. */
function withoutLabels(frame: string): string[] {
  const lines = frame.split("\n").map((line) => line.replaceAll(/\b(LIVE|REPLAY)\b/g, "LABEL"));
  return lines.map((line) => {
    if (NO_SHELL.test(line)) return "";
    return line.includes("LABEL") ? (line.match(SAYS) ?? []).join(" ") : line;
  });
}
