import type { ProcessEvent } from "./followed.ts";
import { allPids, argumentsOf, type SeenProcess, seenProcess } from "./proc.ts";

export interface PollOptions {
  /** In which of a process's pid namespaces its `labPid` counts, 0 being ours. */
  readonly level: number;
  readonly now: () => number;
  readonly take: (event: ProcessEvent) => void;
  /** The processes there are. */
  readonly look?: () => SeenProcess[];
}

/** A look at 300 processes takes 10 ms, a twentieth of this. */
const LOOK_MILLISECONDS = 200;

/** Tells of every process that is seen; forks and programs as far as looks show them. */
export function pollProcesses(options: PollOptions): () => void {
  const { level, now, take, look = lookAround } = options;
  let known = new Map<number, SeenProcess>();
  const told = (seen: SeenProcess) => {
    const labPid = seen.pids[level];
    const argv = argumentsOf(seen.pid).filter((word, index) => word !== "" || index > 0);
    return {
      ...{ t: now(), pid: seen.pid, comm: seen.comm },
      ...(labPid !== undefined && { labPid }),
      ...(argv.length > 0 && { argv }),
    };
  };
  const round = (first: boolean): void => {
    const seen = new Map(look().map((each) => [each.pid, each]));
    for (const { pid, pids, comm } of known.values()) {
      if (seen.has(pid)) continue;
      const labPid = pids[level];
      take({ kind: "process.exit", t: now(), pid, comm, ...(labPid !== undefined && { labPid }) });
    }
    for (const each of seen.values()) {
      const before = known.get(each.pid);
      if (first) take({ kind: "process.found", ppid: each.ppid, ...told(each) });
      if (first || before?.comm === each.comm) continue;
      const { t, pid, comm: _, argv: __, ...lab } = told(each);
      if (before === undefined) take({ kind: "process.fork", t, pid, ppid: each.ppid, ...lab });
      take({ kind: "process.exec", ...told(each) });
    }
    known = seen;
  };
  round(true);
  const timer = setInterval(() => round(false), LOOK_MILLISECONDS);
  return () => clearInterval(timer);
}

/** Parents first, as far as their numbers say so. */
function lookAround(): SeenProcess[] {
  return allPids()
    .sort((a, b) => a - b)
    .flatMap((pid) => seenProcess(pid) ?? []);
}
