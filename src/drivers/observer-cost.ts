import type { Lab } from "../sources/lab.ts";
import type { TraceFilter } from "../sources/trace.ts";

/** Twenty programs one after the other: what a step's commands mostly are. */
const PROGRAMS = ["/bin/sh", "-c", "i=0; while [ $i -lt 20 ]; do /bin/true; i=$((i+1)); done"];
const ROUNDS = 3;

/**
 * How much slower commands run here while strace watches: traced ÷ untraced wall time, the best of
 * three rounds each. Null: strace does not work in this lab (ptrace(2) forbidden, say).
 */
export async function measureObserverCost(lab: Lab, filter: TraceFilter): Promise<number | null> {
  let plain = Number.POSITIVE_INFINITY;
  let traced = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    plain = Math.min(plain, (await lab.time(PROGRAMS, null)) ?? Number.POSITIVE_INFINITY);
    const withStrace = await lab.time(PROGRAMS, filter);
    if (withStrace === null) return null;
    traced = Math.min(traced, withStrace);
  }
  return Math.round((traced / plain) * 10) / 10;
}
