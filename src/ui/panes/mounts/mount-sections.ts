import type { KnownMount, UnmountedMount, World } from "../../../timeline/world.ts";
import type { View } from "../../view.ts";

/** The mounts of one mount namespace, as they are shown. */
export interface MountSection {
  /** Null: the lab's own. */
  readonly mntns: number | null;
  /** What the lesson mounted here, as a tree; in a copy, what it has besides the lab's mounts. */
  readonly own: readonly MountBranch[];
  /** Those that the lab began with, or copies of them. */
  readonly usual: readonly KnownMount[];
  /** Unmounted in the current step. */
  readonly gone: readonly UnmountedMount[];
}

export interface MountBranch {
  readonly mount: KnownMount;
  /** `├─ `, with a column for each ancestor that is shown. */
  readonly prefix: string;
  /** Mounted in the current step. */
  readonly isNew: boolean;
}

/** The lab's own first, then the others as they were found. */
export function mountSections(view: View): MountSection[] {
  const { world } = view;
  const since = view.latest?.t ?? Number.POSITIVE_INFINITY;
  const started = view.state.marks[0]?.t ?? Number.POSITIVE_INFINITY;
  const spaces = new Map<number | null, KnownMount[]>([[null, []]]);
  for (const mount of world.mounts.values()) {
    const mntns = mount.mntns ?? null;
    const known = spaces.get(mntns);
    if (known === undefined) spaces.set(mntns, [mount]);
    else known.push(mount);
  }
  const gone = goneSince(world, since);
  const began = new Set(
    (spaces.get(null) ?? []).filter(({ addedAt }) => addedAt < started).map(likeness),
  );
  return [...spaces].map(([mntns, mounts]) => {
    const isUsual = (mount: KnownMount): boolean =>
      began.has(likeness(mount)) && (mntns !== null || mount.addedAt < started);
    const own = mounts.filter((mount) => !isUsual(mount));
    return {
      mntns,
      own: branchesOf(own, since),
      usual: mounts.filter(isUsual),
      gone: gone.filter((mount) => (mount.mntns ?? null) === mntns),
    };
  });
}

/** What makes a mount of a new namespace the copy of one of the lab's (mount_namespaces(7)). */
function likeness({ target, fstype, source, root = "/" }: KnownMount): string {
  return JSON.stringify([target, fstype, source, root]);
}

function goneSince({ unmounted }: World, since: number): UnmountedMount[] {
  const first = unmounted.findLastIndex(({ removedAt }) => removedAt < since) + 1;
  return unmounted.slice(first);
}

export function branchesOf(mounts: readonly KnownMount[], since: number): MountBranch[] {
  const here = new Set(mounts.map(({ mount }) => mount));
  const children = new Map<number | null, KnownMount[]>();
  for (const mount of mounts) {
    // The root of a mount tree is its own parent, or one that cannot be seen.
    const parent = here.has(mount.parent) && mount.parent !== mount.mount ? mount.parent : null;
    const siblings = children.get(parent) ?? [];
    siblings.push(mount);
    children.set(parent, siblings);
  }
  // A stack, not recursion: mounts may be stacked deeper than calls.
  const stack = (children.get(null) ?? []).map((mount) => ({ mount, prefix: "", below: "" }));
  const branches: MountBranch[] = [];
  for (let top = stack.shift(); top !== undefined; top = stack.shift()) {
    const { mount, prefix, below } = top;
    branches.push({ mount, prefix, isNew: mount.addedAt >= since });
    const own = children.get(mount.mount) ?? [];
    const hung = own.map((child, index) => {
      const last = index === own.length - 1;
      const next = below.length < DEEPEST ? `${below}${last ? "   " : "│  "}` : below;
      return { mount: child, prefix: `${below}${last ? "└─ " : "├─ "}`, below: next };
    });
    stack.unshift(...hung);
  }
  return branches;
}

/** Columns of indentation beyond which children no longer move to the right. */
const DEEPEST = 18;
