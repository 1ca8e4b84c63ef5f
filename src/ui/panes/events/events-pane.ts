import type { Event } from "../../../timeline/event.ts";
import { countBefore } from "../../chosen-events.ts";
import { originSpans, relativeTime } from "../../labels.ts";
import { createListPane, type Row, type Rows } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import { type Line, lineWidth, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { stepRule } from "../lesson/step-rule.ts";
import { eventEvidence } from "./event-evidence.ts";
import { createEventIndex, type EventIndex, type ShownEvent } from "./event-index.ts";
import { eventLine } from "./event-line.ts";

/** System calls, processes and groups, one line an event, as they happened. */
export function createEventsPane(): Pane {
  const indexOf = createEventIndex();
  return createListPane({
    id: "events",
    empty: "Nothing has happened yet.",
    about: observerCost,
    rows: (view, width) => eventRows(view, indexOf(view), width),
    evidence(view, width, key, folded) {
      const index = indexOf(view);
      const shown = index.shown[placeOf(index, key)];
      return shown === undefined ? null : eventEvidence(view, index, shown, { width, folded });
    },
  });
}

/** An entry is called by its event's index on the timeline. */
function eventRows(view: View, index: EventIndex, width: number): Rows {
  return {
    count: index.count,
    at: (row) => eventRow(view, index, index.shown[row] as ShownEvent, width),
    place: (key) => placeOf(index, key),
  };
}

function placeOf({ places, count }: EventIndex, key: string): number {
  const at = countBefore(places, Number(key));
  return at < count && `${places[at]}` === key ? at : -1;
}

function eventRow(view: View, index: EventIndex, shown: ShownEvent, width: number): Row {
  const event = view.events[shown.at] as Event;
  if (event.kind === "step.start")
    return { key: null, draw: () => stepRule(view, event.step, width) };
  return { key: `${shown.at}`, draw: () => drawEvent(event, index, shown, width) };
}

/** Watching is not free, and the learner should know what it does to what is seen. */
function observerCost(view: View): string[] {
  const ratio = view.world.observerRatio;
  if (ratio === null) return [];
  const times = `×${ratio.toFixed(1)}`;
  return [`strace slows commands ${times} here`, `strace slows ${times}`, `strace ${times}`];
}

function drawEvent(
  event: Event,
  { labPids }: EventIndex,
  { since, netnsNames }: ShownEvent,
  width: number,
): Line {
  const time = relativeTime(event.t, since).padStart(8);
  const pidOf = (pid: number): string => `${labPids.get(pid) ?? `host ${pid}`}`;
  const netnsOf = (netns: number): string => netnsNames.get(netns) ?? `net:[${netns}]`;
  const origin = originSpans(event);
  const room = width - time.length - 1 - lineWidth(origin);
  return [span(`${time} `, "dim"), ...origin, ...eventLine(event, pidOf, netnsOf, room)];
}
