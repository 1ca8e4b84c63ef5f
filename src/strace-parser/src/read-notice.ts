import type { Notice } from "./event.ts";
import { noLeader, type PrintedLeader } from "./leader.ts";
import type { Line } from "./line.ts";
import { printNotice } from "./print-notice.ts";
import { readDump } from "./read-dump.ts";
import { readSummary } from "./read-summary.ts";
import { readValue } from "./read-value.ts";
import { sourceOf } from "./source.ts";

/** A notice without the stamp that all events bear. */
export type NoticeBody = Notice extends infer N
  ? N extends Notice
    ? Omit<N, "lines" | keyof PrintedLeader>
    : never
  : never;

type Read = (match: RegExpExecArray) => NoticeBody;

/** A table over the forms behind a leader. First match wins. */
const forms: readonly (readonly [RegExp, Read])[] = [
  [/^--- stopped by (\S+) ---$/, ([, signal = ""]) => ({ type: "stopped", signal })],
  [
    /^--- ((?:SIG|\d)\S*)(?: (.*))? ---$/s,
    ([, signal = "", rest = ""]) => readSignal(signal, rest),
  ],
  [
    /^--- (\{si_signo=(\w+).*\}) (\(.*\)) ---$/s,
    ([, info = "", signal = "", text = ""]) => {
      return { type: "signal", signal, info: readText(info), text, named: false };
    },
  ],
  [/^\+\+\+ exited with (\d+) \+\+\+$/, ([, code]) => ({ type: "exited", code: Number(code) })],
  [
    /^\+\+\+ killed by (\S+) (\(core dumped\) )?\+\+\+$/,
    ([, signal = "", core]) => ({ type: "killed", signal, core: core !== undefined }),
  ],
  [
    /^\+\+\+ superseded by execve in pid (\d+)(?:<([^>]*)>)? \+\+\+$/,
    ([, by, byComm = null]) => ({ type: "superseded", by: Number(by), byComm }),
  ],
  [
    /^\[ Process PID=(\d+) runs in (.*) mode\. \]$/,
    ([, process, mode = ""]) => ({ type: "personality", process: Number(process), mode }),
  ],
];

const processForm =
  /^(?:(\S*strace): )?Process (\d+)(?:<([^>]*)>)? (?:attached(?: with (\d+) threads)?|(detached))$/;
const diagnosticForm = /^(\S*strace): (.*)$/s;
const frameForm = /^ > (.*?)\((?:(.*)(\+0x[0-9a-f]+))?\) \[(0x[0-9a-f]+)\](?: ([^[\]]*))?$/;
const frameErrorForm = /^ > (.+?)(?: \[(0x[0-9a-f]+)\])?$/;

/** Reads what follows a leader, of a line that is no call. Null when it is none of the forms. */
export function readNotice(line: Line): Notice | null {
  const { block, body, stop, start } = line;
  const text = block.text.slice(body, stop);
  const first = text[0];
  if (first === "-" || first === "+" || first === "[") {
    for (const [form, read] of forms) {
      const match = form.exec(text);
      if (match !== null) return stamp(line, line.leader, read(match), text);
    }
  }
  const whole = body === start ? text : block.text.slice(start, stop);
  const found = readBare(whole) ?? (body === start ? null : readProcess(text));
  if (found === null) return null;
  const bare = found === null || text !== whole ? isBare(found) : true;
  return stamp(line, bare ? noLeader : line.leader, found, bare ? whole : text);
}

/** Forms that have no leader, whatever their first characters look like. */
function isBare(found: NoticeBody): boolean {
  return found.type !== "attached" && found.type !== "detached";
}

function readBare(text: string): NoticeBody | null {
  if (text.startsWith(" > ")) return readFrame(text);
  return readDump(text) ?? readSummary(text) ?? readProcess(text) ?? readDiagnostic(text);
}

/** `strace: Process 12 attached`, also where it was cut out of another line. */
export function readProcess(text: string): NoticeBody | null {
  if (!text.endsWith("ached") && !text.endsWith("threads")) return null;
  const match = processForm.exec(text);
  if (match === null) return null;
  const [, argv0 = null, pid, processComm = null, threads, detached] = match;
  const process = Number(pid);
  if (detached !== undefined) return { type: "detached", process, processComm, argv0 };
  const count = threads === undefined ? null : Number(threads);
  return { type: "attached", process, processComm, threads: count, argv0 };
}

function readDiagnostic(text: string): NoticeBody | null {
  const match = diagnosticForm.exec(text);
  return match === null
    ? null
    : { type: "diagnostic", argv0: match[1] ?? "", text: match[2] ?? "" };
}

function readFrame(text: string): NoticeBody | null {
  const match = frameForm.exec(text);
  if (match !== null) {
    const [, file = "", symbol = null, offset, address = null, source = null] = match;
    const shift = offset === undefined ? null : offset.slice(1);
    return { type: "frame", file, symbol, offset: shift, address, source };
  }
  const error = frameErrorForm.exec(text);
  if (error === null) return null;
  const [, file = "", address = null] = error;
  return { type: "frame", file: `${file}`, symbol: null, offset: null, address, source: null };
}

function readSignal(signal: string, rest: string): NoticeBody {
  if (!rest.startsWith("{")) return { type: "signal", signal, info: null, text: rest, named: true };
  return { type: "signal", signal, info: readText(rest), text: "", named: true };
}

function readText(text: string) {
  return readValue(sourceOf(text), 0, text.length);
}

/** The event, or null when it would not print as it was read. */
function stamp(line: Line, leader: PrintedLeader, body: NoticeBody, text: string): Notice | null {
  const { pid, comm, context, time, micros, relative, sysno, ip } = leader;
  const stamped = { pid, comm, context, time, micros, relative, sysno, ip, lines: [line] };
  const notice = { ...body, ...stamped } as Notice;
  return printNotice(notice) === text ? notice : null;
}
