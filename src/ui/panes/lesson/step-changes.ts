import { type Change, changeText, type StepChanges } from "../../../timeline/snapshot.ts";
import { oneLine } from "../../labels.ts";
import { clipLine, type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";

/** As many as a small screen has room for beside the rest. */
const FEW = 4;

/** What the step on screen has changed on this machine; nothing when nobody has looked. */
export function stepChangeLines(view: View, width: number): Line[] {
  const told = changesOf(view);
  if (told === null) return [];
  const { changes, more } = told;
  if (changes.length === 0)
    return [[span("changed on this machine: "), span("nothing that lasts", "dim")]];
  const count = view.state.allChanges ? changes.length : Math.min(FEW, changes.length);
  const left = changes.length - count;
  const rest = left > 0 ? `  … ${left} more: c` : more > 0 ? `  … and ${more} more` : null;
  return [
    [span("changed on this machine", "strong")],
    ...changes.slice(0, count).map((change) => changeLine(change, width)),
    ...(rest === null ? [] : [[span(rest, "dim")]]),
  ];
}

/** It stands right before the step's end. */
function changesOf({ events, attempt }: View): StepChanges | null {
  if (attempt === null || attempt.end === null) return null;
  for (let index = attempt.end; index > attempt.start; index--) {
    const event = events[index];
    if (event?.kind === "step.changes") return event;
  }
  return null;
}

function changeLine(change: Change, width: number): Line {
  const style = { added: "good", removed: "bad", changed: "caution" } as const;
  const [sign = "", ...rest] = changeText(change).split(" ");
  return clipLine([span(`${sign} `, style[change.how]), span(oneLine(rest.join(" ")))], width);
}
