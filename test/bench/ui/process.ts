import { readFileSync } from "node:fs";

/** USER_HZ, which Linux shows to programs as 100 everywhere (time(7)). */
const TICKS = 100;

/** Seconds of CPU time that a process has used so far, all its threads (proc_pid_stat(5)). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name may hold spaces and parentheses; what follows the last one is plain.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Resident set size, in megabytes (proc_pid_status(5), VmRSS). */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6;
}
