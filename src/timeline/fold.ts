import type { Event, EventKind } from "./event.ts";
import { bundleFound, bundleLookedAt, hostNameSet } from "./fold-bundles.ts";
import { cgroupChanged, cgroupFileWritten, cgroupWritten } from "./fold-cgroups.ts";
import { containerEvent, containerExited } from "./fold-containers.ts";
import { mounted, mountNamespaceFound, mountNamespaceGone, unmounted } from "./fold-mounts.ts";
import { foldNetwork } from "./fold-network.ts";
import {
  endOf,
  executed,
  exited,
  forked,
  found,
  namespacesChanged,
  newProcess,
  programSeen,
} from "./fold-processes.ts";
import type { Folding } from "./folding.ts";
import { cgroupKey, type World } from "./world.ts";

/** The world after these events. */
export function foldWorld(events: readonly Event[]): World {
  const folding = emptyFolding();
  events.forEach((event, at) => {
    apply(folding, event, at);
  });
  return folding.world;
}

export function emptyFolding(): Folding {
  return {
    world: {
      session: null,
      lab: null,
      labAlive: false,
      processes: new Map(),
      cgroups: new Map(),
      changes: [],
      mounts: new Map(),
      unmounted: [],
      layers: new Map(),
      networks: new Map(),
      containers: new Map(),
      bundles: new Map(),
      runs: new Map(),
      observerRatio: null,
      diagnostics: [],
    },
    at: 0,
    ownFiles: new WeakSet(),
    writes: new Map(),
    children: new Map(),
    programs: new Map(),
    hostNames: new Map(),
  };
}

type Handler<K extends EventKind> = (folding: Folding, event: Extract<Event, { kind: K }>) => void;

const handlers: { readonly [K in EventKind]?: Handler<K> } = {
  "session.start": ({ world }, event) => {
    world.session = event;
  },
  "lab.ready": ({ world }, event) => {
    world.lab = event;
    world.labAlive = true;
    world.processes.set(
      event.pid,
      newProcess(event.pid, null, event.t, { labPid: 1, comm: "init" }),
    );
  },
  "lab.gone": ({ world }) => {
    world.labAlive = false;
  },
  "observer.cost": ({ world }, event) => {
    world.observerRatio = event.ratio;
  },
  "run.start": ({ world }, event) => {
    const { run, step, pid, labPid, script, t } = event;
    world.runs.set(run, { run, step, pid, labPid, script, startedAt: t, exit: null });
  },
  "run.exit": ({ world }, event) => {
    const run = world.runs.get(event.run);
    if (run !== undefined) world.runs.set(event.run, { ...run, exit: endOf(event) });
  },
  "process.found": found,
  "process.fork": forked,
  "process.exec": executed,
  "process.exit": (folding, event) => {
    exited(folding, event);
    containerExited(folding, event.pid, endOf(event));
  },
  "container.stage": containerEvent,
  "container.stopped": containerEvent,
  "container.failed": containerEvent,
  "bundle.config": bundleFound,
  "bundle.process": bundleLookedAt,
  "process.namespaces": namespacesChanged,
  "mount.namespace": mountNamespaceFound,
  "mount.gone": mountNamespaceGone,
  "mount.add": mounted,
  "mount.remove": unmounted,
  "layer.contents": ({ world }, event) => {
    world.layers.set(event.path, [...(world.layers.get(event.path) ?? []), event]);
  },
  "cgroup.create": ({ world }, event) => {
    const { hierarchy, path, files, t } = event;
    world.cgroups.set(cgroupKey(hierarchy, path), {
      hierarchy,
      path,
      createdAt: t,
      removedAt: null,
      fileNames: files,
      files: new Map(),
      pids: [],
    });
  },
  "cgroup.remove": ({ world }, event) => {
    const key = cgroupKey(event.hierarchy, event.path);
    const group = world.cgroups.get(key);
    if (group !== undefined) world.cgroups.set(key, { ...group, removedAt: event.t, pids: [] });
  },
  "cgroup.write": cgroupWritten,
  "cgroup.change": cgroupChanged,
  syscall: (folding, event) => {
    cgroupFileWritten(folding, event);
    programSeen(folding, event);
    hostNameSet(folding, event);
  },
  diagnostic: ({ world }, event) => {
    world.diagnostics.push(event);
  },
};

/** Folds one event; `at` is its index on the timeline. */
export function apply(folding: Folding, event: Event, at: number): void {
  folding.at = at;
  if (event.origin !== undefined) return;
  const handler = handlers[event.kind] as ((folding: Folding, event: Event) => void) | undefined;
  if (handler === undefined) foldNetwork(folding, event);
  else handler(folding, event);
}
