/** Pairs what is in both by its key, in the order of `before`, then what is new. */
export function* pairs<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): Generator<readonly [T | null, T | null]> {
  const now = new Map(after.map((item) => [keyOf(item), item]));
  const seen = new Set<string>();
  for (const item of before) {
    seen.add(keyOf(item));
    yield [item, now.get(keyOf(item)) ?? null];
  }
  for (const item of after) if (!seen.has(keyOf(item))) yield [null, item];
}
