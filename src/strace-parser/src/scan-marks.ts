import type { CallState } from "./call-state.ts";
import type { Place } from "./line.ts";
import { nameStop } from "./scan-call.ts";

/** What the last `findOpenMark` that found one said. */
export let markState: CallState = "unfinished";

const codes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const unfinished = codes("<unfinished ...>");
const detached = codes("<detached ...>");
const changed = codes("<pid changed to ");
const head = codes("<... ");
const tail = codes(" resumed>");

/**
 * Where ` <unfinished ...>`, ` <detached ...>` or ` <pid changed to N ...>` at the very end of a
 * line starts, its space included; -1 when none stands there.
 */
export function findOpenMark({ block: { bytes }, stop }: Place, from: number): number {
  if (bytes[stop - 1] !== 62 || bytes[stop - 2] !== 46 || bytes[stop - 5] !== 32) return -1;
  const at = stop - unfinished.length;
  if (at >= from && bytes[at] === 60 && matches(bytes, at, unfinished)) {
    markState = "unfinished";
    return at > from && bytes[at - 1] === 32 ? at - 1 : at;
  }
  return findRareMark(bytes, stop, from);
}

function findRareMark(bytes: Uint8Array, stop: number, from: number): number {
  const least = Math.max(from, stop - 32);
  for (let at = stop - 6; at >= least; at--) {
    if (bytes[at] !== 60) continue;
    const left = matches(bytes, at, detached);
    if (!left && !matches(bytes, at, changed)) return -1;
    markState = left ? "detached" : "unfinished";
    return at > from && bytes[at - 1] === 32 ? at - 1 : at;
  }
  return -1;
}

function matches(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Of `<... name resumed>`: where the name ends, and where the call's text goes on. */
export const resumed = { nameEnd: 0, from: 0 };

/** Reads `<... name resumed>` at `body` into `resumed`. */
export function readResumedMark({ block: { bytes }, stop }: Place, body: number): boolean {
  if (!matches(bytes, body, head)) return false;
  const at = nameStop(bytes, body + 5, stop);
  if (at === body + 5 || at + tail.length > stop) return false;
  if (!matches(bytes, at, tail)) return false;
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
