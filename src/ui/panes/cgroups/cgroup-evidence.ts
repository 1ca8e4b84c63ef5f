import { type Cgroup, cgroupLabel } from "../../../timeline/world.ts";
import { oneLine, processName, relativeTime } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { pairLines, wrapEvidence } from "../flow/evidence.ts";
import { stepBegan } from "../lesson/step-rule.ts";
import type { Diff } from "./cgroup-diffs.ts";
import { groupKey } from "./cgroup-tree.ts";
import { fullValue, valueChanges } from "./cgroup-values.ts";

interface Options {
  readonly width: number;
  /** Leaves out what has not changed. */
  readonly folded: boolean;
}

/** One difference whole: which file, who did it with what words, its content before and after. */
export function diffEvidence(view: View, diff: Diff, { width, folded }: Options): Line[] {
  const { hierarchy, path, file, before, after } = diff;
  const since = stepBegan(view, diff.t)?.t ?? 0;
  const title: Line = [
    span(`${relativeTime(diff.t, since)} `, "dim"),
    span(oneLine(`${cgroupLabel(hierarchy, path)} ${file}`), "heading"),
  ];
  const content = folded
    ? valueChanges(diff).flatMap((change) => [
        ...(change.key === "" ? [] : [[span(oneLine(change.key), "name")]]),
        [span("- ", "bad"), span(oneLine(fullValue(file, change.before)))],
        [span("+ ", "good"), span(oneLine(fullValue(file, change.after)))],
      ])
    : [...textLines("- ", before ?? ""), ...textLines("+ ", after)];
  const lines = [title, causeLine(view, diff), [], ...content];
  return lines.flatMap((line) => wrapEvidence(line, width));
}

function textLines(mark: "- " | "+ ", text: string): Line[] {
  const rows = text.replace(/\n$/, "").split("\n");
  return rows.map((row) => [span(mark, mark === "+ " ? "good" : "bad"), span(oneLine(row))]);
}

function causeLine({ world }: View, { cause, times }: Diff): Line {
  if (cause.kind === "kernel") {
    const often =
      times === 1 ? "" : `, ${times} times since the step began: the first and the last`;
    return [span(`by the kernel itself${often}`, "kernel")];
  }
  const { labPid, text } = cause;
  const all = [...world.processes.values()];
  const writer = labPid === null ? undefined : all.findLast((each) => each.labPid === labPid);
  const name = writer === undefined ? "" : `  ${processName(writer)}`;
  const what = text === null ? "" : `, with write(2) of ${oneLine(text)}`;
  return [span(`by ${labPid ?? "a process"}${what}`, "good"), span(name, "command")];
}

/** A group whole: who is in it, and all of its files that were read; null: it is not there. */
export function groupEvidence(view: View, key: string, width: number): Line[] | null {
  const { world } = view;
  const group = [...world.cgroups.values()].find((each) => groupKey(each) === key);
  if (group === undefined) return null;
  const lines: Line[] = [
    [span(oneLine(cgroupLabel(group.hierarchy, group.path)), "heading")],
    [span(`${group.fileNames.length} files, ${group.files.size} of them read`, "dim")],
    ...members(view, group),
    [],
    ...pairLines(
      [...group.files].map(([name, text]) => [name, text.trim().replaceAll("\n", "  ")]),
    ),
  ];
  return lines.flatMap((line) => wrapEvidence(line, width));
}

function members({ world }: View, { pids }: Cgroup): Line[] {
  return pids.map((pid) => {
    const process = world.processes.get(pid);
    const name = process === undefined ? "" : processName(process);
    return [span(`${process?.labPid ?? pid}`.padStart(5)), span(`  ${name}`, "command")];
  });
}
