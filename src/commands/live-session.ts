import { createLiveDriver } from "../drivers/live.ts";
import { measureObserverCost } from "../drivers/observer-cost.ts";
import { type HostFacts, hostSummary } from "../host/host-facts.ts";
import type { LabMode } from "../host/live.ts";
import { helperPath } from "../host/paths.ts";
import { withPrograms } from "../host/programs.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { type Abilities, unmetNeeds, unmetText } from "../lesson/needs.ts";
import { selectVariant } from "../lesson/select.ts";
import { type Clock, createClock } from "../sources/clock.ts";
import { HelperRefusal } from "../sources/helper.ts";
import { type Lab, openLab } from "../sources/lab.ts";
import type { Diagnostic, Lack, SessionStart } from "../timeline/event.ts";
import { RECORDING_FORMAT } from "../timeline/recording.ts";
import { createTimeline } from "../timeline/timeline.ts";
import { UserError } from "../user-error.ts";
import { VERSION } from "../version.ts";
import { lessonFiles, placeLessonFiles } from "./lesson-files.ts";
import { type Session, variantOf } from "./session.ts";

export async function openLiveSession(
  lesson: Lesson,
  facts: HostFacts,
  mode: LabMode,
): Promise<Session> {
  const clock = createClock();
  const selected = selectVariant(lesson, variantOf(facts.cgroup));
  const timeline = createTimeline([sessionStart(lesson.id, facts)]);
  const lab = await openLab({ command: helperCommand(facts, mode), clock, name: lesson.id, mode });
  try {
    const abilities = withPrograms(lab.ready, facts);
    requireAbilities(abilities, lesson, mode);
    await placeLessonFiles(lab, lessonFiles(lesson.id));
    for (const lack of lacksByReason(lab.ready.lacks)) lab.emit(say("lab", lack, clock));
    const tracing = facts.strace !== null && (await announceObserver(lab, lesson, clock));
    const driver = createLiveDriver({ lab, lesson: selected, abilities, timeline, clock, tracing });
    return { lesson: selected, driver, timeline };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** Why there is no lab, where that is no bug: the helper says no, or what it says cannot do. */
export function isNoLab(error: unknown): error is HelperRefusal | UserError {
  return error instanceof HelperRefusal || error instanceof UserError;
}

function sessionStart(lesson: string, facts: HostFacts): SessionStart {
  return {
    kind: "session.start",
    t: 0,
    format: RECORDING_FORMAT,
    tool: VERSION,
    lesson,
    startedAt: new Date().toISOString(),
    host: hostSummary(facts),
  };
}

/**
 * On cgroup v2 the tree belongs to systemd, which hands out parts of it on request: a scope with
 * Delegate=yes is ours to divide (systemd.resource-control(5), "Delegate="), and systemd removes it
 * when the last process has left.
 */
function helperCommand(facts: HostFacts, mode: LabMode): [string, ...string[]] {
  const delegated = mode === "root" ? facts.systemd : facts.rootless.delegation === "systemd";
  if (facts.cgroup.version !== "v2" || !delegated) return [helperPath];
  const manager = mode === "root" ? [] : ["--user"];
  return [
    "systemd-run",
    ...manager,
    "--scope",
    "--quiet",
    "--property=Delegate=yes",
    "--",
    helperPath,
  ];
}

/** What the whole lesson needs; a step's own needs are its own business (drivers/live.ts). */
function requireAbilities(abilities: Abilities, lesson: Lesson, mode: LabMode): void {
  const unmet = unmetNeeds(lesson.needs, abilities);
  if (unmet.length === 0) return;
  const fix =
    mode === "rootless"
      ? `sudo tsinternals lesson ${lesson.id}`
      : "run it where they are delegated: systemd-run --scope -p Delegate=yes tsinternals …";
  throw new UserError(unmetText(unmet), fix, 3);
}

/** One sentence for each reason: on a host without delegation every controller has the same. */
function lacksByReason(lacks: readonly Lack[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { what, why } of lacks) reasons.set(why, [...(reasons.get(why) ?? []), what]);
  return [...reasons].map(([why, whats]) => `this lab lacks ${whats.join(", ")}: ${why}`);
}

/** Whether strace works in this lab; how much it slows commands goes onto the timeline. */
async function announceObserver(lab: Lab, lesson: Lesson, clock: Clock): Promise<boolean> {
  const lists = [lesson.trace, ...lesson.steps.map(({ trace }) => trace ?? [])];
  const calls = lists.find((list) => list.length > 0);
  // A lesson that asks strace for nothing need not hear how much it costs.
  if (calls === undefined) return false;
  const ratio = await measureObserverCost(lab, { calls, strings: lesson.strings });
  const t = clock.now();
  if (ratio !== null) lab.emit({ kind: "observer.cost", t, observer: "strace", ratio });
  else lab.emit(say("strace", "it cannot trace in this lab: no system calls are shown", clock));
  return ratio !== null;
}

function say(source: string, message: string, clock: Clock): Diagnostic {
  return { kind: "diagnostic", t: clock.now(), source, message };
}
