import type { Namespaces, NamespaceType } from "../../../timeline/event-parts.ts";
import type { KnownMount, Process, World } from "../../../timeline/world.ts";
import { isWatcher, oneLine } from "../../labels.ts";
import type { View } from "../../view.ts";

/** In the order in which the lesson about them speaks of them. */
export const TYPES: readonly NamespaceType[] = [
  "pid",
  "mnt",
  "net",
  "uts",
  "ipc",
  "user",
  "cgroup",
  "time",
];

/** Processes that share all their namespaces. */
export interface NamespaceRow {
  /** The lab, a container's name, or empty. */
  readonly name: string;
  readonly isLab: boolean;
  /** Only those that are not the lab's own. */
  readonly namespaces: Namespaces;
  readonly processes: readonly Process[];
  /** Nobody is left in them: they were there in this step. */
  readonly ended: boolean;
}

/** A namespace that a file keeps, or that is there though no process is seen in it. */
export interface KeptNamespace {
  readonly type: NamespaceType;
  readonly inode: number;
  readonly files: readonly string[];
  readonly processes: number;
  readonly since: number;
}

/** So many groups of processes that ended in the current step stay in sight. */
const ENDED_SHOWN = 6;

export function namespaceRows(view: View): NamespaceRow[] {
  const { world } = view;
  const all = [...world.processes.values()].filter((process) => !isWatcher(process));
  const living = rowsOf(
    world,
    all.filter(({ exit }) => exit === null),
    false,
  );
  const since = view.latest?.t ?? 0;
  const dead = all.filter(({ exit, namespaces }) => {
    return exit !== null && exit.t >= since && Object.keys(namespaces).length > 0;
  });
  const there = new Set(living.map(keyOf));
  const ended = rowsOf(world, dead, true).filter((row) => !there.has(keyOf(row)));
  return [...living, ...ended.slice(-ENDED_SHOWN)];
}

function rowsOf(world: World, processes: readonly Process[], ended: boolean): NamespaceRow[] {
  const rows = new Map<string, Process[]>();
  for (const process of processes) {
    const key = keyOf(process);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [process]);
    else row.push(process);
  }
  const made = [...rows.values()].map((members): NamespaceRow => {
    const { namespaces } = members[0] as Process;
    const isLab = Object.keys(namespaces).length === 0;
    const name = isLab ? placeName(world) : (containerOf(world, members) ?? "");
    return { name, isLab, namespaces, processes: members, ended };
  });
  return made.sort((a, b) => rank(a) - rank(b));
}

/** What there was before anything that is looked at. */
export function placeName({ lab }: World): string {
  return lab?.mode === "host" ? "the host" : "the lab";
}

function keyOf({ namespaces }: { readonly namespaces: Namespaces }): string {
  return TYPES.map((type) => namespaces[type] ?? "").join(" ");
}

function rank({ isLab, processes }: NamespaceRow): number {
  return isLab ? -1 : (processes[0]?.startedAt ?? 0);
}

function containerOf({ containers }: World, members: readonly Process[]): string | null {
  for (const { pid, startedAt } of members) {
    const container = containers.get(pid);
    // The kernel gives a pid again: this one must not have ended before the process began.
    if (container !== undefined && (container.exit?.t ?? startedAt) >= startedAt)
      return oneLine(container.name);
  }
  return null;
}

/** Bound files, and what else is known of namespaces that no process is in. */
export function keptNamespaces(world: World): KeptNamespace[] {
  const found = new Map<string, { files: Set<string>; since: number }>();
  const note = (type: NamespaceType, inode: number, mount: KnownMount | null): void => {
    const key = `${type} ${inode}`;
    const known = found.get(key) ?? { files: new Set(), since: Number.POSITIVE_INFINITY };
    if (mount !== null) known.files.add(mount.target);
    found.set(key, { ...known, since: Math.min(known.since, mount?.addedAt ?? 0) });
  };
  for (const mount of world.mounts.values()) {
    const bound = boundNamespace(mount);
    if (bound !== null) note(bound.type, bound.inode, mount);
  }
  const peopled = peopledNamespaces(world);
  for (const { netns } of world.networks.values())
    if (netns !== null && !peopled.has(`net ${netns}`) && !found.has(`net ${netns}`))
      note("net", netns, null);
  return [...found].map(([key, { files, since }]) => {
    const [type, inode] = key.split(" ") as [NamespaceType, string];
    const processes = peopled.get(key) ?? 0;
    return { type, inode: Number(inode), files: [...files], processes, since };
  });
}

/** A file of nsfs that is mounted somewhere: its root reads `net:[4026532251]`. */
function boundNamespace({ fstype, root }: KnownMount): {
  type: NamespaceType;
  inode: number;
} | null {
  const match = fstype === "nsfs" ? /^(\w+):\[(\d+)\]$/.exec(root ?? "") : null;
  const type = TYPES.find((each) => each === match?.[1]);
  return type === undefined ? null : { type, inode: Number(match?.[2]) };
}

function peopledNamespaces(world: World): Map<string, number> {
  const counts = new Map<string, number>();
  const own = world.lab?.namespaces ?? {};
  for (const { exit, namespaces } of world.processes.values()) {
    if (exit !== null) continue;
    for (const type of TYPES) {
      const key = `${type} ${namespaces[type] ?? own[type]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** The namespaces that came into being in the current step, as `type inode`, and when. */
export function newNamespaces(
  view: View,
  kept: readonly KeptNamespace[],
): ReadonlyMap<string, number> {
  const began = view.latest?.t;
  if (began === undefined) return new Map();
  const held = new Map<string, Span[]>();
  const note = (key: string, span: Span): void => {
    held.set(key, [...(held.get(key) ?? []), span]);
  };
  for (const { namespaces, namespacesSince, exit } of view.world.processes.values())
    for (const type of TYPES)
      if (namespaces[type] !== undefined)
        note(`${type} ${namespaces[type]}`, {
          from: namespacesSince[type] ?? 0,
          to: exit?.t ?? Number.POSITIVE_INFINITY,
        });
  for (const { type, inode, since } of kept)
    note(`${type} ${inode}`, { from: since, to: Number.POSITIVE_INFINITY });
  const last = [...held].map(([key, spans]) => [key, lastBegan(spans)] as const);
  return new Map(last.filter(([, since]) => since >= began));
}

/** Whether a row is about a new namespace, and not about an older one of the same number. */
export function isInNew(
  { namespaces, processes }: NamespaceRow,
  type: NamespaceType,
  fresh: ReadonlyMap<string, number>,
): boolean {
  const since = fresh.get(`${type} ${namespaces[type]}`);
  if (since === undefined) return false;
  return processes.some(({ exit }) => exit === null || exit.t >= since);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the last namespace of an inode began: after a time without holders it is another one. */
function lastBegan(spans: readonly Span[]): number {
  let last: Span = { from: 0, to: Number.NEGATIVE_INFINITY };
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from))
    last = from > last.to ? { from, to } : { from: last.from, to: Math.max(last.to, to) };
  return last.from;
}
