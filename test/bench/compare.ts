import type { Figure } from "./figure.ts";

/** One thing that is timed: gives the milliseconds of what counts, set-up left out. */
export interface Contender {
  readonly name: string;
  time(): number | Promise<number>;
}

export interface Comparison {
  readonly name: string;
  readonly atMost: number;
  readonly rounds: number;
  /** Rounds before those that count: caches fill, functions are compiled. */
  readonly warmUp: number;
  readonly ours: Contender;
  readonly baseline: Contender;
}

/**
 * Ours ÷ baseline: the median of the ratios of single rounds. Machines are shared, so times mean
 * little and drift; both take turns within a round, and who is first alternates.
 */
export async function compare(comparison: Comparison): Promise<Figure> {
  const { name, atMost, rounds, warmUp, ours, baseline } = comparison;
  const times: { ours: number; baseline: number }[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const first = round % 2 === 0 ? await ours.time() : null;
    const base = await baseline.time();
    const time = { ours: first ?? (await ours.time()), baseline: base };
    if (round >= 0) times.push(time);
  }
  const middle = { ours: median(times.map((t) => t.ours)), base: median(times.map(baselineOf)) };
  const said = `${ours.name} ${milliseconds(middle.ours)}, ${baseline.name} ${milliseconds(middle.base)}`;
  const value = median(times.map((time) => time.ours / time.baseline));
  return { name, value, atMost, detail: `${said}, ${rounds} rounds` };
}

function baselineOf(time: { baseline: number }): number {
  return time.baseline;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[half]];
  return (low + high) / 2;
}

/** How long it took, in milliseconds. */
export async function timed(action: () => unknown): Promise<number> {
  const begun = performance.now();
  await action();
  return performance.now() - begun;
}

/** The same for what does not wait: no turn of the event loop gets in. */
export function timedSync(action: () => unknown): number {
  const begun = performance.now();
  action();
  return performance.now() - begun;
}

function milliseconds(value: number): string {
  return `${value.toPrecision(3)} ms`;
}
