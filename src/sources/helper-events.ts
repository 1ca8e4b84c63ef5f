import type { Event, Hierarchy, LabReady, Output } from "../timeline/event.ts";
import type { Doer } from "../timeline/event-kernel.ts";
import type { Clock } from "./clock.ts";
import type { HelperLine } from "./helper.ts";

/** A group was made or removed, or a file written, as the helper tells it. */
export interface CgroupNotice extends Doer {
  readonly kind: "cgroup.mkdir" | "cgroup.rmdir" | "cgroup.write";
  /** Nanoseconds since the session began. */
  readonly t: number;
  readonly hierarchy: string;
  /** Relative to the lab's cgroup. */
  readonly path: string;
  readonly file?: string;
}

/** A cgroup of the lab's as the host sees it: what the cgroup source watches. */
export interface LabCgroup {
  readonly hierarchy: Hierarchy;
  /** Absolute, on the host. */
  readonly hostPath: string;
}

/** Kinds the helper reports in the very form in which the timeline keeps them. */
const SAME = new Set([
  "lab.gone",
  "run.exit",
  "process.found",
  "process.fork",
  "process.exec",
  "process.exit",
  "process.lost",
  "process.namespaces",
  "mount.add",
  "mount.remove",
  "container.stage",
  "container.stopped",
  "container.failed",
  "cgroup.oom",
  "cgroup.populated",
  "cgroup.frozen",
  "mount.namespace",
  "mount.gone",
  "mount.brief",
  "diagnostic",
]);

/** All that the helper tells of the network is told as the timeline keeps it. */
const NETWORK = /^(netns|link|address|route|table|chain|rule|conntrack)\./;

/** The helper's line as an event; null for what is not for the timeline (replies, trace text). */
export function helperEvent(line: HelperLine, clock: Clock): Event | null {
  const t = line.t === 0 ? clock.now() : clock.fromMonotonic(line.t);
  if (line.kind === "lab.ready") return labReady(line, t);
  if (line.kind === "output" && line.stream !== "trace") return { ...line, t } as unknown as Output;
  return SAME.has(line.kind) || NETWORK.test(line.kind)
    ? ({ ...line, t } as unknown as Event)
    : null;
}

/** Paths on the host stay out of the timeline: a recording is for other machines. */
function labReady(line: HelperLine, t: number): LabReady {
  const { lab, mode, can, pid, namespaces, lacks } = line as unknown as LabReady;
  const hierarchies = labCgroups(line).map(({ hierarchy }) => hierarchy);
  const abilities = mode === undefined || can === undefined ? {} : { mode, can };
  return { kind: "lab.ready", t, lab, ...abilities, pid, namespaces, hierarchies, lacks };
}

interface ReportedCgroup {
  readonly version: 1 | 2;
  readonly hierarchy: string;
  readonly controllers: readonly string[];
  readonly path: string;
}

/** The lab's cgroups out of its `lab.ready`. */
export function labCgroups(line: HelperLine): LabCgroup[] {
  const reported = line.cgroups as readonly ReportedCgroup[];
  const hybrid = reported.some(({ version }) => version === 1);
  return reported.map(({ version, hierarchy, controllers, path }) => ({
    hierarchy: { version, hierarchy, controllers, mount: mountOf(version, hierarchy, hybrid) },
    hostPath: path,
  }));
}

/** Where the lab mounts a hierarchy: as systemd and Docker hosts do (native/rootfs). */
function mountOf(version: 1 | 2, hierarchy: string, hybrid: boolean): string {
  if (version === 1) return `/sys/fs/cgroup/${hierarchy.replace(/^name=/, "")}`;
  return hybrid ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
}

const CGROUP_NOTICES = new Set(["cgroup.mkdir", "cgroup.rmdir", "cgroup.write"]);

/** What the helper says of a cgroup that the cgroup source has to look at first; null: nothing. */
export function cgroupNotice(line: HelperLine, clock: Clock): CgroupNotice | null {
  if (!CGROUP_NOTICES.has(line.kind)) return null;
  return { ...line, t: clock.fromMonotonic(line.t) } as unknown as CgroupNotice;
}

/** Whether the helper says who writes to cgroup files: then nobody else needs to tell the writes. */
export function tellsWriters(ready: HelperLine): boolean {
  return Array.isArray(ready.can) && ready.can.includes("cgroup.writers");
}
