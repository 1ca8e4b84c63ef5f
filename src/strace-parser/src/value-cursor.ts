import { itemEnd } from "./scan-args.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";

const nothing: Source = { bytes: new Uint8Array(0), text: "" };

/** Where the value reader stands. One object, used again for each value. */
export const cursor = {
  source: nothing,
  bytes: nothing.bytes,
  at: 0,
  to: 0,
  depth: 0,
  /** A value that was read already and may go on: the next primary. */
  begun: null as Value | null,
};

/** Brackets deeper than this stay opaque: strace nests a dozen at most. */
export const MAX_DEPTH = 64;

/** The way back from a list to the grammar of what stands in it (`read-value.ts` sets it). */
export const grammar: { readItem(): Value; readNested(): Value } = {
  readItem: () => opaqueItem(cursor.at),
  readNested: () => opaqueItem(cursor.at),
};

/** The item that begins at `from`, up to the next comma or closing bracket, as it is. */
export function opaqueItem(from: number): Value {
  cursor.at = itemEnd(cursor.bytes, from, cursor.to);
  return { kind: "opaque", text: cursor.source.text.slice(from, cursor.at) };
}
