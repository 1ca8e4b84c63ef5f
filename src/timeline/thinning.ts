import { createBriefLives } from "./brief-lives.ts";
import type { Event } from "./event.ts";

/**
 * Keeps a flood of events from filling the memory and the machine: what comes faster than a
 * session can hold is counted. The counts are an event themselves, at their place in time: so they
 * are recorded and replayed, panes show them, and a check knows what it cannot know.
 *
 * Only what comes in floods is ever left out: system calls, strace's lines, output, and processes
 * that were gone again before anybody saw them, these whole. Everything else that makes the world
 * stays, so the world is true. Of each kind of call one between two releases stays in any case, so
 * what is rare is seen, and the writes that explain what a cgroup file says.
 */
export interface Thinning {
  /** False: the event was counted, and nobody else need know of it. */
  admits(event: Event): boolean;
  /** What to hand on of the admitted events that are released together, in their order. */
  release(events: readonly Event[]): readonly Event[];
}

export interface ThinningOptions {
  /** So many events may come at once; a lesson's step has some thousands. */
  readonly burst: number;
  /** And so many a second for good. */
  readonly perSecond: number;
}

/** An event kept costs about 1 kB, in all that is made of it. */
const USUAL: ThinningOptions = { burst: 30_000, perSecond: 200 };

/** Characters of output that weigh as much as an event. */
const CHARACTERS = 512;

export function createThinning({ burst, perSecond }: ThinningOptions = USUAL): Thinning {
  const lives = createBriefLives();
  const seen = new Set<string>();
  let counts: Record<string, number> = {};
  let room = burst;
  let last = 0;
  const earn = (now: number): void => {
    if (now <= last) return;
    room = Math.min(burst, room + ((now - last) / 1e9) * perSecond);
    last = now;
  };
  const spend = (weight: number): void => {
    room = Math.max(-perSecond, room - weight);
  };
  const count = (event: Event): void => {
    const pty = event.kind === "output" && event.stream === "pty";
    const kind = pty ? "output.pty" : event.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  return {
    admits(event) {
      lives.note(event);
      const weight = weightOf(event);
      if (weight === 0) return true;
      earn(event.t);
      if (weight <= room || isFirst(seen, event)) {
        spend(weight);
        return true;
      }
      count(event);
      return false;
    },
    release(events) {
      if (events.length === 0) return events;
      seen.clear();
      const kept = lives.choose(events, room < 1);
      spend(kept.filter(isLife).length);
      if (kept.length < events.length) for (const event of lives.leftOut()) count(event);
      const [first] = events;
      if (first === undefined || Object.keys(counts).length === 0) return kept;
      const flood: Event = { kind: "flood", t: first.t, counts };
      counts = {};
      return [flood, ...kept];
    },
  };
}

/** Zero: it is not what floods are made of, or is looked at when it is released. */
function weightOf(event: Event): number {
  switch (event.kind) {
    case "syscall":
    case "trace.signal":
    case "trace.other":
      return 1;
    case "output":
      return 1 + Math.floor((event.text?.length ?? event.base64?.length ?? 0) / CHARACTERS);
    default:
      return 0;
  }
}

function isLife({ kind }: Event): boolean {
  return kind === "process.fork" || kind === "process.exec" || kind === "process.exit";
}

/** The first of its like since the last release. What a program prints has none. */
function isFirst(seen: Set<string>, event: Event): boolean {
  if (event.kind !== "syscall" && event.kind !== "trace.signal") return false;
  const like = event.kind === "syscall" ? likeOf(event) : `${event.event} ${event.signal}`;
  if (seen.has(like)) return false;
  seen.add(like);
  return true;
}

function likeOf({ name, errno, args }: Extract<Event, { kind: "syscall" }>): string {
  const like = errno === undefined ? name : `${name} ${errno}`;
  return name === "write" && args[0]?.includes("/sys/fs/cgroup/") ? `${like} ${args[0]}` : like;
}
