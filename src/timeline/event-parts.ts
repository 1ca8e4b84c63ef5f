/** What the files that say which events there are have in common. */

export interface Stamped {
  /** Nanoseconds since the session began. */
  readonly t: number;
  /** Read from a trace of another time and place: which. Nothing of it happened in this lab. */
  readonly origin?: string;
}

/** namespaces(7): the entries of /proc/PID/ns. */
export type NamespaceType = "pid" | "mnt" | "net" | "uts" | "ipc" | "cgroup" | "user" | "time";
export type Namespaces = { readonly [T in NamespaceType]?: number };
