import type { CallState } from "./call-event.ts";
import type { Place } from "./line.ts";
import { nameStop } from "./scan-call.ts";

/** What the last `findOpenMark` that found one said. */
export let markState: CallState = "unfinished";

const texts = ["<unfinished ...>", "<detached ...>", "<pid changed to "].map((text) =>
  [...text].map((char) => char.charCodeAt(0)),
);

/**
 * Where ` <unfinished ...>`, ` <detached ...>` or ` <pid changed to N ...>` at the very end of a
 * line starts, its space included; -1 when none stands there.
 */
export function findOpenMark({ block: { bytes }, stop }: Place, from: number): number {
  if (bytes[stop - 1] !== 62 || bytes[stop - 2] !== 46 || bytes[stop - 5] !== 32) return -1;
  const least = Math.max(from, stop - 32);
  for (let at = stop - 6; at >= least; at--) {
    if (bytes[at] !== 60) continue;
    const which = texts.findIndex((text) => text.every((code, i) => bytes[at + i] === code));
    if (which < 0) return -1;
    markState = which === 1 ? "detached" : "unfinished";
    return at > from && bytes[at - 1] === 32 ? at - 1 : at;
  }
  return -1;
}

/** Of `<... name resumed>`: where the name ends, and where the call's text goes on. */
export const resumed = { nameEnd: 0, from: 0 };

const head = [..."<... "].map((char) => char.charCodeAt(0));
const tail = [..." resumed>"].map((char) => char.charCodeAt(0));

/** Reads `<... name resumed>` at `body` into `resumed`. */
export function readResumedMark({ block: { bytes }, stop }: Place, body: number): boolean {
  for (let i = 0; i < head.length; i++) if (bytes[body + i] !== head[i]) return false;
  const at = nameStop(bytes, body + 5, stop);
  if (at === body + 5 || at + tail.length > stop) return false;
  for (let i = 0; i < tail.length; i++) if (bytes[at + i] !== tail[i]) return false;
  resumed.nameEnd = at;
  resumed.from = at + tail.length;
  if (bytes[resumed.from] === 32 && resumed.from < stop)
    resumed.from += oldSpace(bytes, resumed.from);
  return true;
}

/** strace before 5.0 prints one more space behind `resumed>`: 1 when it is there. */
function oldSpace(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1];
  const second = bytes[at + 2];
  const own =
    (first === 61 && second === 62) ||
    (first === 111 && second === 114) ||
    (first === 47 && second === 42) ||
    (first === 60 && second === 117);
  return own ? 0 : 1;
}
