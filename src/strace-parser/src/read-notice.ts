import type {
  AttachedEvent,
  DetachedEvent,
  ExitedEvent,
  KilledEvent,
  Leader,
  PersonalityEvent,
  SignalEvent,
  SourceLine,
  StoppedEvent,
  SupersededEvent,
} from "./event.ts";

/** Everything strace reports that is no call. */
export type Notice =
  | SignalEvent
  | StoppedEvent
  | ExitedEvent
  | KilledEvent
  | SupersededEvent
  | AttachedEvent
  | DetachedEvent
  | PersonalityEvent;

type Stamp = Leader & { readonly source: readonly SourceLine[] };
type Read = (match: RegExpExecArray, stamp: Stamp) => Notice;

/** A table over the forms (strace 4.7+; before that a signal's text is free). First match wins. */
const forms: readonly (readonly [RegExp, Read])[] = [
  [
    /^--- stopped by (\S+) ---$/,
    ([, signal = ""], stamp) => ({ type: "stopped", ...stamp, signal }),
  ],
  [
    /^--- ((?:SIG|\d)\S*) (.*) ---$/s,
    ([, signal = "", info = ""], stamp) => ({ type: "signal", ...stamp, signal, info }),
  ],
  [
    /^--- (\{si_signo=(\w+).*) ---$/s,
    ([, info = "", signal = ""], stamp) => ({ type: "signal", ...stamp, signal, info }),
  ],
  [
    /^\+\+\+ exited with (\d+) \+\+\+$/,
    ([, code], stamp) => ({ type: "exited", ...stamp, code: Number(code) }),
  ],
  [
    /^\+\+\+ killed by (\S+) (\(core dumped\) )?\+\+\+$/,
    ([, signal = "", core], stamp) => ({
      type: "killed",
      ...stamp,
      signal,
      core: core !== undefined,
    }),
  ],
  [
    /^\+\+\+ superseded by execve in pid (\d+)(?:<[^>]*>)? \+\+\+$/,
    ([, by], stamp) => ({ type: "superseded", ...stamp, by: Number(by) }),
  ],
  [
    /^\[ Process PID=(\d+) runs in (.*) mode\. \]$/,
    ([, process, mode = ""], stamp) => ({
      type: "personality",
      ...stamp,
      process: Number(process),
      mode,
    }),
  ],
];

const attached =
  /^\S*strace: Process (\d+)(?:<[^>]*>)? (?:attached(?: with (\d+) threads)?|(detached))$/;

/** Reads the body of a line that is no call. Null when it is none of the forms. */
export function readNotice(body: string, stamp: Stamp): Notice | null {
  const first = body[0];
  if (first !== "-" && first !== "+" && first !== "[") return readAttached(body, stamp);
  for (const [form, read] of forms) {
    const match = form.exec(body);
    if (match !== null) return read(match, stamp);
  }
  return null;
}

function readAttached(body: string, stamp: Stamp): Notice | null {
  const match = body.endsWith("ed") || body.endsWith("threads") ? attached.exec(body) : null;
  if (match === null) return null;
  const [, process, threads, detached] = match;
  if (detached !== undefined) return { type: "detached", ...stamp, process: Number(process) };
  const count = threads === undefined ? null : Number(threads);
  return { type: "attached", ...stamp, process: Number(process), threads: count };
}
