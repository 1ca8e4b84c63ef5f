/** What the machine was, so that a replay can say where it was recorded. */
export interface HostSummary {
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cgroup: CgroupVersion;
  readonly strace: string | null;
}

/** Which cgroup interface carries the controllers. A hybrid host (controllers on v1) is `v1`. */
export type CgroupVersion = "v1" | "v2" | "none";
