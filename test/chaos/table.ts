import type { Outcome } from "./iteration.ts";
import { SORTS } from "./left.ts";
import { kindOf, type Mode } from "./plan.ts";

export interface Heading {
  readonly mode: Mode;
  readonly first: number;
  readonly handles: boolean;
}

/** Milliseconds until half of the labs were gone. */
const GOAL = 100 * Number(process.env.TSI_SLOW ?? 1);

/** A line for each kind of kill; false when anything is left. How long it took is said, and judged by `bench:lab`. */
export function printTable(outcomes: readonly Outcome[], heading: Heading): boolean {
  const kinds = Map.groupBy(outcomes, ({ plan }) => kindOf(plan));
  const rows = [...kinds].map(([kind, group]) => row(kind, group));
  const total = row("all", outcomes);
  printRows([HEAD, ...rows, total]);
  printLoad(outcomes);
  const failing = outcomes.filter(isFailure);
  const median = quantile(timesOf(outcomes), 0.5);
  console.log(
    `${heading.mode} seeds ${heading.first}-${heading.first + outcomes.length - 1}: ${outcomes.length} iterations, ` +
      `${failing.length} with something left (goal 0), ` +
      `${outcomes.filter(waited).length} that waited for --reap by design, ` +
      `clean in ${median.toFixed(1)} ms median (goal ${GOAL}), user namespaces freed in ` +
      `${quantile(freedOf(outcomes), 0.5).toFixed(1)} ms ${failing.length > 0 || median > GOAL ? "short" : "ok"}`,
  );
  if (!heading.handles)
    console.log("namespaces: by /proc alone, for this kernel or user has no file handles for them");
  for (const { plan } of failing)
    console.log(
      `repeat: npm run test:chaos -- --mode ${heading.mode} --seed ${plan.seed} --kills 1`,
    );
  return outcomes.length > 0 && failing.length === 0;
}

function waited({ left, nobody, reaped }: Outcome): boolean {
  return left !== null && nobody && reaped === null;
}

function isFailure(outcome: Outcome): boolean {
  return outcome.left !== null && !waited(outcome);
}

const HEAD = [
  "killed",
  "labs",
  "hit",
  "processes",
  "namespaces",
  ...SORTS.map((sort) => `left: ${sort}`),
  "reap",
  "median ms",
  "p95",
  "max",
];

function row(kind: string, group: readonly Outcome[]): string[] {
  const lost = group.filter(isFailure);
  const times = timesOf(group);
  const sum = (of: (outcome: Outcome) => number) =>
    String(group.reduce((n, one) => n + of(one), 0));
  return [
    kind,
    String(group.length),
    String(group.filter(({ strike }) => strike.killed.length > 0).length),
    sum(({ strike }) => strike.processes),
    sum(({ strike }) => strike.namespaces),
    ...SORTS.map((sort) => String(lost.reduce((n, { left }) => n + (left?.[sort].length ?? 0), 0))),
    String(group.filter(waited).length),
    ...[0.5, 0.95, 1].map((part) => quantile(times, part).toFixed(1)),
  ];
}

function timesOf(outcomes: readonly Outcome[]): number[] {
  return outcomes.flatMap(({ milliseconds }) => milliseconds ?? []).sort((a, b) => a - b);
}

function freedOf(outcomes: readonly Outcome[]): number[] {
  return outcomes.flatMap(({ freed }) => freed ?? []).sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function printRows(rows: readonly (readonly string[])[]): void {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? "").length)),
  );
  for (const cells of rows)
    console.log(
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    );
}

/** So that a load that never came up is not taken for one that was survived. */
function printLoad(outcomes: readonly Outcome[]): void {
  const counts = new Map<string, number>();
  for (const { loaded } of outcomes)
    for (const part of loaded) counts.set(part, (counts.get(part) ?? 0) + 1);
  const parts = [...counts].map(([part, count]) => `${part} ${count}`);
  console.log(`load that was up in so many labs: ${parts.join(", ") || "none"}`);
}
