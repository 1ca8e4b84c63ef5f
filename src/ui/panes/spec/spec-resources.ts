import { cgroupKey } from "../../../timeline/world.ts";
import { field, list, member, type SpecField, type Subject, text, unseen } from "./spec-field.ts";

/** A number in `linux.resources`, and the files that hold it (runtime-spec, config-linux). */
interface Resource {
  readonly path: readonly [string, string];
  readonly controller: string;
  readonly v1: string;
  readonly v2: string;
  /** v2's file has another unit or another sum: what it may say. */
  readonly asV2?: (value: number, config: unknown) => readonly string[];
}

const RESOURCES: readonly Resource[] = [
  {
    path: ["memory", "limit"],
    controller: "memory",
    v1: "memory.limit_in_bytes",
    v2: "memory.max",
  },
  {
    path: ["memory", "reservation"],
    controller: "memory",
    v1: "memory.soft_limit_in_bytes",
    v2: "memory.low",
  },
  {
    path: ["memory", "swap"],
    controller: "memory",
    v1: "memory.memsw.limit_in_bytes",
    v2: "memory.swap.max",
    // v1 counts memory and swap together.
    asV2: (value, config) => [
      `${value - Number(member(config, ...RESOURCE, "memory", "limit") ?? 0)}`,
    ],
  },
  { path: ["pids", "limit"], controller: "pids", v1: "pids.max", v2: "pids.max" },
  {
    path: ["cpu", "shares"],
    controller: "cpu",
    v1: "cpu.shares",
    v2: "cpu.weight",
    asV2: weights,
  },
  {
    path: ["cpu", "quota"],
    controller: "cpu",
    v1: "cpu.cfs_quota_us",
    v2: "cpu.max",
    asV2: (value, config) => [
      `${value} ${Number(member(config, ...RESOURCE, "cpu", "period") ?? 100_000)}`,
    ],
  },
  { path: ["cpu", "cpus"], controller: "cpuset", v1: "cpuset.cpus", v2: "cpuset.cpus" },
  { path: ["cpu", "mems"], controller: "cpuset", v1: "cpuset.mems", v2: "cpuset.mems" },
];
const RESOURCE = ["linux", "resources"] as const;

/**
 * Shares (2 to 262144, usually 1024) as a weight (1 to 10000, usually 100): on a straight line, or,
 * by runtimes since 2025, on a curve through the two usual values.
 */
function weights(shares: number): string[] {
  const log = Math.log2(shares);
  const curve = 10 ** ((log * log + 125 * log) / 612 - 7 / 34);
  return [`${1 + Math.floor(((shares - 2) * 9999) / 262142)}`, `${Math.ceil(curve)}`];
}

/** `cgroupsPath` and `resources`, against /proc/PID/cgroup and the files of the group. */
export function resourceFields(subject: Subject): SpecField[] {
  return [
    ...pathField(subject),
    ...RESOURCES.flatMap((resource) => resourceField(subject, resource)),
    ...deviceField(subject),
  ];
}

function pathField(subject: Subject): SpecField[] {
  const wanted = text(subject.config, "linux", "cgroupsPath");
  const groups = [...membership(subject)];
  // Beside the trees of v1 a runtime may leave v2's alone.
  const trees = groups.filter(([controllers]) => controllers !== "" || groups.length === 1);
  const paths = new Set(trees.map(([, path]) => path));
  const seen = [...paths].join(" ");
  if (seen === "") return wanted === "" ? [] : [unseen("cgroupsPath", wanted, "not read")];
  // "slice:prefix:name" is what systemd is asked for.
  const last = wanted.split(/[:/]/).at(-1) ?? "";
  const same = wanted === "" || (paths.size === 1 && seen.includes(last));
  return [field("cgroupsPath", wanted || "as the runtime likes", seen, same)];
}

/** Group by controller, and by "" for v2's. */
function membership({ bundle }: Subject): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of (bundle.proc.cgroup ?? "").split("\n")) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (match !== null) groups.set(match[1] ?? "", match[2] ?? "");
  }
  return groups;
}

function resourceField(subject: Subject, resource: Resource): SpecField[] {
  const { config } = subject;
  const wanted = member(config, ...RESOURCE, ...resource.path);
  if (wanted === undefined || wanted === null || wanted === 0 || wanted === "") return [];
  const name = `resources.${resource.path.join(".")}`;
  const group = groupOf(subject, resource.controller);
  if (group === null) return [unseen(name, `${wanted}`, "its group is not known")];
  const file = group.version === 1 ? resource.v1 : resource.v2;
  const seen = group.files?.get(file)?.trim();
  if (seen === undefined) return [unseen(name, `${wanted}`, `${file} was not read`)];
  const translated = group.version === 2 && typeof wanted === "number";
  const expected = (translated && resource.asV2?.(wanted, config)) || [`${wanted}`];
  const unlimited = wanted === -1 && /^(max|-1|9223372036854771712)/.test(seen);
  return [field(name, `${wanted}`, `${seen} (${file})`, expected.includes(seen) || unlimited)];
}

interface Group {
  readonly version: 1 | 2;
  readonly files: ReadonlyMap<string, string> | undefined;
}

/** The container's group in the tree of a controller. */
function groupOf(subject: Subject, controller: string): Group | null {
  const { world } = subject;
  for (const [controllers, path] of membership(subject)) {
    const hierarchy = world.lab?.hierarchies.find((each) => each.hierarchy === controllers);
    if (hierarchy?.controllers.includes(controller))
      return {
        version: hierarchy.version,
        files: world.cgroups.get(cgroupKey(controllers, path))?.files,
      };
  }
  return null;
}

function deviceField(subject: Subject): SpecField[] {
  const rules = list(subject.config, ...RESOURCE, "devices").length;
  if (rules === 0) return [];
  const wanted = `${rules} rule${rules === 1 ? "" : "s"}`;
  const group = groupOf(subject, "devices");
  const name = "resources.devices";
  if (membership(subject).size === 0) return [unseen(name, wanted, "not read")];
  if (group?.version !== 1) return [unseen(name, wanted, "on v2 a BPF program, no file")];
  const allowed = group.files?.get("devices.list")?.trim().split("\n");
  if (allowed === undefined) return [unseen(name, wanted, "devices.list was not read")];
  const all = allowed.some((rule) => rule.startsWith("a "));
  return [field(name, wanted, all ? "all allowed" : `${allowed.length} allowed, no more`, !all)];
}
