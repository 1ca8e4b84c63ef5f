import type { Folding } from "./folding.ts";
import type { Network } from "./network.ts";
import type { Cgroup, Process } from "./world.ts";

/** A fold at one moment. Never folded on: `foldFrom` makes folds that are. */
export interface KeptFolding {
  readonly folding: Folding;
  /** How long the lists were, which only grow: they are shared with the fold that went on. */
  readonly changes: number;
  readonly unmounted: number;
  readonly diagnostics: number;
}

/** The maps out of which the fold takes nothing: those that become large. */
export interface GrowingMaps {
  readonly processes: Map<number, Process>;
  readonly cgroups: Map<string, Cgroup>;
}

/** Where somebody else keeps them. */
export function noGrowing(): GrowingMaps {
  return { processes: new Map(), cgroups: new Map() };
}

function copyGrowing({ world }: Folding): GrowingMaps {
  return { processes: new Map(world.processes), cgroups: new Map(world.cgroups) };
}

export function keepFolding(folding: Folding, growing = copyGrowing(folding)): KeptFolding {
  const { changes, unmounted, diagnostics } = folding.world;
  return {
    folding: copyMaps(folding, growing),
    changes: changes.length,
    unmounted: unmounted.length,
    diagnostics: diagnostics.length,
  };
}

/** A fold that goes its own way from a moment that was kept. */
export function foldFrom(kept: KeptFolding, growing = copyGrowing(kept.folding)): Folding {
  const folding = copyMaps(kept.folding, growing);
  const { world } = folding;
  world.changes = world.changes.slice(0, kept.changes);
  world.unmounted = world.unmounted.slice(0, kept.unmounted);
  world.diagnostics = world.diagnostics.slice(0, kept.diagnostics);
  return folding;
}

/**
 * Copied are the maps that the fold changes in place; what it replaces as a whole is shared. So are
 * the groups' files, of which both folds make copies when they change, and the lists.
 */
function copyMaps(folding: Folding, growing: GrowingMaps): Folding {
  const { world, ...memory } = folding;
  folding.ownFiles = new WeakSet();
  return {
    world: {
      ...world,
      ...growing,
      mounts: new Map(world.mounts),
      layers: new Map(world.layers),
      networks: mapValues(world.networks, copyNetwork),
      containers: new Map(world.containers),
      bundles: new Map(world.bundles),
      runs: new Map(world.runs),
    },
    at: memory.at,
    ownFiles: new WeakSet(),
    writes: new Map(memory.writes),
    children: mapValues(memory.children, (pids) => new Set(pids)),
    programs: new Map(memory.programs),
    hostNames: new Map(memory.hostNames),
  };
}

function copyNetwork(network: Network): Network {
  return {
    ...network,
    links: new Map(network.links),
    addresses: new Map(network.addresses),
    routes: new Map(network.routes),
    chains: mapValues(network.chains, (chain) => ({ ...chain, rules: [...chain.rules] })),
    connections: new Map(network.connections),
  };
}

function mapValues<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  copy: (value: Value) => Value,
): Map<Key, Value> {
  const copied = new Map<Key, Value>();
  for (const [key, value] of map) copied.set(key, copy(value));
  return copied;
}
