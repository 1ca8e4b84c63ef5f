import type { Event } from "../../../timeline/event.ts";
import { countBefore } from "../../chosen-events.ts";
import { originSpans, processName, relativeTime } from "../../labels.ts";
import { createListPane } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import type { Row, Rows } from "../../rows.ts";
import { clip, type Line, lineWidth, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { stepRule } from "../lesson/step-rule.ts";
import { eventEvidence } from "./event-evidence.ts";
import { createEventIndex, type EventIndex, type ShownEvent } from "./event-index.ts";
import { eventLine } from "./event-line.ts";
import { createEventMatches, type EventMatches } from "./event-matches.ts";

/** System calls, processes and groups, one line an event, as they happened. */
export function createEventsPane(): Pane {
  const indexOf = createEventIndex();
  const matchesOf = createEventMatches();
  return createListPane({
    id: "events",
    empty: "Nothing has happened yet.",
    filters: true,
    about: (view) => (view.state.followed === null ? observerCost(view) : followedText(view)),
    rows(view, width) {
      const index = indexOf(view);
      return eventRows(view, index, matchesOf(view, index), width);
    },
    evidence(view, width, key, folded) {
      const index = indexOf(view);
      const shown = index.shown[placeOf(index, key)];
      return shown === undefined ? null : eventEvidence(view, index, shown, { width, folded });
    },
  });
}

/** An entry is called by its event's index on the timeline. */
function eventRows(
  view: View,
  index: EventIndex,
  matches: EventMatches | null,
  width: number,
): Rows {
  const { places, count } = matches ?? index;
  const shownAt = (place: number): ShownEvent =>
    index.shown[
      matches === null ? place : countBefore(index.places, places[place] ?? 0)
    ] as ShownEvent;
  const rows = {
    count,
    at: (row: number) => eventRow(view, index, shownAt(row), width),
    place: (key: string) => placeOf({ places, count }, key),
  };
  if (matches === null) return rows;
  const { passing, unfinished } = matches;
  return { ...rows, passed: { passing, unfinished, of: index.count - index.steps(view.cursor) } };
}

/** Where an event of this name stands among these; -1: nowhere. */
function placeOf(
  { places, count }: { readonly places: readonly number[]; readonly count: number },
  key: string,
): number {
  const at = countBefore(places, Number(key));
  return at < count && `${places[at]}` === key ? at : -1;
}

/** Whose events these are alone. */
function followedText({ state, world }: View): string[] {
  const { followed } = state;
  if (followed === null) return [];
  const process = world.processes.get(followed.pid);
  const pid = followed.labPid ?? process?.labPid ?? `host ${followed.pid}`;
  const name = process === undefined ? "" : ` ${processName(process)}`;
  return [
    `only ${pid}${clip(name, 24)} and its descendants`,
    `only ${pid} and below`,
    `only ${pid}`,
  ];
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
