/** The steps of a scale between two powers of ten. */
const COARSE = [1, 2, 5, 10] as const;
export const FINE = [1, 1.5, 2, 3, 4, 5, 6, 8, 10] as const;

/** The top of a chart's scale: the least of 1, 2, 5, 10, 20, … that nothing is above; at least 1. */
export function scaleTop(values: readonly number[], steps: readonly number[] = COARSE): number {
  const most = values.reduce((sum, value) => Math.max(sum, value), 1);
  const power = 10 ** Math.floor(Math.log10(most));
  return (steps.find((step) => step * power >= most) ?? 10) * power;
}

/** From this part of its limit on, a limit is worth a line: else it would flatten the other. */
const NEAR_LIMIT = 1 / 8;

export function isNearLimit(values: readonly number[], limit: number): boolean {
  return values.some((value) => value >= limit * NEAR_LIMIT);
}

/** What a counter went up by in a second; one that was made anew begins at its own zero. */
export function perSecond(before: number, after: number, seconds: number): number {
  return seconds > 0 ? Math.max(0, (after - before) / seconds) : 0;
}
