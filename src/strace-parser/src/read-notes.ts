import { readValue } from "./read-value.ts";
import { closingBracket, itemEnd } from "./scan-args.ts";
import { type Source, sourceOf } from "./source.ts";
import type { Value } from "./value.ts";

const label = /(?:[A-Za-z]+:? )*/y;

/** Types `(Timeout) (in [3], left {tv_sec=0, tv_nsec=9})`: a list for each parenthesis. */
export function readNotes(text: string): Value[][] {
  const source = sourceOf(text);
  const { bytes } = source;
  const notes: Value[][] = [];
  for (let at = 1; at <= text.length; ) {
    const close = closingBracket(bytes, at, text.length);
    if (close < 0) return notes;
    notes.push(readNote(source, at, close));
    at = close + 3;
  }
  return notes;
}

function readNote(source: Source, from: number, to: number): Value[] {
  const items: Value[] = [];
  for (let at = from; ; ) {
    const end = itemEnd(source.bytes, at, to);
    items.push(readLabelled(source, at, end));
    if (end >= to) return items;
    at = end + 2;
  }
}

function readLabelled(source: Source, from: number, to: number): Value {
  const { text } = source;
  label.lastIndex = from;
  label.test(text);
  const start = label.lastIndex;
  if (start <= from || start > to) return readValue(source, from, to);
  const value = readValue(source, start, to);
  return { kind: "labelled", label: text.slice(from, start - 1), value };
}
