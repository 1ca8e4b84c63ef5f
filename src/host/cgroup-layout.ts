import { readFileSync } from "node:fs";
import type { CgroupVersion } from "../timeline/host-summary.ts";

/** How this host's kernel shows control groups, from what it says itself (cgroups(7)). */
export interface CgroupLayout {
  /** Where the memory controller is decides: a hybrid host counts as `v1`. */
  readonly version: CgroupVersion;
  /** v1 controllers with a mounted hierarchy, and v2's cgroup.controllers of the root. */
  readonly v1: readonly string[];
  readonly v2: readonly string[];
  /** Where the cgroup2 tree is mounted, if it is. */
  readonly v2Mount: string | null;
}

const NONE: CgroupLayout = { version: "none", v1: [], v2: [], v2Mount: null };

/** Reads /proc/self/mountinfo (proc_pid_mountinfo(5)) and cgroup.controllers. */
export function readCgroupLayout(read: (path: string) => string | null = readText): CgroupLayout {
  const mountinfo = read("/proc/self/mountinfo");
  return mountinfo === null ? NONE : cgroupLayout(mountinfo, read);
}

/** The same from text, so that it can be tried with other machines' files. */
export function cgroupLayout(
  mountinfo: string,
  read: (path: string) => string | null,
): CgroupLayout {
  const v1: string[] = [];
  let v2Mount: string | null = null;
  for (const line of mountinfo.split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const [fstype, , options = ""] = right.split(" ");
    const target = left.split(" ")[4] ?? "";
    if (fstype === "cgroup2") v2Mount ??= target;
    if (fstype === "cgroup") v1.push(...options.split(",").filter((name) => CONTROLLERS.has(name)));
  }
  const v2 = v2Mount === null ? [] : words(read(`${v2Mount}/cgroup.controllers`));
  const version = v2.includes("memory") ? "v2" : v1.includes("memory") ? "v1" : "none";
  return { version, v1: [...new Set(v1)], v2, v2Mount };
}

/**
 * Where memory is in v2's tree and cpu or pids are in v1's, no lesson's text fits: a kernel without
 * v1's memory controller (CONFIG_MEMCG_V1, Linux 6.11) that is booted as if it had it.
 */
export function splitText({ version, v1, v2 }: CgroupLayout): string | null {
  const elsewhere = ["cpu", "pids"].filter((name) => v1.includes(name));
  if (version !== "v2" || elsewhere.length === 0) return null;
  return `split: ${elsewhere.join(", ")} in v1, ${v2.join(", ")} in v2`;
}

export const SPLIT_FIX =
  "boot without systemd.unified_cgroup_hierarchy=0: this kernel has no memory controller for v1";

/** The names in /proc/cgroups; mount options hold other words too. */
const CONTROLLERS = new Set(
  "cpuset cpu cpuacct blkio io memory devices freezer net_cls perf_event net_prio hugetlb pids rdma misc".split(
    " ",
  ),
);

function words(text: string | null): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
