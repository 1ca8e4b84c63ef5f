import type { Event } from "./event.ts";

/** Processes whose end has come before their beginning was handed on, and who leave no child. */
export interface BriefLives {
  /** To be told every event when it comes. */
  note(event: Event): void;
  /** Those of these events that are to be handed on: where it is `crowded`, without such lives. */
  choose(events: readonly Event[], crowded: boolean): readonly Event[];
  /** What the last choice has left out. */
  leftOut(): readonly Event[];
}

export function createBriefLives(): BriefLives {
  const parents = new Map<number, number>();
  const children = new Map<number, number>();
  /** Who has ended, and left nobody behind; the event of it is still to be handed on. */
  const ending = new Set<number>();
  /** Whose beginning was not handed on. */
  const unseen = new Set<number>();
  let left: Event[] = [];
  const count = (pid: number, by: number): void => {
    const sum = (children.get(pid) ?? 0) + by;
    if (sum > 0) children.set(pid, sum);
    else children.delete(pid);
  };
  const isKept = (event: Event, crowded: boolean): boolean => {
    switch (event.kind) {
      case "process.fork":
        if (crowded && ending.has(event.pid)) unseen.add(event.pid);
        return !unseen.has(event.pid);
      case "process.exec":
      case "process.namespaces":
        return !unseen.has(event.pid);
      case "process.exit":
        ending.delete(event.pid);
        return !unseen.delete(event.pid);
      default:
        return true;
    }
  };
  return {
    note(event) {
      if (event.kind === "process.fork") {
        parents.set(event.pid, event.ppid);
        count(event.ppid, 1);
      }
      if (event.kind !== "process.exit") return;
      if (!children.has(event.pid)) ending.add(event.pid);
      // Whom it leaves behind is init's from now on (pid_namespaces(7)), and nobody counts those.
      children.delete(event.pid);
      const parent = parents.get(event.pid);
      parents.delete(event.pid);
      if (parent !== undefined) count(parent, -1);
    },
    choose(events, crowded) {
      left = [];
      return events.filter((event) => {
        const keeps = isKept(event, crowded);
        if (!keeps) left.push(event);
        return keeps;
      });
    },
    leftOut: () => left,
  };
}
