/** Numbers that only the seed decides, so that an iteration can be run again. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  integer(below: number): number;
  of<T>(items: readonly T[]): T;
}

/** mulberry32: 32 bits of state are plenty to choose moments with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    of: (items) => items[integer(items.length)] as (typeof items)[number],
  };
}
