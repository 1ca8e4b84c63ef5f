import { beforeFirstRun, evaluate, lastAttempt } from "../lesson/check.ts";
import type { Check, Run } from "../lesson/lesson.ts";
import { type Abilities, unmetNeeds, unmetText } from "../lesson/needs.ts";
import type { SelectedLesson, SelectedStep } from "../lesson/select.ts";
import type { Clock } from "../sources/clock.ts";
import { HelperRefusal } from "../sources/helper.ts";
import type { Lab } from "../sources/lab.ts";
import { createLayerReader, type LayerReader } from "../sources/layers.ts";
import type { TraceFilter } from "../sources/trace.ts";
import { layerChanges } from "../timeline/layer-diff.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import { diffSnapshots } from "../timeline/snapshot-diff.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Driver, Way } from "./driver.ts";
import { createProber, type Prober } from "./probe.ts";
import { openShell } from "./shell.ts";
import { createWatches, type Watches } from "./watches.ts";

export interface LiveOptions {
  readonly lab: Lab;
  readonly lesson: SelectedLesson;
  /** What the lab can do, and the host's programs. */
  readonly abilities: Abilities;
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** False: commands run without strace. */
  readonly tracing: boolean;
}

/** How long the kernel may take until a counter or an exit shows what a step did. */
const SETTLE_MILLISECONDS = 3000;
const LOOK_AGAIN_MILLISECONDS = 100;
/** How often the checks are looked at while the learner types. */
const ATTEND_MILLISECONDS = 500;

/** Drives a lab: steps really run. */
export function createLiveDriver(options: LiveOptions): Driver {
  const { lab, timeline, clock } = options;
  const watches = createWatches(lab, clock, () => ++session.lastRun);
  const layers = createLayerReader(lab.tree);
  const session: Session = { ...options, watches, layers, lastRun: 0, running: null, giveUp: null };
  let left: Promise<void> | null = null;
  const leave: Driver["leave"] = (reason) => {
    left ??= (async () => {
      await lab.close();
      await pumped;
      timeline.append([{ kind: "session.end", t: clock.now(), reason }]);
      timeline.end();
    })();
    return left;
  };
  const pumped = pump(lab, timeline);
  // A lab that goes without being asked to ends the session; after leave() this does nothing.
  pumped.then(() => leave("failed"));
  return {
    mode: { kind: "live" },
    async run(id, way = "run") {
      await runStep(session, stepOf(session, id), way);
      await left;
    },
    shell(id, size) {
      const trace = filterOf(session, stepOf(session, id));
      return openShell({ lab, clock, run: ++session.lastRun, size, trace });
    },
    answer(step, answer) {
      lab.emit({ kind: "ask.answer", t: clock.now(), step, answer });
    },
    interrupt() {
      session.giveUp?.();
      // Politely first; whoever ignores it is killed when the lab goes.
      if (session.running !== null) lab.signal(session.running, "TERM").catch(() => {});
    },
    leave,
  };
}

interface Session extends LiveOptions {
  readonly watches: Watches;
  readonly layers: LayerReader;
  lastRun: number;
  /** The run that has not exited, if any. */
  running: number | null;
  /** Ends an attempt by hand; null: there is none. */
  giveUp: (() => void) | null;
}

