import { type GroupSeries, type Measure, upTo } from "../../../timeline/cgroup-series.ts";
import { FINE, isNearLimit, scaleTop } from "../../../timeline/scale.ts";
import { type Corner, levelCorners, limitCorners, rateCorners, within } from "./chart-lines.ts";

/** One curve, or a limit, with what it is called. */
export interface Curve {
  readonly group: string;
  readonly corners: readonly Corner[];
  /** At the end of the time shown; null: it is over. */
  readonly last: number | null;
}

/** When the OOM killer came, and whose process it took. */
export interface Mark {
  readonly t: number;
  readonly group: string;
}

/** What one chart shows of the time from `from` to `to` (ns). */
export interface Chart {
  readonly kind: ChartKind;
  /** The files it was read from. */
  readonly files: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly curves: readonly Curve[];
  readonly limits: readonly Curve[];
  readonly marks: readonly Mark[];
  /** Groups whose curves are left out. */
  readonly others: number;
  /** The most that was used in that time, by the kernel's own account. */
  readonly peak: number | null;
  /** How much happened in it: the charts with most are shown where there is no room for all. */
  readonly weight: number;
}

const CHART_KINDS = ["memory", "cpu", "throttled", "pids"] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

interface Source {
  readonly measure: Measure;
  readonly corners: (points: ReturnType<typeof upTo>, to: number) => Corner[];
  readonly limit?: Measure;
  /** Whoever writes these makes the chart worth a look. */
  readonly set: readonly Measure[];
  /** A curve at 0 says nothing. */
  readonly silentAtZero?: true;
}

const SOURCES: Readonly<Record<ChartKind, Source>> = {
  memory: {
    measure: "memory",
    corners: levelCorners,
    limit: "memoryLimit",
    set: ["memoryLimit"],
  },
  cpu: {
    ...{ measure: "cpu", silentAtZero: true, limit: "quota", set: ["quota", "weight"] },
    corners: (points, to) => rateCorners(points, to, 100),
  },
  throttled: { measure: "throttled", corners: rateCorners, set: [], silentAtZero: true },
  pids: { measure: "pids", corners: levelCorners, limit: "pidsLimit", set: ["pidsLimit"] },
};

const MOST_CURVES = 3;
const MEBIBYTE = 2 ** 20;
/** Less than this is no movement: what a shell takes and gives back. */
const LEAST_MOVE: Readonly<Record<ChartKind, number>> = {
  memory: MEBIBYTE,
  cpu: 1,
  throttled: 0.1,
  pids: 1,
};

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly cursor: number;
}

/** The charts in which something happened, in the order of CHART_KINDS; else those there are. */
export function chartsOf(groups: readonly GroupSeries[], span: Span): Chart[] {
  const charts = CHART_KINDS.flatMap((kind) => chartOf(kind, groups, span) ?? []);
  const lively = charts.filter(({ weight }) => weight > 0);
  return lively.length > 0 ? lively : charts;
}

interface Candidate {
  readonly group: GroupSeries;
  readonly curve: Curve;
  readonly marks: readonly Mark[];
  /** The difference of its highest and its lowest value; 0: nothing to speak of. */
  readonly moved: number;
  /** Somebody gave it a limit or a weight. */
  readonly set: boolean;
}

function chartOf(kind: ChartKind, groups: readonly GroupSeries[], span: Span): Chart | null {
  const source = SOURCES[kind];
  const worth = worthShowing(groups.flatMap((group) => candidateOf(kind, group, span) ?? []));
  if (worth.length === 0) return null;
  const shown = byInterest(worth).slice(0, MOST_CURVES);
  const curves = shown.map(({ curve }) => curve);
  const values = curves.flatMap(valuesOf);
  const limits = shown
    .flatMap(({ group }) => limitOf(group, source, span) ?? [])
    .filter((limit) => valuesOf(limit).some((value) => isNearLimit(values, value)));
  return {
    ...{ kind, from: span.from, to: span.to, curves, limits },
    marks: shown.flatMap(({ marks }) => marks),
    files: [...new Set(shown.flatMap(({ group }) => group.files.get(source.measure) ?? []))],
    top: topOf(kind, [...values, ...limits.flatMap(valuesOf)]),
    others: worth.length - shown.length,
    peak: kind === "memory" ? Math.max(0, ...values) : null,
    weight: Math.max(...shown.map((each) => weightOf(kind, each))),
  };
}

