import type { Diagnostic, Event } from "../../timeline/event.ts";
import type { DockerEvent } from "../../timeline/event-daemon.ts";
import { createWatchReader } from "../watch-reader.ts";
import type { DockerApi } from "./docker-api.ts";
import { createInspector, type Inspected } from "./inspect.ts";

/** The daemon's own events, and what it says of each container that starts. */
export interface DockerWatch {
  /** Goes on, through restarts of the daemon, until it is closed. */
  begin(): void;
  close(): void;
}

export interface DockerWatchOptions {
  readonly api: DockerApi;
  readonly now: () => number;
  /** CLOCK_REALTIME in nanoseconds → session time. */
  readonly fromRealtime: (nanoseconds: number) => number;
  readonly emit: (event: Event) => void;
  /** A container runs. `fresh`: it was started while we watched. */
  readonly running: (container: Inspected, fresh: boolean) => void;
}

/** So often (ms) a daemon that is gone is looked for. */
const LOOK_AGAIN = 500;
/** Of the containers that run already so many are looked at. */
const MOST_AT_FIRST = 20;

export function watchDocker(options: DockerWatchOptions): DockerWatch {
  const { api, emit, now } = options;
  const inspector = createInspector({ api, now, emit });
  let closed = false;
  let connected = false;
  let lost = false;
  const say = (message: string): void => {
    emit({ kind: "diagnostic", t: now(), source: "docker", message } satisfies Diagnostic);
  };
  const inspect = async (id: string, fresh: boolean): Promise<void> => {
    const container = await inspector.inspect(id);
    if (container !== null && !closed) options.running(container, fresh);
  };
  const lookAround = async (): Promise<void> => {
    const version = await inspector.version();
    if (lost) say(`dockerd answers again: ${version ?? "of an unknown version"}`);
    lost = false;
    const ids = await inspector.list();
    for (const id of ids.slice(0, MOST_AT_FIRST)) await inspect(id, false);
    const more = ids.length - MOST_AT_FIRST;
    if (more > 0) say(`${more} more containers run; they are looked at when they start anew`);
  };
  const reader = createWatchReader({ ...options, run: OURS });
  const take = (event: Event): void => {
    emit(event);
    if (event.kind === "docker.event" && isStart(event)) quietly(inspect(event.actor, true));
  };
  const follow = (): Promise<void> =>
    api.follow("/events", {
      opened() {
        connected = true;
        // From here on nothing is missed, so now is the time to look who is there.
        quietly(lookAround());
      },
      line(text) {
        for (const event of reader.push({ stream: "out", text: `${text}\n` })) take(event);
      },
    });
  const goOn = async (): Promise<void> => {
    while (!closed) {
      await follow().catch(() => {});
      if (closed) return;
      if (connected) {
        say("dockerd has gone from its socket; waiting for it");
        lost = true;
      }
      connected = false;
      await sleep(LOOK_AGAIN);
    }
  };
  return {
    begin() {
      quietly(goOn());
    },
    close() {
      closed = true;
      api.close();
    },
  };
}

/** The `run` of what we have asked ourselves: no run has this number. */
const OURS = 0;

function isStart({ type, action }: DockerEvent): boolean {
  return type === "container" && action === "start";
}

/** A daemon that goes meanwhile is told where its events end. */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
