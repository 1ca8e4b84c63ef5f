import type { Clock } from "./clock.ts";
import type { HelperLine } from "./helper.ts";
import type { Started } from "./lab.ts";
import type { TraceFilter } from "./trace.ts";

/**
 * Commands in the lab that nobody is shown: those that measure, and those that look for a check.
 * Neither their processes nor their output come as events.
 */
export interface UnseenRuns {
  /**
   * Runs argv, under strace or not, and gives the nanoseconds it took; null when it did not exit
   * with 0.
   */
  time(argv: readonly string[], trace: TraceFilter | null): Promise<number | null>;
  /** Runs a script with /bin/sh and gives what it wrote to its standard output. */
  capture(script: string): Promise<Captured>;
  /** Takes a line about an unseen run out of the stream; false: it is about something else. */
  take(line: HelperLine): boolean;
}

export interface Captured {
  /** At most 64 KiB; null when it wrote nothing and did not exit with 0. */
  readonly text: string | null;
  /** Why that is not to be relied on. */
  readonly error?: string;
}

export interface UnseenRunsOptions {
  readonly clock: Clock;
  start(run: number, argv: readonly string[], trace: TraceFilter | null): Promise<Started>;
  kill(run: number): Promise<void>;
}

/** Numbers of runs that are not shown; no lesson has a million commands. */
const FIRST_UNSEEN = 1_000_000;
const MOST_BYTES = 65_536;
/** A docker client on an emulated machine with other work takes three. */
const MOST_MILLISECONDS = 5000;
const TOO_LONG = `it took longer than ${MOST_MILLISECONDS / 1000} seconds`;

export function isUnseen(run: number): boolean {
  return run >= FIRST_UNSEEN;
}

export function createUnseenRuns({ clock, start, kill }: UnseenRunsOptions): UnseenRuns {
  let last = FIRST_UNSEEN;
  /** What the runs that are listened to have written so far. */
  const written = new Map<number, Buffer[]>();
  return {
    async time(argv, trace) {
      const begun = clock.now();
      const { exited } = await start(++last, argv, trace);
      const exit = await exited;
      return exit?.code === 0 ? clock.now() - begun : null;
    },
    async capture(script) {
      const run = ++last;
      const pieces: Buffer[] = [];
      written.set(run, pieces);
      try {
        const { exited } = await start(run, ["/bin/sh", "-c", script], null);
        const exit = await withinTime(exited, () => kill(run));
        if (exit === "late") return { text: null, error: TOO_LONG };
        if (exit === null) return { text: null, error: "the lab went away" };
        const text = Buffer.concat(pieces).subarray(0, MOST_BYTES).toString("utf8");
        return { text: text === "" && exit.code !== 0 ? null : text };
      } finally {
        written.delete(run);
      }
    },
    take(line) {
      if (line.kind !== "output" && line.kind !== "run.exit") return false;
      const run = line.run as number;
      if (line.stream === "out") written.get(run)?.push(bytesOf(line));
      return isUnseen(run) && line.kind === "output";
    },
  };
}

/** A command that stays is killed, and its end waited for: it must not reach into the step. */
async function withinTime<T>(exited: Promise<T>, kill: () => Promise<void>): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), MOST_MILLISECONDS);
  });
  const first = await Promise.race([exited, late]);
  clearTimeout(timer);
  if (first !== "late") return first;
  await kill();
  await exited;
  return "late";
}

function bytesOf({ text, base64 }: HelperLine): Buffer {
  return typeof text === "string" ? Buffer.from(text) : Buffer.from(String(base64), "base64");
}
