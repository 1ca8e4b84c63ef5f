import type { Folding } from "./folding.ts";
import type { Network } from "./network.ts";
import type { Cgroup } from "./world.ts";

/**
 * A fold that goes its own way from here. Copied is what the fold changes in place (maps, lists, a
 * group's files, a namespace's parts); what it replaces as a whole is shared.
 */
export function copyFolding({ world, ...memory }: Folding): Folding {
  return {
    world: {
      ...world,
      processes: new Map(world.processes),
      cgroups: mapValues(world.cgroups, copyCgroup),
      changes: [...world.changes],
      mounts: new Map(world.mounts),
      unmounted: [...world.unmounted],
      layers: new Map(world.layers),
      networks: mapValues(world.networks, copyNetwork),
      containers: new Map(world.containers),
      bundles: new Map(world.bundles),
      runs: new Map(world.runs),
      diagnostics: [...world.diagnostics],
    },
    at: memory.at,
    writes: new Map(memory.writes),
    children: mapValues(memory.children, (pids) => new Set(pids)),
    programs: new Map(memory.programs),
    hostNames: new Map(memory.hostNames),
  };
}

function copyCgroup(group: Cgroup): Cgroup {
  return { ...group, files: new Map(group.files) };
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
