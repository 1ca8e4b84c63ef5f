import type { Event } from "../timeline/event.ts";
import { eventVerdict } from "./check-events.ts";
import { lookVerdict } from "./check-looks.ts";
import type { Check } from "./lesson.ts";
import type { Verdict } from "./verdict.ts";

/**
 * What a check came to. `pending`: its step has not ended yet. `skipped`: it could not be looked
 * at, and why. `unable`: its step cannot run in this lab, and why. Only events decide, so a replay comes to the same outcome as the live session, and
 * a cursor set back in time to an earlier one.
 */
export interface CheckResult {
  readonly check: Check;
  readonly outcome: Verdict["outcome"] | "pending" | "unable";
  /** What was found instead, or why it could not be looked at. Empty when it passed. */
  readonly detail: string;
}

/** The events of one attempt at a step: from its last `step.start` to its `step.end` if there. */
export interface Attempt {
  readonly events: readonly Event[];
  readonly ended: boolean;
}

/** The last attempt at a step among the first `cursor` events; null when it was never begun. */
export function lastAttempt(
  events: readonly Event[],
  step: string,
  cursor: number = events.length,
): Attempt | null {
  let start = -1;
  for (let index = Math.min(cursor, events.length) - 1; index >= 0 && start < 0; index--) {
    const event = events[index];
    if (event?.kind === "step.start" && event.step === step) start = index;
  }
  if (start < 0) return null;
  const rest = events.slice(start, cursor);
  const end = rest.findIndex((event) => event.kind === "step.end" && event.step === step);
  return end < 0 ? { events: rest, ended: false } : { events: rest.slice(0, end + 1), ended: true };
}

export function checkResults(
  checks: readonly Check[],
  events: readonly Event[],
  step: string,
  cursor: number = events.length,
): CheckResult[] {
  const attempt = lastAttempt(events, step, cursor);
  const blind = blindness(events);
  const unable = attempt === null ? null : unableBecause(attempt.events);
  return checks.map((check) => {
    if (attempt === null || !attempt.ended) return { check, outcome: "pending", detail: "" };
    if (unable !== null) return { check, outcome: "unable", detail: unable };
    const result = evaluate(check, attempt.events);
    if (result.outcome !== "failed" || blind === null || !isAboutProcesses(check)) return result;
    const seen = evaluate(check, tracedExits(attempt.events));
    return seen.outcome === "passed" ? seen : { check, outcome: "skipped", detail: blind };
  });
}

/** How processes ended, as strace tells it: to be asked where nothing else tells all of it. */
function tracedExits(events: readonly Event[]): readonly Event[] {
  return events.flatMap((event) => {
    if (event.kind !== "trace.signal") return [];
    const { t, pid, labPid, event: how, code, signal } = event;
    if (how !== "exited" && how !== "killed") return [];
    const end = { ...(code !== undefined && { code }), ...(signal !== undefined && { signal }) };
    return [{ kind: "process.exit", t, pid: pid ?? 0, labPid, ...end }];
  });
}

/** Why the step of this attempt could not run; null when it could. */
export function unableBecause(attempt: readonly Event[]): string | null {
  const unable = attempt.find((event) => event.kind === "step.unable");
  return unable === undefined ? null : unable.why;
}

/** Why processes cannot be seen in this session; null when they can. */
function blindness(events: readonly Event[]): string | null {
  const ready = events.find((event) => event.kind === "lab.ready");
  const lack = ready?.lacks.find(({ what }) => what === "processes.all");
  return lack === undefined ? null : `not every process is seen in this lab: ${lack.why}`;
}

/** What was not seen is no proof against it where nothing can be seen. */
function isAboutProcesses({ claim }: Check): boolean {
  return claim.kind === "event" && claim.event.startsWith("process.");
}

/** A check against the events of an attempt, ended or not. */
export function evaluate(check: Check, events: readonly Event[]): CheckResult {
  const { claim } = check;
  const verdict = claim.kind === "event" ? eventVerdict(claim, events) : lookVerdict(claim, events);
  return { check, ...verdict };
}

/** The part of an attempt before its first command: what a check must be false on. */
export function beforeFirstRun(events: readonly Event[]): readonly Event[] {
  const first = events.findIndex(({ kind }) => kind === "run.start" || kind === "watch.start");
  return first < 0 ? events : events.slice(0, first);
}
