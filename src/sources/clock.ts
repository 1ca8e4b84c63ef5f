/**
 * The session's clock: nanoseconds of CLOCK_MONOTONIC since the session began, the `t` of every
 * event. Node's hrtime and the helper read the same kernel clock (clock_gettime(2)), so their
 * times need no translation but the subtraction.
 */
export interface Clock {
  now(): number;
  /** A CLOCK_MONOTONIC reading (ns) as session time. */
  fromMonotonic(nanoseconds: number): number;
}

export function createClock(): Clock {
  const start = Number(process.hrtime.bigint());
  return {
    now: () => Number(process.hrtime.bigint()) - start,
    fromMonotonic: (nanoseconds) => nanoseconds - start,
  };
}
