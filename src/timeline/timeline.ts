import type { Event } from "./event.ts";

/**
 * A session: append-only. A live timeline is still growing; a replay's source has ended. Nothing
 * that reads one can tell the two apart.
 */
export interface Timeline {
  readonly events: readonly Event[];
  /** No event follows. */
  readonly ended: boolean;
  append(events: readonly Event[]): void;
  end(): void;
  /** Calls `listener` after every append and at the end; returns how to stop. */
  subscribe(listener: () => void): () => void;
}

export function createTimeline(initial: readonly Event[] = []): Timeline {
  const events: Event[] = [...initial];
  const listeners = new Set<() => void>();
  let ended = false;
  const notify = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return {
    events,
    get ended() {
      return ended;
    },
    append(more) {
      if (ended) throw new Error("append to a timeline that has ended");
      if (more.length === 0) return;
      for (const event of more) events.push(event);
      notify();
    },
    end() {
      if (ended) return;
      ended = true;
      notify();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
