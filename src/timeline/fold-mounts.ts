import type { MountAdd, MountGone, MountNamespace, MountRemove } from "./event-kernel.ts";
import type { Folding } from "./folding.ts";

export function mounted({ world }: Folding, event: MountAdd): void {
  const { kind: _, t, ...mount } = event;
  // A mount that only reads differently than before is as old as it was.
  const addedAt = world.mounts.get(event.mount)?.addedAt ?? t;
  world.mounts.set(event.mount, { ...mount, addedAt });
}

export function unmounted({ world }: Folding, event: MountRemove): void {
  const mount = world.mounts.get(event.mount);
  if (mount === undefined) return;
  world.mounts.delete(event.mount);
  world.unmounted.push({ ...mount, removedAt: event.t });
}

export function mountNamespaceFound({ world }: Folding, event: MountNamespace): void {
  const { t, mntns, mounts } = event;
  for (const mount of mounts) world.mounts.set(mount.mount, { ...mount, mntns, addedAt: t });
}

/** Its mounts went with it: nobody has unmounted them one by one. */
export function mountNamespaceGone({ world }: Folding, event: MountGone): void {
  for (const [id, { mntns }] of world.mounts) if (mntns === event.mntns) world.mounts.delete(id);
}
