import type { Notice } from "./event.ts";
import { noLeader } from "./leader.ts";
import type { Place } from "./line.ts";
import type { OpenCall } from "./open-call.ts";
import { readProcess } from "./read-notice.ts";

/** A call whose line ended early: strace's own notice, or the tracee's bytes, broke it. */
export interface Fragment {
  readonly call: OpenCall;
  /** Its line, and those the tracee wrote into it. */
  readonly places: Place[];
}

/** The tracee may write so many lines into one of strace's; what does not end then is no call. */
export const MOST_BREAKS = 16;

const PATH_MAX = 256;

/** Where strace's `… strace: Process N attached` begins inside a call's line; the line's end if not. */
export function findInterruption({ block, stop }: Place, from: number): number {
  const line = block.text.slice(from, stop);
  const word = line.lastIndexOf("strace: Process ");
  if (word < 0) return stop;
  if (readProcess(line.slice(word)) === null) return stop;
  const path = /(?:\.{0,2}\/)[\w./+~-]*$/.exec(line.slice(Math.max(0, word - PATH_MAX), word));
  return from + word - (path?.[0].length ?? 0);
}

/** The notice that broke a call's line. It has no line of its own: the call prints it. */
export function interruptedNotice({ call, places }: Fragment): Notice | null {
  const [line] = call.lines;
  const [place] = places;
  if (line === undefined || place === undefined) return null;
  const body = readProcess(place.block.text.slice(line.to, line.stop));
  if (body === null) return null;
  const { layout: _, ...none } = noLeader;
  return { ...body, ...none, lines: [] } as Notice;
}
