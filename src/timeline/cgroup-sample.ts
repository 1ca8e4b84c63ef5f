/** What a group has used by one moment (cgroups(7)); null where no controller counts it. */
export interface CgroupSample {
  /** Relative to the group that is looked at; `/` is that group itself. */
  readonly path: string;
  /** Bytes, those below it included. */
  readonly memory: number | null;
  /** Bytes; null: none is set. */
  readonly memoryLimit: number | null;
  /** Seconds of processor time since it was made. */
  readonly cpu: number | null;
  /** Periods in which it had to stop (cpu.max, cpu.cfs_quota_us). */
  readonly throttled: number | null;
  readonly pids: number | null;
  readonly oomKills: number | null;
}

/** A group and those below it, at one moment. */
export interface CgroupSamples {
  /** Milliseconds, of any clock that goes one way. */
  readonly at: number;
  /** The group itself first. Empty: it is gone. */
  readonly groups: readonly CgroupSample[];
}
