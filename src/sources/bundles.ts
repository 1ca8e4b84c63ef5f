import type { Event } from "../timeline/event.ts";
import { PROC_FILES, type ProcFile } from "../timeline/event-bundle.ts";
import { noteFile, type RuntimeCommand, readNote, runtimeCommand } from "./runtime-command.ts";

/** Looks after the containers that OCI runtimes make in the lab (event-bundle.ts). */
export interface BundleWatch {
  /** To be told every event, in order. */
  notice(event: Event): void;
  close(): void;
}

export interface BundleWatchOptions {
  /** A file of the lab; null when it is not there or cannot be read. */
  readonly read: (path: string) => Promise<string | null>;
  readonly emit: (event: Event) => void;
  readonly now: () => number;
  readonly hostPid: (labPid: number) => number | undefined;
}

interface Container {
  readonly command: RuntimeCommand;
  readonly labPid: number;
}

/**
 * How often to look for the note, in milliseconds. The runtime writes it once the process is there,
 * after some ten of them, and removes it when a container of `run` has ended.
 */
const LOOK_EVERY = 10;
/** So long it may take on a busy machine. */
const LOOK_FOR = 5000;

export function watchBundles(options: BundleWatchOptions): BundleWatch {
  /** By the pid of the container's process in the lab. */
  const containers = new Map<number, Container>();
  /** By the host's pid of a runtime that is at work. */
  const working = new Map<number, RuntimeCommand>();
  /** Those that have ended: what they have not noted by then they never will. */
  const ended = new WeakSet<RuntimeCommand>();
  let closed = false;

  const look = async (container: Container): Promise<void> => {
    const files = PROC_FILES.map(async (file): Promise<[ProcFile, string | null]> => {
      return [file, await options.read(`/proc/${container.labPid}/${file}`)];
    });
    const proc = Object.fromEntries(await Promise.all(files));
    // A process that has gone meanwhile is no news.
    if (proc.status === null || closed) return;
    options.emit({ kind: "bundle.process", ...heading(container, options), proc });
  };
  const find = async (command: RuntimeCommand): Promise<void> => {
    const note = `${command.root}/${command.container}/${noteFile(command.runtime)}`;
    for (let waited = 0; waited < LOOK_FOR && !closed; waited += LOOK_EVERY) {
      const over = ended.has(command);
      if (!over) await sleep(LOOK_EVERY);
      const found = readNote((await options.read(note)) ?? "");
      const bundle = command.bundle?.startsWith("/") ? command.bundle : found?.bundle;
      if (found === null || bundle === null || bundle === undefined) {
        if (over) return;
        continue;
      }
      const container = { command, labPid: found.labPid };
      containers.set(found.labPid, container);
      const text = await options.read(`${bundle}/config.json`);
      if (closed) return;
      const { runtime } = command;
      options.emit({
        kind: "bundle.config",
        ...heading(container, options),
        runtime,
        bundle,
        text,
      });
      return look(container);
    }
  };
  const seeMade = (command: RuntimeCommand): void => {
    for (const container of containers.values())
      if (container.command === command) ignoreFailure(look(container));
  };
  return {
    notice(event) {
      if (event.kind === "process.exec") {
        const container = event.labPid === undefined ? undefined : containers.get(event.labPid);
        if (container !== undefined) ignoreFailure(look(container));
        const command = runtimeCommand(event.argv ?? []);
        if (command === null || working.has(event.pid)) return;
        working.set(event.pid, command);
        ignoreFailure(find(command));
      } else if (event.kind === "process.exit") {
        const command = working.get(event.pid);
        working.delete(event.pid);
        if (event.labPid !== undefined) containers.delete(event.labPid);
        if (command === undefined) return;
        ended.add(command);
        // What `create` has made is complete, and waits.
        seeMade(command);
      }
    },
    close() {
      closed = true;
    },
  };
}

function heading(
  { command, labPid }: Container,
  { now, hostPid }: BundleWatchOptions,
): { t: number; container: string; root: string; labPid: number; pid?: number } {
  const pid = hostPid(labPid);
  const { container, root } = command;
  return { t: now(), container, root, labPid, ...(pid !== undefined && { pid }) };
}

/** A lab that is going answers no more. */
function ignoreFailure(work: Promise<void>): void {
  work.catch(() => {});
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
