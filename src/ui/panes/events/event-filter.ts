import type { Event, Syscall } from "../../../timeline/event.ts";
import type { Term } from "../../filter.ts";
import { textOf } from "../../text.ts";
import { eventLine } from "./event-line.ts";

/** Wide enough that nothing of an event's line is cut off. */
const UNCUT = 100_000;

/** Whether an event passes a filter. Called for a million of them: nothing is drawn for a call. */
export function passesEvent(
  terms: readonly Term[],
  event: Event,
  labPid: number | undefined,
): boolean {
  let text: string | null = null;
  for (const { field, value, negated } of terms) {
    if (field === null) text ??= searchText(event);
    if (holds(event, field, value, labPid, text ?? "") === negated) return false;
  }
  return true;
}

function holds(
  event: Event,
  field: Term["field"],
  value: string,
  labPid: number | undefined,
  text: string,
): boolean {
  if (field === "pid") return isPid(event, value, labPid);
  if (field === "errno") return hasErrno(event, value);
  if (field === "kind") return isKind(event, value);
  return text.includes(value);
}

/** By the lab's number or the host's. A fork is about the parent and the child. */
function isPid(event: Event, value: string, known: number | undefined): boolean {
  const { pid, labPid, ppid } = event as Readonly<
    Partial<Record<"pid" | "labPid" | "ppid", number>>
  >;
  return `${labPid ?? known}` === value || `${pid}` === value || `${ppid}` === value;
}

/** `errno:` alone is any failure. */
function hasErrno(event: Event, value: string): boolean {
  const { errno } = event as Partial<Syscall>;
  return errno?.toLowerCase().startsWith(value) === true;
}

const FORKS = /^(fork|vfork|clone3?)$/;

/**
 * `kind:process.exec`, `kind:exec`, `kind:cgroup`; a call's own name, and what the call is about, for
 * the process event that says the same is not shown beside it.
 */
function isKind({ kind, ...event }: Event, value: string): boolean {
  if (kind === value || kind.startsWith(`${value}.`) || kind.endsWith(`.${value}`)) return true;
  const { name } = event as Partial<Syscall>;
  if (kind !== "syscall" || name === undefined) return false;
  if (value === "exec") return name.startsWith("execve");
  return value === "fork" ? FORKS.test(name) : name === value;
}

function searchText(event: Event): string {
  if (event.kind === "syscall") {
    const { name, args, result = "?", errno = "" } = event;
    return `${name}(${args.join(", ")}) = ${result} ${errno}`.toLowerCase();
  }
  const line = eventLine(event, String, (netns) => `net:[${netns}]`, UNCUT);
  return textOf(line).toLowerCase();
}
