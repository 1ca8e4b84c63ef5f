import { updateProgress } from "../host/progress-file.ts";
import { passedBy, stepEnded } from "../lesson/progress.ts";
import type { Session } from "./session.ts";

/**
 * Keeps what the learner gets through, step by step, derived from the events of the session. Where it
 * cannot be kept the lesson goes on, and `failed` says so once.
 */
export function keepProgress(session: Session, failed: (message: string) => void): () => void {
  const { timeline, lesson, driver } = session;
  let seen = timeline.events.length;
  let broken = false;
  let first = true;
  const keep = (id: string): void => {
    const step = lesson.steps.find((candidate) => candidate.id === id);
    if (step === undefined || broken) return;
    const at = new Date().toISOString();
    const by = passedBy(step, timeline.events);
    const passed = by === null ? null : { at, mode: driver.mode.kind, by };
    try {
      updateProgress((progress) => stepEnded(progress, lesson.id, id, at, passed, first), failed);
      first = false;
    } catch (error) {
      broken = true;
      failed(`progress is not kept: ${(error as Error).message}`);
    }
  };
  const look = (): void => {
    const fresh = timeline.events.slice(seen);
    seen = timeline.events.length;
    for (const event of fresh) if (event.kind === "step.end") keep(event.step);
  };
  return timeline.subscribe(look);
}
