import { type CgroupReading, cgroupReading } from "./cgroup-reading.ts";
import type { Event } from "./event.ts";
import type { CgroupChange, CgroupOom, CgroupRemove } from "./event-kernel.ts";

/** One reading of one number. `value` null: it is no more, or there is no such limit. */
export interface Point {
  /** Nanoseconds of the session. */
  readonly t: number;
  readonly value: number | null;
  /** Index of the event that told it. */
  readonly at: number;
}

/** What is kept of a group: as in CgroupReading; `quota` here is per cent of one processor. */
const MEASURES = [
  ...(["memory", "memoryLimit", "memoryPeak"] as const),
  ...(["cpu", "quota", "weight", "throttled"] as const),
  ...(["pids", "pidsLimit"] as const),
] as const;
export type Measure = (typeof MEASURES)[number];

/** A group that the lesson made, over time; on v1 the directories of its name in all trees. */
export interface GroupSeries {
  readonly path: string;
  readonly points: ReadonlyMap<Measure, readonly Point[]>;
  /** The file that each was read from. */
  readonly files: ReadonlyMap<Measure, string>;
  /** When the OOM killer came; the value is how many it has killed so far. */
  readonly kills: readonly Point[];
}

interface Growing extends GroupSeries {
  readonly points: Map<Measure, Point[]>;
  readonly files: Map<Measure, string>;
  /** Which tree each is read in. */
  readonly hierarchies: Map<Measure, string>;
  readonly kills: Point[];
  /** As many as the kernel has counted: of a group made anew it begins at 0. */
  killed: number;
  quota: number | null;
  period: number;
}

/**
 * The groups of a session in the order in which they were made, those of the lab's own left out.
 * Each event is looked at once; points have their event's index, so an earlier moment is a cut
 * (`upTo`) and needs no second look.
 */
export function createCgroupSeries(): (
  events: readonly Event[],
  cursor: number,
) => readonly GroupSeries[] {
  const groups = new Map<string, Growing>();
  let seen = 0;
  let started = false;
  return (events, cursor) => {
    for (; seen < cursor; seen++) {
      const event = events[seen] as Event;
      if (event.origin !== undefined) continue;
      if (event.kind === "step.start") started = true;
      if (event.kind === "cgroup.create" && started && !groups.has(event.path))
        groups.set(event.path, newGroup(event.path));
      const group = "path" in event ? groups.get(event.path) : undefined;
      if (group !== undefined) take(group, event, seen);
    }
    return [...groups.values()];
  };
}

/** The points that were known when `cursor` events were in the past. */
export function upTo(points: readonly Point[] | undefined, cursor: number): readonly Point[] {
  if (points === undefined) return [];
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as Point).at < cursor) low = middle + 1;
    else high = middle;
  }
  return low === points.length ? points : points.slice(0, low);
}

function newGroup(path: string): Growing {
  return {
    ...{ path, points: new Map(), files: new Map(), hierarchies: new Map(), kills: [] },
    ...{ killed: 0, quota: null, period: 100_000 },
  };
}

function take(group: Growing, event: Event, at: number): void {
  if (event.kind === "cgroup.change") changed(group, event, at);
  if (event.kind === "cgroup.remove") removed(group, event, at);
  if (event.kind === "cgroup.oom") killed(group, event.t, event.kills, at);
}

function removed(group: Growing, { hierarchy, t }: CgroupRemove, at: number): void {
  for (const [measure, points] of group.points)
    if (group.hierarchies.get(measure) === hierarchy) points.push({ t, value: null, at });
  if (group.hierarchies.get("memory") === hierarchy) group.killed = 0;
}

/** A kill may be told twice: as it happens, and by the counter, of some time since the last look. */
function killed(group: Growing, t: CgroupOom["t"], count: number, at: number): void {
  if (count <= group.killed) return;
  group.killed = count;
  group.kills.push({ t, value: count, at });
}

function changed(group: Growing, event: CgroupChange, at: number): void {
  const reading = cgroupReading(event.file, event.after);
  if (reading === null) return;
  const { t } = event;
  if (typeof reading.oomKills === "number" && event.before !== null)
    killed(group, (lookBefore(group, t).t + t) / 2, reading.oomKills, at);
  if (typeof reading.memoryPeak === "number") peaked(group, event, reading.memoryPeak, at);
  if (typeof reading.memory === "number") dropSpike(group, t, reading.memory);
  for (const [measure, value] of valuesOf(group, reading)) {
    pointsOf(group, measure).push({ t, value, at });
    group.files.set(measure, event.file);
    group.hierarchies.set(measure, event.hierarchy);
  }
}

function valuesOf(group: Growing, reading: CgroupReading): [Measure, number | null][] {
  if (reading.quota !== undefined) group.quota = reading.quota;
  if (typeof reading.period === "number" && reading.period > 0) group.period = reading.period;
  const bounded = reading.quota !== undefined || reading.period !== undefined;
  const quota = group.quota === null ? null : (group.quota / group.period) * 100;
  const known = bounded ? { ...reading, quota } : reading;
  return MEASURES.flatMap((measure): [Measure, number | null][] => {
    const value = known[measure];
    return value === undefined ? [] : [[measure, value]];
  });
}

function pointsOf({ points }: Growing, measure: Measure): Point[] {
  const known = points.get(measure) ?? [];
  points.set(measure, known);
  return known;
}

/** Files read in one go have times that differ by less than this (ns). */
const TOGETHER = 20e6;
/** How often they are read, and a bit (ns). */
const LOOK = 0.25e9;

/** Where in `memory` the last look before this one ended, and when that was, as far as one knows. */
function lookBefore(group: Growing, t: number): { readonly index: number; readonly t: number } {
  const memory = pointsOf(group, "memory");
  const index = memory.findLastIndex((point) => t - point.t >= TOGETHER);
  return { index, t: Math.max(memory[index]?.t ?? 0, t - LOOK) };
}

/**
 * The kernel says that more was used than any reading saw: since the last look. When the OOM killer
 * came is when that was. v2 has the peak behind the usage, v1 before it.
 */
function peaked(group: Growing, event: CgroupChange, peak: number, at: number): void {
  const memory = pointsOf(group, "memory");
  const { index, t } = lookBefore(group, event.t);
  const [before, now] = [memory[index], memory[index + 1]];
  if (event.before === null || before === undefined) return;
  if (peak <= Math.max(before.value ?? 0, now?.value ?? 0)) return;
  const kill = group.kills.at(-1);
  const seen = kill !== undefined && kill.t > t && kill.t < event.t;
  const spike = { t: seen ? kill.t : (t + event.t) / 2, value: peak, at: now?.at ?? at };
  memory.splice(index + 1, 0, spike);
}

/** The highest that was used is what is used now: that is no peak of its own. */
function dropSpike(group: Growing, t: number, value: number): void {
  const memory = pointsOf(group, "memory");
  const [spike, peak] = [memory.at(-1), group.points.get("memoryPeak")?.at(-1)];
  const fresh = spike !== undefined && spike.at === peak?.at && t - peak.t < TOGETHER;
  if (fresh && value >= (spike.value ?? 0)) memory.pop();
}
