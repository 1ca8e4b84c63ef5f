import { KEYS } from "./keys.ts";
import { recordedLabel } from "./labels.ts";
import { type Line, span } from "./text.ts";
import type { View } from "./view.ts";
import { wrapSpans } from "./wrap.ts";

/** The help: every key, and what the marks mean. */
export function helpLines(view: View, width: number): Line[] {
  const keys = KEYS.filter(({ help }) => help !== "").map(
    ({ label, group, help }): Line => [
      span((group ?? label).padStart(14), "key"),
      span(`  ${help}`),
    ],
  );
  const recorded = recordedLabel(view.mode);
  return [
    ...keys,
    [],
    ...wrapSpans([span(MARKS, "dim")], width),
    ...(recorded === "" ? [] : wrapSpans([span(`This is a replay ${recorded}.`, "dim")], width)),
  ];
}

const MARKS = "Marks: ✓ holds, ✗ does not or was killed, ! look here, … cut off.";
