import type { Event, Probe } from "../timeline/event.ts";
import type { CommandClaim, Comparison, FileClaim, Matcher } from "./lesson.ts";
import { describeMatcher, matches } from "./match.ts";
import { failed, PASSED, skipped, type Verdict } from "./verdict.ts";

type LookClaim = FileClaim | CommandClaim;

/** A claim about what somebody finds who looks into the lab: a file, or what a command writes. */
export function lookVerdict(claim: LookClaim, events: readonly Event[]): Verdict {
  const probe = events.findLast((event) => isProbeFor(claim, event)) as Probe | undefined;
  if (probe === undefined) return skipped(unseen(claim));
  if (probe.error !== undefined) return skipped(`${placeOf(claim)}: ${probe.error}`);
  const { matcher } = claim;
  const value = valueIn(claim, probe);
  if (isComparison(matcher)) return comparisonVerdict(claim, matcher, events);
  if (matches(matcher, value)) return PASSED;
  return failed(`${nameOf(claim)} ${found(value, matcher)}`);
}

function isProbeFor(claim: LookClaim, event: Event): event is Probe {
  if (event.kind !== "probe") return false;
  if (claim.kind === "command") return event.command === claim.command;
  return event.command === undefined && event.path === claim.path;
}

function isComparison(matcher: Matcher | Comparison): matcher is Comparison {
  return !("value" in matcher);
}

/** Holds only once the step has run: so both comparisons are false before it. */
function comparisonVerdict(
  claim: LookClaim,
  { kind }: Comparison,
  events: readonly Event[],
): Verdict {
  const run = events.findIndex((event) => event.kind === "run.start");
  const isProbe = (event: Event): event is Probe => isProbeFor(claim, event);
  const before = run < 0 ? undefined : events.slice(0, run).findLast(isProbe);
  const after = run < 0 ? undefined : events.slice(run).findLast(isProbe);
  if (after === undefined) return failed("the step has not run");
  if (before === undefined || before.error !== undefined)
    return skipped(`${unseen(claim)} before the step`);
  const [from, to] = [valueIn(claim, before), valueIn(claim, after)];
  if ((from === to) === (kind === "same-as-before")) return PASSED;
  const now = to === null ? "is not there" : `is ${JSON.stringify(to)}`;
  const was = from === null ? "was not there" : `was ${JSON.stringify(from)}`;
  return failed(`${nameOf(claim)} ${now}${from === to ? " as before the step" : ` and ${was}`}`);
}

function unseen(claim: LookClaim): string {
  return claim.kind === "file" ? `${claim.path} was not read` : `\`${claim.command}\` was not run`;
}

function placeOf(claim: LookClaim): string {
  return claim.kind === "file" ? claim.path : `what \`${claim.command}\` says`;
}

function nameOf(claim: LookClaim): string {
  return claim.field === null ? placeOf(claim) : `${claim.field} in ${placeOf(claim)}`;
}

function found(value: string | null, matcher: Matcher): string {
  if (value === null) return "is not there";
  return `is ${JSON.stringify(value)}, expected ${describeMatcher(matcher)}`;
}

function valueIn({ field }: LookClaim, { text }: Probe): string | null {
  return field === null ? trimmed(text) : fieldOf(text, field);
}

function trimmed(text: string | null): string | null {
  return text === null ? null : text.replace(/\n$/, "");
}

/** `key value` lines (cgroup v2 "flat keyed" files; v1's memory.stat and cpu.stat are the same). */
function fieldOf(text: string | null, field: string): string | null {
  for (const line of (text ?? "").split("\n")) {
    const [key, value] = line.split(/[ \t=:]+/, 2);
    if (key === field && value !== undefined) return value;
  }
  return null;
}
