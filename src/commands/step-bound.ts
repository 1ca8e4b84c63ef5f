import type { Event } from "../timeline/event.ts";
import { foldWorld } from "../timeline/fold.ts";

/** No step takes this long, in milliseconds, not even in an emulated machine. */
const BOUND = 150_000;

/**
 * Waits for a step, and no longer than that: a command that hangs would say nothing of itself, and
 * whoever started the test would only see that it did not end.
 */
export async function withinBound(
  work: Promise<void>,
  step: string,
  events: readonly Event[],
  bound: number = BOUND,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const hung = `step ${step} is not over after ${bound / 1000} s; in the lab: ${living(events)}`;
      reject(new Error(hung));
    }, bound);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function living(events: readonly Event[]): string {
  const { processes } = foldWorld(events);
  const names = [...processes.values()]
    .filter(({ exit }) => exit === null)
    .map(({ labPid, argv, comm }) => `${labPid ?? "?"} ${argv?.join(" ") ?? comm ?? "?"}`);
  return names.join("; ").slice(0, 2000);
}
