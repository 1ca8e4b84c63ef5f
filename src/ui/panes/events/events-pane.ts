import type { Event } from "../../../timeline/event.ts";
import { originSpans, relativeTime } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { type Line, lineWidth, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { stepRule } from "../lesson/step-rule.ts";
import { createEventIndex, type EventIndex, type ShownEvent } from "./event-index.ts";
import { eventLine } from "./event-line.ts";

/** System calls, processes and groups, one line an event, as they happened. */
export function createEventsPane(): Pane {
  const indexOf = createEventIndex();
  return {
    id: "events",
    about: observerCost,
    count: (view) => Math.max(1, indexOf(view).count),
    lines(view, width, from, count) {
      const index = indexOf(view);
      if (index.count === 0) return [[span("Nothing has happened yet.", "dim")]];
      return index.shown
        .slice(from, Math.min(from + count, index.count))
        .map((shown) => drawEvent(view, index, shown, width));
    },
  };
}

/** Watching is not free, and the learner should know what it does to what is seen. */
function observerCost(view: View): string[] {
  const ratio = view.world.observerRatio;
  if (ratio === null) return [];
  const times = `×${ratio.toFixed(1)}`;
  return [`strace slows commands ${times} here`, `strace slows ${times}`, `strace ${times}`];
}

function drawEvent(
  view: View,
  { labPids }: EventIndex,
  { at, since, netnsNames }: ShownEvent,
  width: number,
): Line {
  const event = view.events[at] as Event;
  if (event.kind === "step.start") return stepRule(view, event.step, width);
  const time = relativeTime(event.t, since).padStart(8);
  const pidOf = (pid: number): string => `${labPids.get(pid) ?? `host ${pid}`}`;
  const netnsOf = (netns: number): string => netnsNames.get(netns) ?? `net:[${netns}]`;
  const origin = originSpans(event);
  const room = width - time.length - 1 - lineWidth(origin);
  return [span(`${time} `, "dim"), ...origin, ...eventLine(event, pidOf, netnsOf, room)];
}
