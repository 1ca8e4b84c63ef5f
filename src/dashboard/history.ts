import type { CgroupSample, CgroupSamples } from "../timeline/cgroup-sample.ts";
import type { EventKind } from "../timeline/event.ts";

/** What a dashboard has seen so far, oldest first; at most KEPT of each. */
export interface History {
  readonly samples: readonly CgroupSamples[];
  readonly rates: readonly EventCounts[];
}

/** Events that came between one look and the next. */
export interface EventCounts {
  /** Milliseconds, of the samples' clock. */
  readonly at: number;
  readonly counts: Readonly<Record<Family, number>>;
}

/** A minute and a half at two looks a second. */
export const KEPT = 180;
export const EMPTY: History = { samples: [], rates: [] };

/** What a line of the chart of events stands for, in the order of the legend. */
export const FAMILIES = ["calls", "processes", "cgroups", "others"] as const;
export type Family = (typeof FAMILIES)[number];

export function familyOf(kind: EventKind | string): Family {
  if (kind === "syscall" || kind.startsWith("trace.")) return "calls";
  if (kind.startsWith("process.")) return "processes";
  return kind.startsWith("cgroup.") ? "cgroups" : "others";
}

export function countEvents(at: number, kinds: readonly string[]): EventCounts {
  const counts: Record<Family, number> = {
    calls: 0,
    processes: 0,
    cgroups: 0,
    others: 0,
  };
  for (const kind of kinds) counts[familyOf(kind)]++;
  return { at, counts };
}

/** `rates` null: nobody records the events. */
export function remember(
  history: History,
  samples: CgroupSamples,
  rates: EventCounts | null,
): History {
  const add = <T>(list: readonly T[], item: T): T[] => [...list, item].slice(-KEPT);
  return {
    samples: add(history.samples, samples),
    rates: rates === null ? history.rates : add(history.rates, rates),
  };
}

/** One line of a chart: a value a look; the newest is the last. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** From this part of its limit on, a group's limit is worth a line: else it would flatten the other. */
const NEAR_LIMIT = 1 / 8;

/** MiB; the limit is a second line where it is near. */
export function memorySeries(history: History, path: string): Series[] {
  const groups = groupsOf(history, path);
  const used = groups.map(({ memory }) => (memory ?? 0) / 2 ** 20);
  const limit = groups.at(-1)?.memoryLimit ?? null;
  const line = { name: "used", values: used };
  const near = limit !== null && groups.some(({ memory }) => (memory ?? 0) >= limit * NEAR_LIMIT);
  if (!near) return [line];
  return [line, { name: "limit", values: groups.map((group) => mebibytes(group.memoryLimit)) }];
}

function mebibytes(bytes: number | null): number {
  return (bytes ?? 0) / 2 ** 20;
}

/** Per cent of one processor; and periods a second in which it was stopped. */
export function cpuSeries(history: History, path: string): Series[] {
  const busy = perSecond(history, path, ({ cpu }) => cpu).map((value) => value * 100);
  const throttled = perSecond(history, path, (group) => group.throttled);
  const lines = [{ name: "% of a CPU", values: busy }];
  if (throttled.every((value) => value === 0)) return lines;
  return [...lines, { name: "throttled/s", values: throttled }];
}

export function pidsSeries(history: History, path: string): Series[] {
  return [{ name: "pids", values: groupsOf(history, path).map(({ pids }) => pids ?? 0) }];
}

/** Events a second, by family. */
export function eventSeries({ rates }: History): Series[] {
  return FAMILIES.map((name) => ({
    name,
    values: rates.slice(1).map(({ at, counts }, index) => {
      const seconds = (at - (rates[index]?.at ?? at)) / 1000;
      return seconds > 0 ? counts[name] / seconds : 0;
    }),
  }));
}

/** Differences of a counter; a group that was made anew under the name begins at its own zero. */
function perSecond(
  { samples }: History,
  path: string,
  counter: (group: CgroupSample) => number | null,
): number[] {
  return samples.slice(1).map((now, index) => {
    const before = samples[index];
    const [from, to] = [before && groupIn(before, path), groupIn(now, path)];
    if (before === undefined || from === undefined || to === undefined) return 0;
    const difference = (counter(to) ?? 0) - (counter(from) ?? 0);
    const seconds = (now.at - before.at) / 1000;
    return seconds > 0 ? Math.max(0, difference / seconds) : 0;
  });
}

function groupsOf({ samples }: History, path: string): CgroupSample[] {
  return samples.flatMap((one) => groupIn(one, path) ?? []);
}

function groupIn({ groups }: CgroupSamples, path: string): CgroupSample | undefined {
  return groups.find((group) => group.path === path);
}

/** The table below the charts. */
export const HEADERS = ["group", "memory", "limit", "cpu", "pids", "throttled", "oom kills"];

export function tableRows(history: History): string[][] {
  // The newest number of each group takes two looks, not all that are kept.
  const last: History = { ...history, samples: history.samples.slice(-2) };
  const newest = last.samples.at(-1)?.groups ?? [];
  return newest.map((group) => [
    group.path,
    bytesText(group.memory),
    group.memoryLimit === null ? "none" : bytesText(group.memoryLimit),
    `${(cpuSeries(last, group.path)[0]?.values.at(-1) ?? 0).toFixed(0)} %`,
    text(group.pids),
    text(group.throttled),
    text(group.oomKills),
  ]);
}

function text(value: number | null): string {
  return value === null ? "?" : String(value);
}

function bytesText(bytes: number | null): string {
  if (bytes === null) return "?";
  if (bytes < 2 ** 20) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 2 ** 20).toFixed(bytes < 100 * 2 ** 20 ? 1 : 0)} MiB`;
}

/** The top of a chart's scale: the least of 1, 2, 5, 10, 20, … that everything is below. */
export function scaleOf(series: readonly Series[]): number {
  const most = Math.max(1, ...series.flatMap(({ values }) => values));
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}
