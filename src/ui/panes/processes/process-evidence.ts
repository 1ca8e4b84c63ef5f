import { endSpan, oneLine, processName, relativeTime } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { argvLines, pairLines, wrapEvidence } from "../flow/evidence.ts";
import { stepBegan } from "../lesson/step-rule.ts";
import { groupsByPid } from "./process-tree.ts";

/** One process whole: whose child, since when, where, with which arguments; null: it is not there. */
export function processEvidence(view: View, pid: number, width: number): Line[] | null {
  const { world } = view;
  const process = world.processes.get(pid);
  if (process === undefined) return null;
  const parent = process.ppid === null ? undefined : world.processes.get(process.ppid);
  const spaces = Object.entries(process.namespaces).map(([type, inode]) => `${type}:[${inode}]`);
  const ended = process.exit === null ? null : momentOf(view, process.exit.t);
  const groups = (groupsByPid(view).get(pid) ?? []).join(" ");
  const lines: Line[] = [
    [span(oneLine(process.comm ?? "?"), "heading")],
    ...pairLines([
      ["pid in the lab", `${process.labPid ?? "?"}`],
      ["pid on the host", `${process.pid}`],
      ["child of", parent === undefined ? "?" : `${parent.labPid ?? "?"} ${processName(parent)}`],
      ["since", momentOf(view, process.startedAt)],
      ...(ended === null ? [["in groups", groups || "the lab's own"] as const] : []),
      ["namespaces of its own", spaces.join(" ") || "none: the lab's"],
      ...(ended === null ? [] : [["ended", ended] as const]),
    ]),
    ...(process.exit === null ? [] : [[endSpan(process.exit)]]),
    [],
    ...argvLines(process.argv ?? []),
  ];
  return lines.flatMap((line) => wrapEvidence(line, width));
}

function momentOf(view: View, t: number): string {
  const began = stepBegan(view, t);
  if (began === null) return "before the first step";
  const step = view.lesson.steps.findIndex(({ id }) => id === began.step) + 1;
  return `${relativeTime(t, began.t).slice(1)} s into step ${step}`;
}
