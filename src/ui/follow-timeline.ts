import type { Event } from "../timeline/event.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { LeaveReason } from "../workbench/state.ts";

/** No more repaints than this many milliseconds apart, however fast events come. */
const REPAINT_EVERY = 33;

export interface Followers {
  grown(events: readonly Event[]): void;
  /** The session is over, whoever ended it; called once, after everything was handed over. */
  ended(reason: LeaveReason): void;
}

export interface Following {
  /** Hands over at once what has come. */
  catchUp(): void;
  stop(): void;
}

/** Hands over what a timeline grows by: the first growth at once, a flood in pieces. */
export function followTimeline(timeline: Timeline, { grown, ended }: Followers): Following {
  let taken = 0;
  let timer: NodeJS.Timeout | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const catchUp = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (taken === timeline.events.length) return;
    const events = timeline.events.slice(taken);
    taken = timeline.events.length;
    last = performance.now();
    grown(events);
  };
  const finish = (): void => {
    unsubscribe();
    catchUp();
    ended(reasonOf(timeline));
  };
  const soon = (): void => {
    if (timeline.ended) finish();
    else timer ??= setTimeout(catchUp, Math.max(0, last + REPAINT_EVERY - performance.now()));
  };
  const unsubscribe = timeline.subscribe(soon);
  soon();
  return {
    catchUp,
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

/** A timeline that just stops was cut off by something of ours. */
function reasonOf(timeline: Timeline): LeaveReason {
  const end = timeline.events.at(-1);
  return end?.kind === "session.end" ? end.reason : "failed";
}
