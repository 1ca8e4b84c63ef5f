import type { CgroupSample } from "./cgroup-sample.ts";

/** What one interface file of a group says of what it has used and may use, as far as it does. */
export interface CgroupReading extends Partial<Omit<CgroupSample, "path">> {
  /** Bytes: the most it has ever used. */
  readonly memoryPeak?: number | null;
  /** Processes it may have; null: any number. */
  readonly pidsLimit?: number | null;
  /** Microseconds of processor time in each period, null: any, and a period's microseconds. */
  readonly quota?: number | null;
  readonly period?: number | null;
  /** Its share where a processor is contended: shares on v1, 1024 usually; weight on v2, 100. */
  readonly weight?: number | null;
}

/** Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst name the files and their units. */
const READERS: Readonly<Record<string, (text: string) => CgroupReading>> = {
  "memory.usage_in_bytes": (text) => ({ memory: number(text) }),
  "memory.current": (text) => ({ memory: number(text) }),
  "memory.max_usage_in_bytes": (text) => ({ memoryPeak: number(text) }),
  "memory.peak": (text) => ({ memoryPeak: number(text) }),
  "memory.limit_in_bytes": (text) => ({ memoryLimit: limit(text) }),
  "memory.max": (text) => ({ memoryLimit: limit(text) }),
  "memory.oom_control": (text) => ({ oomKills: field(text, "oom_kill") }),
  "memory.events": (text) => ({ oomKills: field(text, "oom_kill") }),
  "cpuacct.usage": (text) => ({ cpu: scaled(number(text), 1e9) }),
  // v1's has no usage, which is cpuacct's there.
  "cpu.stat": (text) => {
    const cpu = scaled(field(text, "usage_usec"), 1e6);
    return { ...(cpu !== null && { cpu }), throttled: field(text, "nr_throttled") };
  },
  "cpu.max": (text) => {
    const [quota = "", period = ""] = text.trim().split(" ");
    return { quota: number(quota), period: number(period) };
  },
  "cpu.cfs_quota_us": (text) => ({ quota: number(text) }),
  "cpu.cfs_period_us": (text) => ({ period: number(text) }),
  "cpu.shares": (text) => ({ weight: number(text) }),
  "cpu.weight": (text) => ({ weight: number(text) }),
  "pids.current": (text) => ({ pids: number(text) }),
  "pids.max": (text) => ({ pidsLimit: number(text) }),
};

/** Null: this file is about something else. */
export function cgroupReading(file: string, text: string): CgroupReading | null {
  return Object.hasOwn(READERS, file) ? (READERS[file]?.(text) ?? null) : null;
}

function number(text: string): number | null {
  return /^\d{1,20}\n?$/.test(text) ? Number(text) : null;
}

/** v1 writes no limit as the highest multiple of a page, v2 as `max`. */
function limit(text: string): number | null {
  const bytes = number(text);
  return bytes === null || bytes > 2 ** 62 ? null : bytes;
}

/** The value in a line `name value`. */
function field(text: string, name: string): number | null {
  const found = new RegExp(`^${name} (\\d{1,20})$`, "m").exec(text);
  return found === null ? null : Number(found[1]);
}

function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : value / unit;
}
