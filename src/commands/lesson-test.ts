import { existsSync } from "node:fs";
import { heldBefore } from "../drivers/live.ts";
import { readFingerprint, traces } from "../host/fingerprint.ts";
import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { labMode, missingForLive } from "../host/live.ts";
import { beforeFirstRun, checkResults, evaluate, lastAttempt } from "../lesson/check.ts";
import type { Lesson, Variant } from "../lesson/lesson.ts";
import { type SelectedStep, selectVariant } from "../lesson/select.ts";
import type { Event } from "../timeline/event.ts";
import { printable } from "../timeline/printable.ts";
import { UserError } from "../user-error.ts";
import { lessonIds, loadLesson, loadRecording, recordingFile } from "./load-lesson.ts";
import { openLiveSession } from "./session.ts";

/**
 * `tsinternals lesson test`: the proof a lesson owes. Live: each check is false before its step and
 * true after it, and nothing is left on the host. Recordings: the same, from their events alone.
 */
export async function lessonTestCommand(id: string | null): Promise<number> {
  const facts = await readHostFacts();
  const ids = id === null ? lessonIds() : [id];
  if (ids.length === 0) throw new UserError("there is no lesson to test", "add one to lessons/");
  const figures: Figure[] = [];
  for (const each of ids) figures.push(...(await testLesson(loadLesson(each), facts)));
  for (const { name, value, goal } of figures)
    say(`${name} ${value} ${goal} ${verdict(value, goal)}`);
  const short = figures.some(({ value, goal }) => value !== goal);
  const lacking = ids.some((each) => missingForLive(loadLesson(each), facts).length > 0);
  return short ? 1 : lacking ? 3 : 0;
}

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
}

function verdict(value: number, goal: number): "ok" | "short" {
  return value === goal ? "ok" : "short";
}

function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

async function testLesson(lesson: Lesson, facts: HostFacts): Promise<Figure[]> {
  const figures: Figure[] = [];
  const [missing] = missingForLive(lesson, facts);
  if (missing === undefined) figures.push(...(await testLive(lesson, facts)));
  else say(`SKIP ${lesson.id} live: ${missing.what}; try: ${missing.fix}`);
  for (const variant of ["v1", "v2"] as const)
    if (existsSync(recordingFile(lesson.id, variant)))
      figures.push(...testRecording(lesson, variant));
  return figures;
}

async function testLive(lesson: Lesson, facts: HostFacts): Promise<Figure[]> {
  const before = readFingerprint();
  const session = await openLiveSession(lesson, facts, labMode(facts, null));
  const { timeline, driver } = session;
  const proof = createProof(`${lesson.id}-live`, false);
  try {
    for (const step of session.lesson.steps) {
      await driver.run(step.id);
      const early = new Set(heldBefore(step, timeline).map((check) => check.id));
      proof.step(step, timeline.events, early);
    }
  } finally {
    await driver.leave("finished");
  }
  const left = await traces(timeline.events, before);
  for (const trace of left) say(`left behind: ${trace}`);
  return [
    ...proof.figures(),
    { name: `${lesson.id}-live-left-behind`, value: left.length, goal: 0 },
  ];
}

/** A recording must satisfy every check, and cut off before a step's first command none of its. */
function testRecording(lesson: Lesson, variant: Variant): Figure[] {
  const { events } = loadRecording(recordingFile(lesson.id, variant), lesson.id);
  const proof = createProof(`${lesson.id}-recording-${variant}`, true);
  for (const step of selectVariant(lesson, variant).steps) {
    const before = beforeFirstRun(lastAttempt(events, step.id)?.events ?? []);
    const early = step.checks.filter((check) => evaluate(check, before).outcome === "passed");
    proof.step(step, events, new Set(early.map((check) => check.id)));
  }
  return proof.figures();
}

interface Proof {
  step(step: SelectedStep, events: readonly Event[], early: ReadonlySet<string>): void;
  figures(): Figure[];
}

function createProof(name: string, recorded: boolean): Proof {
  let checks = 0;
  let falseBefore = 0;
  let trueAfter = 0;
  return {
    step(step, events, early) {
      for (const { check, outcome, detail } of checkResults(step.checks, events, step.id)) {
        if (outcome === "unable") {
          say(`${name} ${check.id}: SKIP could not run here: ${detail}`);
          // A recording that ships must hold every step; a lab may lack what some need.
          if (!recorded) continue;
        }
        checks++;
        if (!early.has(check.id)) falseBefore++;
        if (outcome === "passed") trueAfter++;
        const before = early.has(check.id) ? "TRUE BEFORE ITS STEP" : "false before";
        const after =
          outcome === "passed" ? "true after" : `${outcome.toUpperCase()} AFTER: ${detail}`;
        say(`${name} ${check.id}: ${before}, ${after}: ${check.that}`);
      }
    },
    figures: () => [
      { name: `${name}-checks-false-before`, value: falseBefore, goal: checks },
      { name: `${name}-checks-true-after`, value: trueAfter, goal: checks },
    ],
  };
}
