import type { ForeignEvent, SourceLine, TraceEvent } from "./event.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { closeCall, createPendingCalls, openCall, type PendingCall } from "./pending-calls.ts";
import { callHead, readCall } from "./read-call.ts";
import { type Notice, readNotice } from "./read-notice.ts";
import { type LineLeader, scanLeader } from "./scan-leader.ts";

/** A streaming parser. Neither method throws, whatever the bytes. */
export interface Parser {
  /** Events that became complete with this chunk. Chunks may be cut anywhere. */
  push(chunk: string | Uint8Array): TraceEvent[];
  /** Reads a last line without newline, then hands out unfinished calls in order of their start. */
  end(): TraceEvent[];
}

type ReadLine = (line: SourceLine, leader: LineLeader) => TraceEvent[] | null;

const resumedMark = /<\.\.\. (\S+) resumed>/y;
const openMark = /^<(?:unfinished|(detached)|pid changed to \d+) \.\.\.>$/;

/** A parser of strace's text (strace 4.8 to 7.2; what it does not know becomes `foreign`). */
export function createParser(): Parser {
  const splitter = createLineSplitter();
  const pending = createPendingCalls();

  const readStart: ReadLine = (line, leader) => {
    if (callHead(line.text, leader.body) === 0) return null;
    const mark = findOpenMark(line.text);
    if (mark === null) {
      const body = readCall(line.text, leader.body);
      if (body === null) return null;
      return [
        ...pending.abandon(leader.pid),
        { type: "call", ...stampOf(leader), source: [line], ...body },
      ];
    }
    const text = line.text.slice(leader.body, mark.at);
    const call = { ...stampOf(leader), text, source: [line] };
    const before = pending.abandon(leader.pid);
    if (mark.detached) return [...before, openCall(call, "detached")];
    pending.start(call);
    return before;
  };

  const readResumed: ReadLine = (line, leader) => {
    resumedMark.lastIndex = leader.body;
    const match = resumedMark.exec(line.text);
    if (match === null) return null;
    const call = pending.take(leader.pid, match[1] ?? "");
    if (call === null) return null;
    const mark = findOpenMark(line.text);
    const end = mark === null ? line.text.length : mark.at;
    const joined = join(call, line, leader, resumedMark.lastIndex, end);
    if (mark?.detached === true) return [openCall(joined, "detached")];
    if (mark === null) return whole(joined);
    pending.start(joined);
    return [];
  };

  const readNoticeLine: ReadLine = (line, leader) => {
    const body = line.text.slice(leader.body);
    const notice = readNotice(body, { ...stampOf(leader), source: [line] });
    return notice === null ? null : [...settle(notice), notice];
  };

  /** A thread that is gone finishes no call; one that execve(2) renamed goes on under its new id. */
  const settle = (notice: Notice): TraceEvent[] => {
    const gone = ["exited", "killed", "superseded"].includes(notice.type);
    const events = gone ? pending.abandon(notice.pid) : [];
    if (notice.type === "superseded") pending.move(notice.by, notice.pid);
    return events;
  };

  const readLine = (line: SourceLine): TraceEvent[] => {
    const leader = scanLeader(line.text);
    const read = line.text.startsWith("<... ", leader.body) ? readResumed : readStart;
    return read(line, leader) ?? readNoticeLine(line, leader) ?? [foreign(line)];
  };

  return {
    push: (chunk) => splitter.push(chunk).flatMap(readLine),
    end: () => [...splitter.end().flatMap(readLine), ...pending.abandonAll()],
  };
}

/** All events of a whole trace, in order of completion. */
export function parse(input: string | Uint8Array): TraceEvent[] {
  const parser = createParser();
  return parser.push(input).concat(parser.end());
}

function stampOf({ pid, time, micros, relative }: LineLeader) {
  return { pid, time, micros, relative };
}

function foreign(line: SourceLine): ForeignEvent {
  const none = { pid: null, time: null, micros: null, relative: null };
  return { type: "foreign", ...none, source: [line], text: line.text };
}

/** The call, or its lines as foreign ones when they do not add up to one. */
function whole(call: PendingCall): TraceEvent[] {
  const event = closeCall(call);
  return event === null ? call.source.map(foreign) : [event];
}

/** `<unfinished ...>` and its like at the very end of a line; `at` is where the text before ends. */
function findOpenMark(text: string): { at: number; detached: boolean } | null {
  if (!text.endsWith(" ...>")) return null;
  const start = text.lastIndexOf("<");
  const match = openMark.exec(text.slice(start));
  if (match === null) return null;
  return { at: text[start - 1] === " " ? start - 1 : start, detached: match[1] !== undefined };
}

/** Start and end put together as text, for the cut can fall inside a struct. */
function join(
  call: PendingCall,
  line: SourceLine,
  leader: LineLeader,
  from: number,
  to: number,
): PendingCall {
  const rest = line.text.slice(from + oldSpace(line.text, from), to);
  const source = [...call.source, line];
  return { ...call, pid: call.pid ?? leader.pid, text: call.text + rest, source };
}

/** strace before 5.0 prints one more space behind `resumed>`: 1 when it is there. */
function oldSpace(text: string, at: number): number {
  if (text[at] !== " ") return 0;
  return /^ (?:=> |or |\/\*|<unfinished)/.test(text.slice(at, at + 12)) ? 0 : 1;
}
