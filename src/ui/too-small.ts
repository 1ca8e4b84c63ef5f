import { type Line, span } from "./text.ts";
import { wrapSpans } from "./wrap.ts";

/** What is shown in a window that has no room for a screen. */
export function tooSmallLines({
  columns,
  rows,
}: {
  readonly columns: number;
  readonly rows: number;
}): Line[] {
  const sentence = `This terminal has ${columns}×${rows}; 60×16 or more is needed. q quits.`;
  return wrapSpans([span(sentence)], columns);
}