function candidateOf(kind: ChartKind, group: GroupSeries, span: Span): Candidate | null {
  const source = SOURCES[kind];
  const curve = curveOf(group, source, span);
  if (curve === null) return null;
  const values = valuesOf(curve);
  // A steady speed is movement too.
  const least = source.silentAtZero === true ? 0 : Math.min(...values);
  const moved = Math.max(...values) - least;
  return {
    ...{ group, curve, marks: kind === "memory" ? marksOf(group, span) : [] },
    moved: moved >= LEAST_MOVE[kind] ? moved : 0,
    set: source.set.some((measure) => wasSet(group, measure, span)),
  };
}

/** Groups that do nothing stand back where others do; where none does they are all there is. */
function worthShowing(all: readonly Candidate[]): readonly Candidate[] {
  const lively = all.filter(({ moved, set, marks }) => moved > 0 || set || marks.length > 0);
  if (lively.length > 0) return lively;
  return all.filter(({ curve }) => valuesOf(curve).some((value) => value > 0));
}

/** Who was killed first, then who moved most; of two alike the older one. */
function byInterest(all: readonly Candidate[]): Candidate[] {
  const kills = ({ marks }: Candidate): number => Math.sign(marks.length);
  return [...all].sort((a, b) => kills(b) - kills(a) || b.moved - a.moved);
}

/** What a learner looks for: a kill, a number that somebody set, a curve that moves. */
function weightOf(kind: ChartKind, { marks, set, moved }: Candidate): number {
  const stopped = kind === "throttled" ? 3 : 0;
  return (marks.length > 0 ? 8 : 0) + (set ? 4 : 0) + (moved > 0 ? 2 + stopped : 0);
}

function curveOf(group: GroupSeries, source: Source, span: Span): Curve | null {
  const points = upTo(group.points.get(source.measure), span.cursor);
  const corners = within(source.corners(points, span.to), span.from, span.to);
  const curve = { group: group.path, corners, last: corners.at(-1)?.value ?? null };
  const values = valuesOf(curve);
  if (values.length === 0) return null;
  return source.silentAtZero === true && values.every((value) => value === 0) ? null : curve;
}

function limitOf(group: GroupSeries, { limit }: Source, span: Span): Curve | null {
  if (limit === undefined) return null;
  const points = upTo(group.points.get(limit), span.cursor);
  const corners = within(limitCorners(points, span.to), span.from, span.to);
  const curve = { group: group.path, corners, last: corners.at(-1)?.value ?? null };
  return valuesOf(curve).length === 0 ? null : curve;
}

function marksOf({ kills, path }: GroupSeries, { from, to, cursor }: Span): Mark[] {
  const seen = upTo(kills, cursor).filter(({ t }) => t >= from && t <= to);
  return seen.map(({ t }) => ({ t, group: path }));
}

function valuesOf({ corners }: Pick<Curve, "corners">): number[] {
  return corners.flatMap(({ value }) => value ?? []);
}

function topOf(kind: ChartKind, values: readonly number[]): number {
  if (kind === "pids") return scaleTop([...values, 4], FINE);
  if (kind !== "memory") return scaleTop([...values, kind === "cpu" ? 10 : 1], FINE);
  const inMebibytes = values.map((value) => value / MEBIBYTE);
  return scaleTop(inMebibytes, FINE) * MEBIBYTE;
}

/** The number that a new group has is nobody's choice, unless it says something. */
function wasSet(group: GroupSeries, measure: Measure, { from, to, cursor }: Span): boolean {
  const points = upTo(group.points.get(measure), cursor);
  return points.some(({ t, value }, index) => {
    const before = points[index - 1];
    if (t < from || t > to || value === null) return false;
    return before === undefined ? measure !== "weight" : before.value !== value;
  });
}
