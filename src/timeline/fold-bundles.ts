import type { Syscall } from "./event.ts";
import type { BundleConfig, BundleProcess } from "./event-bundle.ts";
import type { Folding } from "./folding.ts";
import type { Bundle } from "./world.ts";

export function bundleFound({ world, hostNames }: Folding, event: BundleConfig): void {
  const { t, container, root, runtime, bundle, labPid, pid, text } = event;
  world.bundles.set(keyOf(event), {
    ...{ container, root, runtime, bundle, labPid, config: text, foundAt: t },
    pid: pid ?? null,
    hostName: hostNames.get(labPid) ?? null,
    proc: {},
  });
}

export function bundleLookedAt({ world, hostNames }: Folding, event: BundleProcess): void {
  const known = world.bundles.get(keyOf(event));
  if (known === undefined) return;
  const hostName = hostNames.get(event.labPid) ?? known.hostName;
  const seen: Bundle = { ...known, pid: event.pid ?? known.pid, proc: event.proc, hostName };
  world.bundles.set(keyOf(event), seen);
}

/** The name that a process gave its UTS namespace, as strace showed it (sethostname(2)). */
export function hostNameSet({ hostNames }: Folding, event: Syscall): void {
  if (event.name !== "sethostname" || event.result !== "0") return;
  try {
    hostNames.set(event.labPid, String(JSON.parse(event.args[0] ?? "")));
  } catch {
    // Cut short, or spelled in a way that is not JSON: then it is not known.
  }
}

function keyOf({ root, container, labPid }: BundleConfig | BundleProcess): string {
  return `${root}/${container} ${labPid}`;
}
