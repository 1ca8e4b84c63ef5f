import type { Mode } from "../drivers/driver.ts";
import { printable } from "../timeline/printable.ts";
import type { Process, ProcessEnd, World } from "../timeline/world.ts";
import { looksBack } from "../workbench/state.ts";
import { type Span, span } from "./text.ts";
import type { View } from "./view.ts";

/** Seconds since the step began, to a tenth of a millisecond. */
export function relativeTime(t: number, since: number): string {
  return `+${((t - since) / 1e9).toFixed(4)}`;
}

/** A program's arguments as one would type them. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoted).join(" ");
}

function quoted(word: string): string {
  const visible = printable(word).replaceAll("\n", "␊");
  return /^[\w@%+=:,./␊-]+$/.test(visible) ? visible : `'${visible.replaceAll("'", "'\\''")}'`;
}

export function processName(process: Process): string {
  if (process.argv !== null && process.argv.length > 0) return commandLine(process.argv);
  return oneLine(process.comm ?? "?");
}

export function oneLine(text: string): string {
  return printable(text).replaceAll("\n", "␊");
}

/** How a process, or a run, ended. A signal stands out; SIGKILL is what the OOM killer sends. */
export function endSpan(end: Pick<ProcessEnd, "code" | "signal">): Span {
  if (end.signal !== null) return span(`✗ killed by ${oneLine(end.signal)}`, "bad");
  if (end.code === null) return span("ended", "dim");
  return end.code === 0 ? span("exit 0", "dim") : span(`! exit ${end.code}`, "caution");
}

/** strace and its helpers are there because of us, not because of the lesson. */
export function isWatcher(process: Process): boolean {
  return process.comm === "strace";
}

/** A process as the learner knows it: by the lab's pid, else by the host's. */
export function pidLabel(world: World, pid: number, labPid: number | null | undefined): string {
  const known = labPid ?? world.processes.get(pid)?.labPid ?? null;
  return known === null ? `host ${pid}` : `${known}`;
}

export function modeLabel(mode: Mode): Span {
  return mode.kind === "live" ? span("LIVE", "live") : span(" REPLAY ", "replay");
}

/** Where and when a recording was made: `recorded 2026-11-20 on Linux 6.1.0`. */
export function recordedLabel(mode: Mode): string {
  if (mode.kind === "live") return "";
  const why = mode.why === null ? "" : `: ${oneLine(mode.why)}`;
  return `recorded ${oneLine(mode.recordedAt.slice(0, 10))} on Linux ${oneLine(mode.kernel)}${why}`;
}

/** That the moment shown is not the present one, in a word or two. */
export function momentLabel(view: View): string {
  const { state } = view;
  if (state.paused) return `paused, ${state.end - view.cursor} events later`;
  return looksBack(state) ? `as it was after step ${state.step + 1}` : "";
}
