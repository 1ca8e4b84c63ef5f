import type { ContainerEvent } from "./event-container.ts";
import type { Folding } from "./folding.ts";
import type { Container, ProcessEnd } from "./world.ts";

export function containerEvent({ world }: Folding, event: ContainerEvent): void {
  const before = world.containers.get(event.pid) ?? newContainer(event, world.processes);
  const labPid = event.labPid ?? before.labPid;
  world.containers.set(event.pid, { ...before, labPid, ...told(before, event) });
}

function newContainer(
  { container, pid }: ContainerEvent,
  processes: ReadonlyMap<number, { exit: ProcessEnd | null }>,
): Container {
  // The process events come another way, and may have been faster.
  const exit = processes.get(pid)?.exit ?? null;
  const nothing = { namespaces: {}, stages: [], stopped: null, failure: null };
  return { name: container, pid, labPid: null, ...nothing, exit };
}

function told(before: Container, event: ContainerEvent): Partial<Container> {
  const { stage } = event;
  if (event.kind === "container.stopped") return { stopped: stage };
  if (event.kind === "container.failed")
    return { stopped: null, failure: { stage, message: event.message } };
  const { t, call = null, detail, ns } = event;
  return {
    stages: [...before.stages, { t, stage, call, detail }],
    // Whoever does another stage waits no longer.
    stopped: null,
    ...(ns !== undefined && { namespaces: ns }),
  };
}

export function containerExited({ world }: Folding, pid: number, exit: ProcessEnd): void {
  const container = world.containers.get(pid);
  if (container !== undefined) world.containers.set(pid, { ...container, stopped: null, exit });
}
