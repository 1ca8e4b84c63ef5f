import type { Clock } from "../sources/clock.ts";
import type { HostWatch } from "../sources/host-docker/watch-host.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Driver } from "./driver.ts";

export interface WatchDriverOptions {
  readonly watch: HostWatch;
  readonly timeline: Timeline;
  readonly clock: Clock;
}

/**
 * Runs nothing: a step is a time of watching, from when it is asked for to when it is interrupted.
 * Running it again draws a line into what is seen.
 */
export function createWatchDriver({ watch, timeline, clock }: WatchDriverOptions): Driver {
  let stop: () => void = () => {};
  let running: string | null = null;
  let left: Promise<void> | null = null;
  const pumped = (async () => {
    for await (const events of watch.events()) timeline.append(events);
  })();
  const end = (): void => {
    if (running !== null) watch.emit({ kind: "step.end", t: clock.now(), step: running });
    running = null;
    stop();
  };
  const leave: Driver["leave"] = (reason) => {
    left ??= (async () => {
      end();
      await watch.close();
      await pumped;
      timeline.append([{ kind: "session.end", t: clock.now(), reason }]);
      timeline.end();
    })();
    return left;
  };
  // A watch that ends without being asked to ends the session; after leave() this does nothing.
  pumped.then(() => leave("failed"));
  return {
    mode: { kind: "live", host: true },
    async run(step) {
      watch.emit({ kind: "step.start", t: clock.now(), step });
      running = step;
      watch.begin();
      await new Promise<void>((resolve) => {
        stop = resolve;
      });
      if (left !== null) return left;
      watch.flush();
      // Batches reach the timeline one turn of the loop later.
      await new Promise((resolve) => setImmediate(resolve));
    },
    answer() {},
    async shell() {
      const message = "there is no lab to open a shell in: use another terminal";
      watch.emit({ kind: "diagnostic", t: clock.now(), source: "shell", message });
      return null;
    },
    interrupt: end,
    leave,
  };
}
