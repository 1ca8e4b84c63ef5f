import { createTraceReader } from "../../src/sources/trace.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createMerge } from "../../src/timeline/merge.ts";
import { decodeEvent } from "../../src/timeline/recording.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { createWorldView } from "../../src/timeline/world-view.ts";
import { compare, timed, timedSync } from "./compare.ts";
import type { Figure, Outcome } from "./figure.ts";
import { matchCalls } from "./match-calls.ts";
import { linesOf, longSession, shippedText, straceText, textOf } from "./session-text.ts";

/** What every event goes through, over the least that any reader of the same text must do. */
export async function* streamFigures(): AsyncGenerator<Outcome> {
  const short = linesOf(shippedText);
  const long = linesOf(textOf(longSession(LONGER)));
  yield await foldOverParse(short);
  yield await longOverShort(short, long);
  yield await traceOverRegex();
  yield await mergeOverSort();
}

const LONGER = 30;
/** About what one release of the merge hands out on a busy lab; the screen folds after each. */
const BATCH = 64;

function readSession(lines: readonly string[]): number {
  const timeline = createTimeline();
  const view = createWorldView(timeline);
  for (let start = 0; start < lines.length; start += BATCH) {
    const batch = lines.slice(start, start + BATCH).map(decodeEvent);
    timeline.append(batch.filter((event) => event !== null));
    view(timeline.events.length);
  }
  return timeline.events.length;
}

function foldOverParse(lines: readonly string[]): Promise<Figure> {
  return compare({
    name: "fold-over-parse",
    // 2.5 to 2.7 when this was written: folding costs a little more than parsing.
    atMost: 3.5,
    rounds: 100,
    warmUp: 30,
    ours: { name: "decode, append, fold", time: () => timedSync(() => readSession(lines)) },
    baseline: {
      name: `JSON.parse of ${lines.length} lines`,
      time: () => timedSync(() => lines.map((line) => JSON.parse(line))),
    },
  });
}

/** Per event; above 1 means that a session gets slower the longer it goes on. */
function longOverShort(short: readonly string[], long: readonly string[]): Promise<Figure> {
  return compare({
    name: "long-session-over-short",
    // 1.0 when this was written; a step that looks at everything so far would make it 30.
    atMost: 1.5,
    rounds: 15,
    warmUp: 2,
    ours: {
      name: `${long.length} events as one session`,
      time: () => timedSync(() => readSession(long)),
    },
    baseline: {
      name: `as ${LONGER} sessions`,
      time: () =>
        timedSync(() => {
          for (let session = 0; session < LONGER; session++) readSession(short);
        }),
    },
  });
}

/** Facts: strace writes 35,000 lines a second here at most; a reader must be far from that. */
function traceOverRegex(): Promise<Figure> {
  const text = straceText(longSession(LONGER));
  const chunks = text.match(/[\s\S]{1,16384}/g) ?? [];
  const lines = linesOf(text).length;
  return compare({
    name: "trace-over-regex",
    // 7.6 when this was written: 2 µs a line, and flat. Arguments are told apart, halves joined, and
    // no byte is lost; the regular expression does none of that.
    atMost: 10,
    rounds: 20,
    warmUp: 3,
    ours: { name: "strace's text to events", time: () => timedSync(() => readTrace(chunks)) },
    baseline: {
      name: `node:readline and a regular expression over the same ${lines} lines`,
      time: () => timed(() => matchCalls(chunks)),
    },
  });
}

function readTrace(chunks: readonly string[]): number {
  const reader = createTraceReader({
    run: 1,
    fromMicroseconds: (micros) => micros * 1000,
    now: () => 0,
    hostPid: (labPid) => labPid,
  });
  let events = 0;
  for (const chunk of chunks) events += reader.push(chunk).length;
  return events + reader.end().length;
}

/** Two seconds of 50,000 events a second; each source late by its own time, and unevenly. */
function arrivals(): Event[] {
  const late = [0.1e6, 2e6, 40e6];
  const events = Array.from({ length: 100_000 }, (_, index) => {
    const t = index * 20_000;
    const delay = late[index % 3] as number;
    return { event: { kind: "process.lost", t } as const, at: t + delay * (1 + (index % 7) / 14) };
  });
  return events.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function mergeOverSort(): Promise<Figure> {
  const events = arrivals();
  const merge = (): void => {
    const held = createMerge(60e6);
    let released = 0;
    // A release every 25 ms of the events' own time: 1,250 of them.
    events.forEach((event, index) => {
      held.push(event);
      if (index % 1250 === 0) released += held.release(event.t).length;
    });
    released += held.flush().length;
    if (released !== events.length) throw new Error("the merge lost events");
  };
  return compare({
    name: "merge-over-sort",
    // 2.6 when this was written: each release sorts once more what it holds back.
    atMost: 4,
    rounds: 20,
    warmUp: 3,
    ours: { name: "merge, released 80 times", time: () => timedSync(merge) },
    baseline: {
      name: `one sort of the same ${events.length} events`,
      time: () => timedSync(() => events.toSorted((a, b) => a.t - b.t)),
    },
  });
}
