import type { SelectedStep } from "../lesson/select.ts";
import type { Clock } from "../sources/clock.ts";
import { HelperRefusal } from "../sources/helper.ts";
import type { Lab } from "../sources/lab.ts";

/** The watches of a session: commands that go on in the background while the lesson does. */
export interface Watches {
  /** Starts those of a step that are not running, and gives them a moment to begin listening. */
  start(step: SelectedStep): Promise<void>;
}

/**
 * `ctr events` says nothing when it has subscribed, so there is nothing to wait for but time: ten
 * times what it took in a lab on two busy processors.
 */
const BEGIN_MILLISECONDS = 300;

export function createWatches(lab: Lab, clock: Clock, nextRun: () => number): Watches {
  const running = new Set<string>();
  const begin = async (step: string, script: string): Promise<void> => {
    const run = nextRun();
    const t = clock.now();
    try {
      const { pid, labPid, exited } = await lab.watch(run, ["/bin/sh", "-c", script]);
      lab.emit({ kind: "watch.start", t, run, step, pid, labPid, script });
      running.add(script);
      exited.then(() => running.delete(script));
    } catch (error) {
      if (!(error instanceof HelperRefusal)) throw error;
      lab.emit({ kind: "diagnostic", t: clock.now(), source: "watch", message: error.message });
    }
  };
  return {
    async start({ id, watches }) {
      const fresh = watches.filter(({ script }) => !running.has(script));
      for (const { script } of fresh) await begin(id, script);
      if (fresh.length > 0) await new Promise((done) => setTimeout(done, BEGIN_MILLISECONDS));
    },
  };
}
