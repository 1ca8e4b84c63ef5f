import type { Point } from "../../../timeline/cgroup-series.ts";
import { perSecond } from "../../../timeline/scale.ts";

/** A corner of a curve; null: the curve is interrupted. */
export interface Corner {
  readonly t: number;
  readonly value: number | null;
}

/** How often the files of a group are read while something runs, and a bit (ns). */
const LOOK = 0.25e9;
/** A busy machine is later with it; a counter that was not read for longer stood still before. */
const LATEST_LOOK = 0.4e9;
/** Of a counter read twice in less than this (ns) the difference says nothing. */
const LEAST = 0.15e9;

/** What was read stays until shortly before it was read to be something else. */
export function levelCorners(points: readonly Point[], to: number): Corner[] {
  const corners: Corner[] = [];
  let before: Corner | null = null;
  for (const { t, value } of points) {
    if (before !== null && before.value !== null && t - before.t > LOOK)
      corners.push({ t: value === null ? t : t - LOOK, value: before.value });
    before = { t, value };
    corners.push(before);
  }
  if (before !== null && before.value !== null && before.t < to)
    corners.push({ t: to, value: before.value });
  return corners;
}

/** A limit holds from when it was read until it is read to be another. */
export function limitCorners(points: readonly Point[], to: number): Corner[] {
  return points.flatMap(({ t, value }, index) => {
    const until = points[index + 1]?.t ?? Math.max(t, to);
    return [
      { t, value },
      { t: until, value },
    ];
  });
}

interface Rate {
  readonly from: number;
  to: number;
  value: number | null;
}

/** A counter as its speed, per second times `unit`; where it stood still that is 0. */
export function rateCorners(points: readonly Point[], to: number, unit = 1): Corner[] {
  const corners: Corner[] = [];
  for (const { from, to: until, value } of ratesOf(points, unit)) {
    const last = corners.at(-1);
    // The counter did not move in between.
    if (last !== undefined && last.value !== null && from > last.t)
      corners.push({ t: last.t, value: 0 }, { t: from, value: 0 });
    corners.push({ t: from, value }, { t: until, value });
  }
  const last = corners.at(-1);
  if (last !== undefined && last.value !== null && to - last.t > LOOK)
    corners.push({ t: last.t, value: 0 }, { t: to, value: 0 });
  return corners;
}

function ratesOf(points: readonly Point[], unit: number): Rate[] {
  const rates: Rate[] = [];
  // Where the interval that is being measured began.
  let since: Point | null = null;
  for (const point of points) {
    const { t, value } = point;
    if (value === null || since === null || since.value === null) {
      if (value === null && since !== null) rates.push({ from: t, to: t, value: null });
      since = point;
      continue;
    }
    const last = rates.at(-1);
    if (t - since.t < LEAST && last !== undefined && last.value !== null) continue;
    const from = Math.max(since.t, t - LATEST_LOOK);
    rates.push({ from, to: t, value: unit * perSecond(since.value, value, (t - from) / 1e9) });
    since = point;
  }
  return rates;
}

/** What of a curve lies in a span of time; where it is cut it goes on straight. */
export function within(corners: readonly Corner[], from: number, to: number): Corner[] {
  const inside = corners.filter(({ t }) => t >= from && t <= to);
  const first = corners.findIndex(({ t }) => t >= from);
  const [before, after] = [corners[first - 1], corners[first]];
  const entering =
    first > 0 && before !== undefined && after !== undefined && before.value !== null
      ? [{ t: from, value: between(before, after, from) }]
      : [];
  return [...entering, ...inside];
}

function between(a: Corner, b: Corner, t: number): number | null {
  if (a.value === null || b.value === null || b.t === a.t) return a.value;
  return a.value + ((b.value - a.value) * (t - a.t)) / (b.t - a.t);
}
