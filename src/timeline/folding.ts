import type { ChangeCause, World } from "./world.ts";

export type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : T[K] extends readonly (infer Item)[]
      ? Item[]
      : T[K];
};

/** The fold's own copy of the world, with what it must remember between events. */
export interface Folding {
  readonly world: Mutable<World>;
  /** Index on the timeline of the event that is being folded. */
  at: number;
  /** The groups' files that no copy of this fold shares: only these are changed in place. */
  ownFiles: WeakSet<ReadonlyMap<string, string>>;
  /** The last write to each cgroup file that no change has accounted for yet. */
  readonly writes: Map<string, SeenWrite>;
  /** Host pids of each process's living children. */
  readonly children: Map<number, Set<number>>;
  /** argv, as strace spells it, of each process's last execve(2). */
  readonly programs: Map<number, string>;
  /** The host name that each process has set last, by its pid in the lab. */
  readonly hostNames: Map<number, string>;
}

export interface SeenWrite {
  readonly t: number;
  readonly cause: ChangeCause;
}
