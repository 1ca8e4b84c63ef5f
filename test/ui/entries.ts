import type { PaneName } from "../../src/lesson/panes.ts";
import type { ScrollStep } from "../../src/ui/keys.ts";
import { pickTarget } from "../../src/ui/picking.ts";
import type { Stage } from "./render-frame.tsx";

/** The names of all entries of a list. */
export function entriesOf(stage: Stage, pane: PaneName, width = 78): string[] {
  const { picks } = stage.panes[pane];
  const view = stage.view();
  const rows = Array.from({ length: picks?.count(view, width) ?? 0 }, (_, index) => index);
  return rows.flatMap((index) => picks?.key(view, width, index) ?? []);
}

/** What a key that scrolls does in the pane in focus. */
export function press(stage: Stage, by: ScrollStep, times = 1): Stage {
  for (let count = 0; count < times; count++) {
    const { focus } = stage.state();
    const target = pickTarget(stage.view(), stage.panes[focus], by);
    if (target !== null) stage.send({ kind: "picked", pane: focus, ...target });
  }
  return stage;
}
