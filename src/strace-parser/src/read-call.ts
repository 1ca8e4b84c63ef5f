import type { CallEvent } from "./event.ts";
import { scanArgs } from "./scan-args.ts";
import { scanResult } from "./scan-result.ts";

/** A call without its leader and source lines. */
export type CallBody = Omit<CallEvent, "type" | "pid" | "time" | "micros" | "relative" | "source">;

const nameBefore = /(?:\d+:)?[A-Za-z_][A-Za-z0-9_]*(?:#[A-Za-z0-9_]+)?\(|\?\?\?\(/y;
const unfinished = /,? ?<unfinished \.\.\.>$/;

/** Length of `name(` at `at`, 0 when there is none. */
export function callHead(text: string, at: number): number {
  nameBefore.lastIndex = at;
  return nameBefore.test(text) ? nameBefore.lastIndex - at : 0;
}

/** Reads a whole call, halves already joined, that starts at `at`. Null when it is not one. */
export function readCall(text: string, at: number): CallBody | null {
  const head = callHead(text, at);
  if (head === 0) return null;
  const spans: number[] = [];
  const close = scanArgs(text, at + head, spans);
  if (close < 0 || text[close] !== ")") return null;
  const tail = scanResult(text, close + 1);
  if (tail === null) return null;
  const { unavailable, ...rest } = tail;
  const args = sliceArgs(text, spans);
  const died = rest.result === "?" && dropUnfinished(args);
  const state = died ? "unfinished" : unavailable ? "unavailable" : "returned";
  return { name: text.slice(at, at + head - 1), args, ...rest, state };
}

/** Reads a call of which only the beginning is known. */
export function readOpenCall(text: string, state: "unfinished" | "detached"): CallBody {
  const head = callHead(text, 0);
  const spans: number[] = [];
  scanArgs(text, head, spans);
  const none = { result: null, errno: null, errorText: null, note: null, seconds: null };
  const args = sliceArgs(text, spans);
  if (args.at(-1) === "") args.pop();
  return { name: text.slice(0, head - 1), args, ...none, state };
}

function sliceArgs(text: string, spans: readonly number[]): string[] {
  const args: string[] = [];
  for (let i = 0; i < spans.length; i += 2) args.push(text.slice(spans[i], spans[i + 1]));
  return args;
}

/** `futex(…, NULL <unfinished ...>) = ?`: the thread ended inside the call. */
function dropUnfinished(args: string[]): boolean {
  const last = args.at(-1);
  if (last === undefined || !last.endsWith("<unfinished ...>")) return false;
  const text = last.replace(unfinished, "");
  args.pop();
  if (text !== "") args.push(text);
  return true;
}
