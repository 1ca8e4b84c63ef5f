import { existsSync } from "node:fs";
import type { Way } from "../drivers/driver.ts";
import { heldBefore } from "../drivers/live.ts";
import { readFingerprint, traces } from "../host/fingerprint.ts";
import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { labMode, missingForLive } from "../host/live.ts";
import { beforeFirstRun, evaluate, lastAttempt } from "../lesson/check.ts";
import type { Lesson, Variant } from "../lesson/lesson.ts";
import { recordingWarnings } from "../lesson/recording-warnings.ts";
import { selectVariant } from "../lesson/select.ts";
import { UserError } from "../user-error.ts";
import { createProof, type Figure, say, verdict } from "./lesson-proof.ts";
import { openLiveSession } from "./live-session.ts";
import { lessonIds, loadLesson, loadRecording, recordingFile } from "./load-lesson.ts";
import { variantOf } from "./session.ts";
import { withinBound } from "./step-bound.ts";

/**
 * `tsinternals lesson test`: the proof a lesson owes. Live: each check is false before its step and
 * true after it, by the run blocks and by the solve blocks, and nothing is left on the host.
 * Recordings: the same, from their events alone.
 */
export async function lessonTestCommand(id: string | null): Promise<number> {
  const facts = await readHostFacts();
  const ids = id === null ? lessonIds() : [id];
  if (ids.length === 0) throw new UserError("there is no lesson to test", "add one to lessons/");
  const figures: Figure[] = [];
  let lacking = false;
  for (const each of ids) {
    const lesson = await loadLesson(each);
    const live = await testWhereItRuns(lesson, facts);
    if (typeof live === "string") say(`SKIP ${each} live: ${live}`);
    else figures.push(...live);
    lacking ||= typeof live === "string";
    for (const variant of ["v1", "v2"] as const)
      if (existsSync(recordingFile(each, variant))) figures.push(...testRecording(lesson, variant));
  }
  for (const figure of figures)
    say(`${figure.name} ${figure.value} ${figure.goal} ${verdict(figure)}`);
  const short = figures.some((figure) => verdict(figure) === "short");
  return short ? 1 : lacking ? 3 : 0;
}

/** The figures, or why there are none: what is known of the host, or what its lab turned out to lack. */
async function testWhereItRuns(lesson: Lesson, facts: HostFacts): Promise<Figure[] | string> {
  const [missing] = missingForLive(lesson, facts);
  if (missing !== undefined) return `${missing.what}; try: ${missing.fix}`;
  const { steps } = selectVariant(lesson, variantOf(facts.cgroup));
  const ways: Way[] = steps.some(({ solves }) => solves.length > 0) ? ["run", "solve"] : ["run"];
  const figures: Figure[] = [];
  try {
    for (const way of ways) figures.push(...(await testLive(lesson, facts, way)));
    return figures;
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 3)
      return `${error.message}; try: ${error.hint}`;
    throw error;
  }
}

/** What each way of taking a lesson live is called in the figures. */
const NAMES: Readonly<Record<Way, string>> = { run: "live", solve: "solve" };

async function testLive(lesson: Lesson, facts: HostFacts, way: Way): Promise<Figure[]> {
  const before = readFingerprint();
  const session = await openLiveSession(lesson, facts, labMode(facts, null));
  const { timeline, driver } = session;
  const name = `${lesson.id}-${NAMES[way]}`;
  const proof = createProof(name, false);
  try {
    for (const step of session.lesson.steps) {
      await withinBound(driver.run(step.id, way), step.id, timeline.events);
      const early = new Set(heldBefore(step, timeline).map((check) => check.id));
      proof.step(step, timeline.events, early);
    }
  } finally {
    await driver.leave("finished");
  }
  const left = await traces(timeline.events, before);
  for (const trace of left) say(`left behind: ${trace}`);
  return [...proof.figures(), { name: `${name}-left-behind`, value: left.length, goal: 0 }];
}

/** A recording must satisfy every check, and cut off before a step's first command none of its. */
function testRecording(lesson: Lesson, variant: Variant): Figure[] {
  const { events, problems } = loadRecording(recordingFile(lesson.id, variant), lesson.id);
  const name = `${lesson.id}-recording-${variant}`;
  const proof = createProof(name, true);
  const selected = selectVariant(lesson, variant);
  for (const step of selected.steps) {
    const before = beforeFirstRun(lastAttempt(events, step.id)?.events ?? []);
    const early = step.checks.filter((check) => evaluate(check, before).outcome === "passed");
    proof.step(step, events, new Set(early.map((check) => check.id)));
  }
  const warnings = recordingWarnings(selected, events, problems);
  for (const warning of warnings) say(`${name} WARNING: ${warning}`);
  return [...proof.figures(), { name: `${name}-warnings`, value: warnings.length, goal: 0 }];
}
