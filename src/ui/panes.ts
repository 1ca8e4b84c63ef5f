import type { KernelPaneName } from "../lesson/pane-plan.ts";
import type { PaneName } from "../lesson/panes.ts";
import type { Pane } from "./pane.ts";
import { createCgroupsPane } from "./panes/cgroups/cgroups-pane.ts";
import { createChartsPane } from "./panes/charts/charts-pane.ts";
import { createEventsPane } from "./panes/events/events-pane.ts";
import { createExchangesPane } from "./panes/exchanges/exchanges-pane.ts";
import { createFlowPane } from "./panes/flow/flow-pane.ts";
import { createLayersPane } from "./panes/layers/layers-pane.ts";
import { createLessonPane } from "./panes/lesson/lesson-pane.ts";
import { createMountsPane } from "./panes/mounts/mounts-pane.ts";
import { createNamespacesPane } from "./panes/namespaces/namespaces-pane.ts";
import { createNetworkPane } from "./panes/network/network-pane.ts";
import { createOutputPane } from "./panes/output-pane.ts";
import { createProcessesPane } from "./panes/processes/processes-pane.ts";
import { createShellPane } from "./panes/shell/shell-pane.ts";
import { createSpecPane } from "./panes/spec/spec-pane.ts";

export type Panes = Readonly<Record<PaneName, Pane>>;

interface PaneKind {
  /** Its share of the rows where panes stand above each other; the usual is 3 or 4. */
  readonly rows: number;
  readonly help: string;
  /** What a learner may look for there after a run, in one word; without it nothing is offered. */
  readonly offers?: string;
  readonly create: () => Pane;
}

/** The one table of panes. */
export const PANE_KINDS: Readonly<Record<KernelPaneName, PaneKind>> = {
  events: {
    rows: 4,
    help: "system calls, processes and groups, as they happened",
    create: createEventsPane,
  },
  processes: { rows: 3, help: "the tree of processes", create: createProcessesPane },
  cgroups: {
    rows: 4,
    help: "the groups, and what changed in their files",
    offers: "changes",
    create: createCgroupsPane,
  },
  output: {
    rows: 3,
    help: "what the commands printed",
    offers: "output",
    create: createOutputPane,
  },
  namespaces: {
    rows: 4,
    help: "who is in which namespaces, and what is the lab's",
    offers: "namespaces",
    create: createNamespacesPane,
  },
  shell: {
    rows: 5,
    help: "your own shell in the lab; ! types into it",
    create: createShellPane,
  },
  mounts: {
    rows: 4,
    help: "what is mounted where, in each mount namespace",
    offers: "mounts",
    create: createMountsPane,
  },
  layers: {
    rows: 5,
    help: "the layers of each overlay, and whose file is seen",
    offers: "layers",
    create: createLayersPane,
  },
  network: {
    rows: 8,
    help: "the network map: cables, addresses, rules and what they counted",
    offers: "network",
    create: createNetworkPane,
  },
  exchanges: {
    rows: 4,
    help: "what was asked through sockets, and answered: ↑ ↓ choose, Enter opens",
    offers: "requests",
    create: createExchangesPane,
  },
  flow: {
    rows: 6,
    help: "who asked whom on the way to a container: ↑ ↓ choose, Enter opens",
    offers: "flow",
    create: createFlowPane,
  },
  spec: {
    rows: 4,
    help: "a container's config.json beside what the kernel shows of it",
    offers: "spec",
    create: createSpecPane,
  },
  charts: {
    rows: 6,
    help: "memory, processor time and processes of the groups, as curves",
    offers: "charts",
    create: createChartsPane,
  },
};

/** The panes of one session. Each remembers what it has read of the timeline so far. */
export function createPanes(): Panes {
  const kinds = Object.entries(PANE_KINDS);
  const kernel = kinds.map(([name, { create }]) => [name, create()] as const);
  return { lesson: createLessonPane(), ...Object.fromEntries(kernel) } as Panes;
}
