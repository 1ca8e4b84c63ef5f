import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { createRoundTrip, type RoundTrip } from "../../src/strace-parser/src/cli-round-trip.ts";
import { print, type TraceEvent } from "../../src/strace-parser/src/index.ts";

export interface CorpusReading {
  readonly bytes: number;
  readonly lines: number;
  readonly events: ReadonlyMap<string, number>;
  readonly foreign: number;
  /** Foreign lines that strace wrote: the parser should know them. */
  readonly straces: readonly ForeignLine[];
  readonly differing: readonly Read[];
  readonly differingBytes: number;
  readonly opaque: readonly Read[];
  readonly opaqueScalars: number;
}

interface Read {
  readonly file: string;
  readonly roundTrip: RoundTrip;
}

interface ForeignLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Only strace writes these: a call's end, its halves, ends of processes, signals, its own name. */
const STRACES_WORDS =
  /\) += |<unfinished \.\.\.>|<\.\.\. \w+ resumed>|<detached \.\.\.>|\+\+\+ (?:exited|killed|superseded)|--- (?:SIG|stopped by)|^\S*strace: |^\[pid +\d|^ > .*\[0x/;

/** Round trip of every file, and whose the lines are that were not understood. */
export function readCorpus(files: readonly string[]): CorpusReading {
  const events = new Map<string, number>();
  const straces: ForeignLine[] = [];
  const read = files.map((file): Read => {
    const shared = isShared(file);
    const keepForeign = (event: TraceEvent): void => {
      if (event.type !== "foreign") return;
      const texts = print([event]).split("\n");
      for (const [i, { number }] of event.lines.entries()) {
        const text = texts[i] ?? "";
        if (!shared || STRACES_WORDS.test(text)) straces.push({ file, line: number, text });
      }
    };
    const roundTrip = readFile(file, keepForeign);
    for (const [type, n] of roundTrip.events) events.set(type, (events.get(type) ?? 0) + n);
    return { file, roundTrip };
  });
  const sum = (field: "bytes" | "lines" | "foreignLines" | "differing" | "opaque"): number =>
    read.reduce((all, { roundTrip }) => all + roundTrip[field], 0);
  return {
    bytes: sum("bytes"),
    lines: sum("lines"),
    events,
    foreign: sum("foreignLines"),
    straces,
    differing: read.filter(({ roundTrip }) => roundTrip.differing > 0),
    differingBytes: sum("differing"),
    opaque: read.filter(({ roundTrip }) => roundTrip.opaque > 0),
    opaqueScalars: sum("opaque"),
  };
}

/**
 * Whether others wrote into this file too: the captured standard error of strace and its tracee
 * (`x.stderr`, or `2>x.strace` in the command beside it, x.cmd). There a foreign line is strace's
 * only if it has one of its words; in a file that strace alone wrote, each is. The log of strace's
 * test of strace-log-merge is what that script says.
 */
function isShared(file: string): boolean {
  if (file.includes("/strace-log-merge-error.")) return true;
  if (/\.stderr(?:\.strace)?$|\/stderr\.strace$/.test(file)) return true;
  const command = file.replace(/\.strace(?:\.\d+)?$/, ".cmd");
  return command !== file && existsSync(command) && / 2>\S/.test(readFileSync(command, "utf8"));
}

function readFile(file: string, onEvent: (event: TraceEvent) => void): RoundTrip {
  const check = createRoundTrip(onEvent);
  const descriptor = openSync(file, "r");
  try {
    for (;;) {
      const chunk = new Uint8Array(1 << 20);
      const length = readSync(descriptor, chunk);
      if (length === 0) return check.end();
      check.push(chunk.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
}
