/** A map at several moments, in order. */
export interface MapHistory<Key, Value> {
  keep(map: ReadonlyMap<Key, Value>): void;
  /** As it was at the moment of this index. */
  at(moment: number): Map<Key, Value>;
  /** Forgets every second moment; the first stays, and so does the last of an odd number. */
  thin(): void;
}

/**
 * Of each moment only what is different from the one before is kept, so that a hundred moments of a
 * map with a hundred thousand entries cost little more than one. For maps out of which nothing is
 * ever taken, and whose values are replaced and never changed.
 */
export function createMapHistory<Key, Value>(): MapHistory<Key, Value> {
  let differences: ReadonlyMap<Key, Value>[] = [];
  const last = new Map<Key, Value>();
  return {
    keep(map) {
      const different = new Map<Key, Value>();
      for (const [key, value] of map) if (last.get(key) !== value) different.set(key, value);
      for (const [key, value] of different) last.set(key, value);
      differences.push(different);
    },
    at: (moment) => merged(differences.slice(0, moment + 1)),
    thin() {
      const pairs = differences.map((each, index) => merged([differences[index - 1] ?? [], each]));
      differences = pairs.filter((_, index) => index % 2 === 0);
    },
  };
}

function merged<Key, Value>(maps: readonly Iterable<readonly [Key, Value]>[]): Map<Key, Value> {
  const all = new Map<Key, Value>();
  for (const map of maps) for (const [key, value] of map) all.set(key, value);
  return all;
}
