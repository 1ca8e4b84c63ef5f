import type { Clock } from "../sources/clock.ts";
import { HelperRefusal } from "../sources/helper.ts";
import type { Lab } from "../sources/lab.ts";
import type { TraceFilter } from "../sources/trace.ts";
import type { Shell, ShellSize } from "./driver.ts";

/** As root of the lab, the learner's favourite where there is one. */
const SHELL = "cd; command -v bash >/dev/null && exec bash; exec sh -i";

export interface ShellOptions {
  readonly lab: Lab;
  readonly clock: Clock;
  readonly run: number;
  readonly size: ShellSize;
  /** What strace is asked for; null: it does not watch. */
  readonly trace: TraceFilter | null;
}

/** A shell on a terminal of the lab's own (pty(7)); null where the lab refuses. */
export async function openShell(options: ShellOptions): Promise<Shell | null> {
  const { lab, clock } = options;
  try {
    return await startShell(options);
  } catch (error) {
    if (!(error instanceof HelperRefusal)) throw error;
    lab.emit({ kind: "diagnostic", t: clock.now(), source: "shell", message: error.message });
    return null;
  }
}

async function startShell({ lab, clock, run, size, trace }: ShellOptions): Promise<Shell> {
  const t = clock.now();
  const argv = ["/bin/sh", "-c", SHELL];
  const started = await lab.run({ run, argv, pty: size, trace });
  const { pid, labPid, exited } = started;
  lab.emit({ kind: "shell.start", t, run, pid, labPid, ...size });
  return {
    write(data) {
      started.write(data).catch(ignoreEnd);
    },
    resize(next) {
      lab.emit({ kind: "shell.size", t: clock.now(), run, ...next });
      started.resize(next).catch(ignoreEnd);
    },
    ended: exited.then(() => {}),
  };
}

/** What is typed into a shell that is just ending has nowhere to go. */
function ignoreEnd(error: unknown): void {
  if (!(error instanceof HelperRefusal)) throw error;
}
