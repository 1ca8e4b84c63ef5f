import type { Key } from "ink";

/** Keys typed faster than the terminal was read come in one piece. */
export function presses(input: string, key: Key): { input: string; key: Partial<Key> }[] {
  if (input.length <= 1) return [{ input, key }];
  return [...input].map((character) => ({ input: character, key: keyOf(character) }));
}

function keyOf(character: string): Partial<Key> {
  return { return: character === "\r", tab: character === "\t" };
}