function stepOf({ lesson }: Session, id: string): SelectedStep {
  const step = lesson.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step "${id}" in lesson ${lesson.id}`);
  return step;
}

async function pump(lab: Lab, timeline: Timeline): Promise<void> {
  for await (const events of lab.events()) timeline.append(events);
}

async function runStep(session: Session, step: SelectedStep, way: Way | "hand"): Promise<void> {
  const { lab, clock, abilities } = session;
  const how = { ...(way === "solve" && SOLVED), ...(way === "hand" && BY_HAND) };
  lab.pollCgroups();
  lab.emit({ kind: "step.start", t: clock.now(), step: step.id, ...how });
  const unmet = unmetNeeds(step.needs, abilities);
  if (unmet.length > 0)
    lab.emit({ kind: "step.unable", t: clock.now(), step: step.id, why: unmetText(unmet) });
  else await tryStep(session, step, way);
  lab.emit({ kind: "step.end", t: clock.now(), step: step.id });
  lab.flush();
  await delivered();
}

const SOLVED = { solved: true } as const;
const BY_HAND = { byHand: true } as const;

async function tryStep(session: Session, step: SelectedStep, way: Way | "hand"): Promise<void> {
  const { lab, clock } = session;
  const prober = createProber({ lab, clock, checks: step.checks });
  const before = await lab.snapshot();
  await tellLayers(session, before);
  const layersBefore = session.layers.told();
  await prober.before();
  await session.watches.start(step);
  await watchConnections(session, step);
  for (const block of blocksOf(step, way)) {
    await runBlock(session, step, block.script);
    await tellLayers(session, await lab.snapshot());
    // The next block may delete a rule, and its counter with it.
    await countRules(lab);
  }
  await (way === "hand" ? attend(session, step, prober) : settle(session, step, prober));
  const after = await lab.snapshot();
  await tellLayers(session, after);
  if (before === null || after === null) return;
  const inLayers = layerChanges(layersBefore, session.layers.told());
  const difference = diffSnapshots(before, after, inLayers);
  lab.emit({ kind: "step.changes", t: clock.now(), step: step.id, ...difference });
}

function blocksOf({ runs, solves }: SelectedStep, way: Way | "hand"): readonly Run[] {
  if (way === "hand") return [];
  return way === "solve" && solves.length > 0 ? solves : runs;
}

/** Tells what is in the layers of the overlays that are mounted, where it differs from before. */
async function tellLayers({ lab, clock, layers }: Session, now: Snapshot | null): Promise<void> {
  if (now === null) return;
  for (const seen of await layers.look(now)) lab.emit({ ...seen, t: clock.now() });
}

async function runBlock(session: Session, step: SelectedStep, script: string): Promise<void> {
  const { lab, clock } = session;
  const run = ++session.lastRun;
  const t = clock.now();
  try {
    const argv = ["/bin/sh", "-c", script];
    const { pid, labPid, exited } = await lab.start(run, argv, filterOf(session, step));
    lab.emit({ kind: "run.start", t, run, step: step.id, pid, labPid, script });
    session.running = run;
    await exited;
  } catch (error) {
    if (!(error instanceof HelperRefusal)) throw error;
    lab.emit({ kind: "diagnostic", t: clock.now(), source: "lab", message: error.message });
  } finally {
    session.running = null;
  }
}

/** What strace is asked for; null: the step runs without it. */
function filterOf({ lesson, tracing }: Session, step: SelectedStep): TraceFilter | null {
  const calls = step.trace ?? lesson.trace;
  return tracing && calls.length > 0 ? { calls, strings: lesson.strings } : null;
}

/** Looks until every check holds or the time is up, so that no check depends on luck. */
async function settle(session: Session, step: SelectedStep, prober: Prober): Promise<void> {
  const { clock } = session;
  const deadline = clock.now() + SETTLE_MILLISECONDS * 1e6;
  for (;;) {
    // strace and the cgroup files are a little behind the command's exit.
    await sleep(LOOK_AGAIN_MILLISECONDS);
    if ((await looksDone(session, step, prober)) || clock.now() > deadline) return;
  }
}

/** Looks while the learner types, until every check holds or the learner gives up. */
async function attend(session: Session, step: SelectedStep, prober: Prober): Promise<void> {
  let givenUp = false;
  const gaveUp = new Promise<void>((resolve) => {
    session.giveUp = () => {
      givenUp = true;
      resolve();
    };
  });
  while (!givenUp) {
    await Promise.race([sleep(ATTEND_MILLISECONDS), gaveUp]);
    if (await looksDone(session, step, prober)) break;
  }
  session.giveUp = null;
}

/** Every check holds by now, or nothing more can come. */
async function looksDone(session: Session, step: SelectedStep, prober: Prober): Promise<boolean> {
  const { lab, timeline } = session;
  lab.pollCgroups();
  await countRules(lab);
  await prober.after();
  lab.flush();
  await delivered();
  const attempt = lastAttempt(timeline.events, step.id)?.events ?? [];
  const open = step.checks.some((check) => evaluate(check, attempt).outcome === "failed");
  return !open || timeline.ended;
}

/**
 * Where the network is shown, from the first packet on: a rule of iptables-legacy is seen only when
 * its program has ended, and by then a ping may have been there and back.
 */
async function watchConnections({ lab, lesson }: Session, step: SelectedStep): Promise<void> {
  const shown = [...(lesson.panes ?? []), ...(step.panes ?? [])];
  if (shown.includes("network")) await lab.watchConnections().catch(() => {});
}

/** A lab that is going has no counters any more, and says so elsewhere. */
async function countRules(lab: Lab): Promise<void> {
  await lab.countRules().catch(() => {});
}

/** Batches reach the timeline through an async generator: one turn of the loop later. */
function delivered(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Which checks of a step already held before its first command: each must not (lesson test). */
export function heldBefore(step: SelectedStep, timeline: Timeline): Check[] {
  const before = beforeFirstRun(lastAttempt(timeline.events, step.id)?.events ?? []);
  return step.checks.filter((check) => evaluate(check, before).outcome === "passed");
}
