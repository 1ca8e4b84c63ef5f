import type { PaneId } from "../workbench/state.ts";
import type { Pane } from "./pane.ts";
import { createCgroupsPane } from "./panes/cgroups-pane.ts";
import { createEventsPane } from "./panes/events-pane.ts";
import { createLessonPane } from "./panes/lesson-pane.ts";
import { createOutputPane } from "./panes/output-pane.ts";
import { createProcessesPane } from "./panes/processes-pane.ts";

export type Panes = Readonly<Record<PaneId, Pane>>;

/** The panes of one session. Each remembers what it has read of the timeline so far. */
export function createPanes(): Panes {
  return {
    lesson: createLessonPane(),
    events: createEventsPane(),
    processes: createProcessesPane(),
    cgroups: createCgroupsPane(),
    output: createOutputPane(),
  };
}
