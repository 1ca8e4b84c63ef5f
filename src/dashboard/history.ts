import type { CgroupSample, CgroupSamples } from "../timeline/cgroup-sample.ts";
import type { EventKind } from "../timeline/event.ts";
import { isNearLimit, perSecond, scaleTop } from "../timeline/scale.ts";

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
const FAMILIES = ["calls", "processes", "cgroups", "others"] as const;
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

/** MiB; the limit is a second line where it is near. */
export function memorySeries(history: History, path: string): Series[] {
  const groups = groupsOf(history, path);
  const used = groups.map(({ memory }) => (memory ?? 0) / 2 ** 20);
  const limit = groups.at(-1)?.memoryLimit ?? null;
  const line = { name: "used", values: used };
  const inBytes = groups.map(({ memory }) => memory ?? 0);
  if (limit === null || !isNearLimit(inBytes, limit)) return [line];
  return [line, { name: "limit", values: groups.map((group) => mebibytes(group.memoryLimit)) }];
}

function mebibytes(bytes: number | null): number {
  return (bytes ?? 0) / 2 ** 20;
}

/** Per cent of one processor; and periods a second in which it was stopped. */
export function cpuSeries(history: History, path: string): Series[] {
  const busy = ratesOf(history, path, ({ cpu }) => cpu).map((value) => value * 100);
  const throttled = ratesOf(history, path, (group) => group.throttled);
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
function ratesOf(
  { samples }: History,
  path: string,
  counter: (group: CgroupSample) => number | null,
): number[] {
  return samples.slice(1).map((now, index) => {
    const before = samples[index];
    const [from, to] = [before && groupIn(before, path), groupIn(now, path)];
    if (before === undefined || from === undefined || to === undefined) return 0;
    return perSecond(counter(from) ?? 0, counter(to) ?? 0, (now.at - before.at) / 1000);
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

export function scaleOf(series: readonly Series[]): number {
  return scaleTop(series.flatMap(({ values }) => values));
}
