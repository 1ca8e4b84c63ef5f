import type { Event } from "../timeline/event.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Driver } from "./driver.ts";

export interface ReplayOptions {
  readonly timeline: Timeline;
  /** The recording, its `session.start` first. */
  readonly recorded: readonly Event[];
  /** Why this is not live, when nobody asked for a replay. */
  readonly why: string | null;
  /** False: as fast as possible. True: with the recorded pauses, long ones cut. */
  readonly paced: boolean;
}

/** The longest pause (ms) a replay keeps: enough to see that something took time. */
const LONGEST_PAUSE = 400;

/**
 * Plays a recording: running a step hands out what was recorded until that step's end, onto a
 * timeline that nobody can tell from a live one.
 */
export function createReplayDriver(options: ReplayOptions): Driver {
  const { timeline, recorded, why } = options;
  const start = recorded[0];
  if (start?.kind !== "session.start") throw new Error("a recording begins with session.start");
  const playing: Playing = { ...options, next: 0, hurried: !options.paced, answered: new Set() };
  handOutUntil(playing, beginningOfFirstStep(recorded));
  return {
    mode: { kind: "replay", recordedAt: start.startedAt, kernel: start.host.kernel, why },
    async run(step) {
      const end = endOfStep(recorded, step, playing.next);
      playing.hurried = !options.paced;
      while (playing.next < end) await playOn(playing, end);
      const ended = timeline.events.some(
        (event) => event.kind === "step.end" && event.step === step,
      );
      if (!ended) timeline.append([cutOff(timeline, step)]);
    },
    answer(step, answer) {
      playing.answered.add(step);
      const t = timeline.events.at(-1)?.t ?? 0;
      timeline.append([{ kind: "ask.answer", t, step, answer }]);
    },
    shell: async () => null,
    interrupt() {
      playing.hurried = true;
    },
    async leave(reason) {
      if (timeline.ended) return;
      // How the lab went away belongs to a lesson that was taken to its end.
      if (reason === "finished") handOutUntil(playing, recorded.length);
      timeline.append([{ kind: "session.end", t: timeline.events.at(-1)?.t ?? 0, reason }]);
      timeline.end();
    },
  };
}

interface Playing extends ReplayOptions {
  /** Index of the first event that was not handed out. */
  next: number;
  hurried: boolean;
  /** The steps whose question was answered now: what was answered then is left out. */
  readonly answered: Set<string>;
}

/** The lab's beginnings, which no step asked for, are there at once; answers are for later. */
function beginningOfFirstStep(recorded: readonly Event[]): number {
  const first = recorded.findIndex(({ kind }) => kind === "step.start" || kind === "ask.answer");
  return first < 0 ? recorded.length : first;
}

function cutOff(timeline: Timeline, step: string): Event {
  const message = `the recording ends before the end of step "${step}"`;
  return { kind: "diagnostic", t: timeline.events.at(-1)?.t ?? 0, source: "replay", message };
}

/**
 * One past the step's next end. A step that has played already plays nothing; one that the
 * recording breaks off in plays to the break.
 */
function endOfStep(recorded: readonly Event[], step: string, from: number): number {
  const isOf = (kind: "step.start" | "step.end") => (event: Event, index: number) =>
    index >= from && event.kind === kind && event.step === step;
  const end = recorded.findIndex(isOf("step.end"));
  if (end >= 0) return end + 1;
  return recorded.some(isOf("step.start")) ? recorded.length : from;
}

async function playOn(playing: Playing, end: number): Promise<void> {
  const { recorded } = playing;
  const pause = playing.hurried ? 0 : pauseBefore(recorded, playing.next);
  if (pause >= 1) await new Promise((resolve) => setTimeout(resolve, pause));
  // Events closer together than a frame are handed out together.
  let until = playing.next + 1;
  while (until < end && (playing.hurried || pauseBefore(recorded, until) < 1)) until++;
  handOutUntil(playing, until);
}

function pauseBefore(recorded: readonly Event[], index: number): number {
  const before = recorded[index - 1];
  const event = recorded[index];
  if (before === undefined || event === undefined) return 0;
  return Math.min(LONGEST_PAUSE, Math.max(0, (event.t - before.t) / 1e6));
}

function handOutUntil(playing: Playing, end: number): void {
  const events = playing.recorded
    .slice(playing.next, end)
    .filter(({ kind }) => kind !== "session.end")
    .filter((event) => event.kind !== "ask.answer" || !playing.answered.has(event.step));
  playing.next = end;
  playing.timeline.append(events);
}
