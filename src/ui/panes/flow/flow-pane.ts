import type { Event } from "../../../timeline/event.ts";
import { oneLine, originSpans, relativeTime } from "../../labels.ts";
import { createListPane } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import { type Row, rowsOf } from "../../rows.ts";
import { clipLine, type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { stepBegan, stepRule } from "../lesson/step-rule.ts";
import { evidenceLines } from "./evidence.ts";
import { type Arrow, createFlowReader, type Flow } from "./flow-arrows.ts";
import { headLine, type Lanes, laneSpans, layLanes } from "./flow-lanes.ts";

const TIME = 8;

/** Who asked whom, from the command to the container's process: a sequence diagram, as it happens. */
export function createFlowPane(): Pane {
  const reader = createFlowReader();
  const flowOf = (view: View): Flow => reader.read(view.events, view.cursor);
  return createListPane({
    id: "flow",
    empty: "Nothing on the way to a container yet.",
    about: () => ["├─▶ to another, ● by itself, ○ ends, │ alive, · not", "│ alive, · not"],
    head(view, width) {
      return [span(" ".repeat(TIME)), ...headLine(layLanes(flowOf(view), width - TIME))];
    },
    rows: (view, width) => rowsOf(allRows(view, flowOf(view), width)),
    evidence(view, width, key, folded) {
      const arrow = flowOf(view).arrows.find((each) => each.key === key);
      if (arrow === undefined) return null;
      const event = view.events[arrow.at] as Event;
      const since = stepBegan(view, arrow.t)?.t ?? 0;
      return evidenceLines(event, {
        width,
        since,
        folded,
        part: arrow.part === "body" ? "response" : arrow.part,
      });
    },
  });
}

function allRows(view: View, flow: Flow, width: number): Row[] {
  const lanes = layLanes(flow, width - TIME);
  const rows: Row[] = [];
  let step: number | null = null;
  for (const { arrow, count } of joined(flow.arrows)) {
    const began = stepBegan(view, arrow.t);
    if (began !== null && began.t !== step) {
      step = began.t;
      rows.push({ draw: () => stepRule(view, began.step, width), key: null });
    }
    const since = began?.t ?? 0;
    rows.push({ draw: () => arrowLine(lanes, arrow, count, since, width), key: arrow.key });
  }
  return rows;
}

function arrowLine(lanes: Lanes, arrow: Arrow, count: number, since: number, width: number): Line {
  const time = relativeTime(arrow.t, since).slice(0, TIME - 1);
  const room = width - TIME - (lanes.columns.at(-1) ?? 0);
  const one = arrow.logged === true ? `${arrow.label} (log)` : arrow.label;
  const words = count === 1 ? one : `runs ${oneLine(arrow.helper ?? "")} ×${count}`;
  return [
    span(`${time} `, "dim"),
    ...laneSpans(lanes, arrow),
    ...clipLine([...originSpans(arrow), span(words, arrow.style)], room),
  ];
}

/** Fifty calls of iptables in a row are one line. */
function joined(arrows: readonly Arrow[]): { readonly arrow: Arrow; readonly count: number }[] {
  const runs: { arrow: Arrow; count: number }[] = [];
  for (const arrow of arrows) {
    const last = runs.at(-1);
    const same = arrow.helper !== undefined && arrow.helper === last?.arrow.helper;
    if (last !== undefined && same && arrow.from === last.arrow.from) last.count++;
    else runs.push({ arrow, count: 1 });
  }
  return runs;
}
