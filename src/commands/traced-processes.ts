import type { SelectedLesson } from "../lesson/select.ts";
import type { Event } from "../timeline/event.ts";

/** Whether strace tells of the process that an event is about. */
export interface TracedProcesses {
  /** To be asked once for every event, in order. */
  tells(event: Event): boolean;
}

/**
 * strace follows a run's process and all that it forks (strace(1), -f), unless the step runs
 * without it; what a daemon of an earlier step does meanwhile it does not see.
 */
export function createTracedProcesses(lesson: SelectedLesson): TracedProcesses {
  const traced = new Set<number>();
  let works = false;
  const isTraced = (id: string): boolean => {
    const step = lesson.steps.find((candidate) => candidate.id === id);
    return works && (step?.trace ?? lesson.trace).length > 0;
  };
  return {
    tells(event) {
      if (event.kind === "observer.cost") works = true;
      if (event.kind === "run.start" && isTraced(event.step)) traced.add(event.pid);
      if (event.kind === "process.fork" && traced.has(event.ppid)) traced.add(event.pid);
      if (event.kind === "process.exit") return traced.delete(event.pid);
      return "pid" in event && event.pid !== undefined && traced.has(event.pid);
    },
  };
}
