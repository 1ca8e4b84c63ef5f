import type { Event } from "../../timeline/event.ts";
import { eventLine, isOfInterest } from "../event-line.ts";
import { oneLine, relativeTime } from "../labels.ts";
import type { Pane } from "../pane.ts";
import { type Line, span } from "../text.ts";
import type { View } from "../view.ts";

/** Which events are shown, found once each as the cursor goes on. */
interface Index {
  /** Events looked at so far. */
  seen: number;
  /** Indices of those that are shown, and when the step of each began. */
  readonly shown: number[];
  readonly since: number[];
  began: number;
  inStep: boolean;
  /** What strace has shown as a system call, so that the process event says it no second time. */
  readonly told: Set<string>;
}

/** System calls, processes and groups, one line an event, as they happened. */
export function createEventsPane(): Pane {
  let index = emptyIndex();
  const indexed = (view: View): Index => {
    // Back in time: start over. Going on costs one look at each new event.
    if (view.cursor < index.seen) index = emptyIndex();
    extend(index, view);
    return index;
  };
  return {
    id: "events",
    title: "events",
    about: observerCost,
    count: (view) => Math.max(1, indexed(view).shown.length),
    lines(view, width, from, count) {
      const { shown, since } = indexed(view);
      if (shown.length === 0) return [[span("Nothing has happened yet.", "dim")]];
      return shown.slice(from, from + count).map((at, offset) => {
        const event = view.events[at] as Event;
        return drawEvent(view, event, since[from + offset] ?? 0, width);
      });
    },
  };
}

function emptyIndex(): Index {
  return { seen: 0, shown: [], since: [], began: 0, inStep: false, told: new Set() };
}

function extend(index: Index, view: View): void {
  for (; index.seen < view.cursor; index.seen++) {
    const event = view.events[index.seen] as Event;
    if (event.kind === "step.start") {
      index.began = event.t;
      index.inStep = true;
    }
    if (!isOfInterest(event, index.inStep) || wasTold(index.told, event)) continue;
    index.shown.push(index.seen);
    index.since.push(index.began);
  }
}

const FORKS: readonly string[] = ["fork", "vfork", "clone", "clone3"];

/** Remembers the forks and execs among the system calls, and knows their process events again. */
function wasTold(told: Set<string>, event: Event): boolean {
  if (event.kind === "syscall" && event.errno === undefined) {
    if (FORKS.includes(event.name)) told.add(`fork ${event.result}`);
    if (event.name === "execve") told.add(`exec ${event.labPid}`);
  }
  if (event.kind === "process.fork") return told.delete(`fork ${event.labPid}`);
  return event.kind === "process.exec" && told.delete(`exec ${event.labPid}`);
}

/** Watching is not free, and the learner should know what it does to what is seen. */
function observerCost(view: View): string[] {
  const ratio = view.world.observerRatio;
  if (ratio === null) return [];
  const times = `×${ratio.toFixed(1)}`;
  return [`strace slows commands ${times} here`, `strace slows ${times}`, times];
}

function drawEvent(view: View, event: Event, since: number, width: number): Line {
  if (event.kind === "step.start") return stepRule(view, event.step, width);
  const time = relativeTime(event.t, since).padStart(8);
  return [span(`${time} `, "dim"), ...eventLine(event, view.world, width - time.length - 1)];
}

function stepRule(view: View, step: string, width: number): Line {
  const number = view.lesson.steps.findIndex(({ id }) => id === step) + 1;
  const title = view.lesson.steps[number - 1]?.title ?? step;
  const words = ` step ${number} · ${oneLine(title)} `;
  return [span("── ", "dim"), span(words.trim(), "strong"), span(` ${"─".repeat(width)}`, "dim")];
}
