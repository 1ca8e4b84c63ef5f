import type { Event } from "../../timeline/event.ts";
import type { Clock } from "../clock.ts";
import { type Helper, startHelper } from "../helper.ts";
import { helperEvent } from "../helper-events.ts";
import type { DaemonProcess } from "./daemon-process.ts";
import { CLIENTS, createFollowed, DAEMONS, type Followed, type ProcessEvent } from "./followed.ts";
import { pollProcesses } from "./poll-processes.ts";

/** Processes of the daemon and of its clients, as they come and go. */
export interface ProcessWatch {
  readonly followed: Followed;
  begin(): void;
  close(): Promise<void>;
}

export interface ProcessWatchOptions {
  readonly helper: string;
  readonly clock: Clock;
  readonly daemon: DaemonProcess | null;
  readonly emit: (event: Event) => void;
}

/**
 * The kernel tells the helper of every fork, execve and exit (proc connector; it speaks to root, from
 * Linux 6.6 on to everybody). Where it does not, /proc is read, and what is short is missed.
 */
export function watchProcesses(options: ProcessWatchOptions): ProcessWatch {
  const { helper, clock, daemon, emit } = options;
  const followed = createFollowed({ daemon });
  let closed = false;
  let listener: Helper | null = null;
  let stopPolling: () => void = () => {};
  const take = (event: ProcessEvent): void => {
    const told = followed.take(event);
    if (told !== null) emit(told);
  };
  const poll = (why: string): void => {
    if (closed) return;
    const message = `programs that end at once are missed, because /proc is read instead: ${why}`;
    emit({ kind: "diagnostic", t: clock.now(), source: "processes", message });
    stopPolling = pollProcesses({ level: daemon?.level ?? 0, now: clock.now, take });
  };
  const listen = async (): Promise<void> => {
    listener = await startHelper([helper, "listen", `${daemon?.pid ?? 0}`, ...DAEMONS, ...CLIENTS]);
    let refusal: string | null = null;
    for await (const line of listener.events()) {
      if (line.kind === "error") refusal = String(line.message);
      const event = helperEvent(line, clock);
      if (event === null) continue;
      if (isProcessEvent(event)) take(event);
      else emit(event);
    }
    if (!closed) poll(refusal ?? "the helper ended by itself");
  };
  return {
    followed,
    begin() {
      listen().catch((error: Error) => poll(error.message));
    },
    async close() {
      closed = true;
      stopPolling();
      await listener?.close();
    },
  };
}

const TOLD: readonly string[] = [
  "process.found",
  "process.fork",
  "process.exec",
  "process.exit",
] satisfies readonly ProcessEvent["kind"][];

function isProcessEvent(event: Event): event is ProcessEvent {
  return TOLD.includes(event.kind);
}
