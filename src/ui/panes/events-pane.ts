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
    about: (view) => observerCost(view),
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
  return { seen: 0, shown: [], since: [], began: 0, inStep: false };
}

function extend(index: Index, view: View): void {
  for (; index.seen < view.cursor; index.seen++) {
    const event = view.events[index.seen] as Event;
    if (event.kind === "step.start") {
      index.began = event.t;
      index.inStep = true;
    }
    if (!isOfInterest(event, index.inStep)) continue;
    index.shown.push(index.seen);
    index.since.push(index.began);
  }
}

/** Watching is not free, and the learner should know what it does to what is seen. */
function observerCost(view: View): string {
  const ratio = view.world.observerRatio;
  return ratio === null ? "" : `strace slows commands ×${ratio.toFixed(1)} here`;
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
