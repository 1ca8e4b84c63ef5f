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

/** @param start the CLOCK_MONOTONIC reading that is 0; another process's, to share its time */
export function createClock(start = Number(process.hrtime.bigint())): Clock {
  return {
    now: () => Number(process.hrtime.bigint()) - start,
    fromMonotonic: (nanoseconds) => nanoseconds - start,
  };
}
