import type { Mode } from "../drivers/driver.ts";
import type { CheckResult } from "../lesson/check.ts";
import { printable } from "../timeline/printable.ts";
import type { Process, ProcessEnd } from "../timeline/world.ts";
import { looksBack } from "../workbench/state.ts";
import { type Span, span } from "./text.ts";
import type { View } from "./view.ts";

/** Seconds since the step began, to a tenth of a millisecond. */
export function relativeTime(t: number, since: number): string {
  return `+${((t - since) / 1e9).toFixed(4)}`;
}

/** That an event is of another time and place, before anything else is said of it. */
export function originSpans({ origin }: { readonly origin?: string }): Span[] {
  return origin === undefined ? [] : [span(`[${oneLine(origin)}] `, "replay")];
}

/** Of whose execution nothing is known: it had ended before its /proc/PID was read (proc(5)). */
export const UNREAD_PROGRAM = "something too brief to be read";

/** A program's arguments as one would type them; a whole block of commands is left out. */
export function commandLine(argv: readonly string[]): string {
  const [program = "", option, script = ""] = argv;
  // The lines of a block are in the explanation and in the output; here they would only be cut.
  if (option === "-c" && script.includes("\n")) return `${quoted(program)} -c '…'`;
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

export function modeLabel(mode: Mode): Span {
  return mode.kind === "live" ? span("LIVE", "live") : span(" REPLAY ", "replay");
}

/** Where and when a recording was made: `of 2026-11-20, Linux 6.1.0-18-amd64`, short `…, Linux 6.1`. */
export function recordedLabel(mode: Mode, length: "whole" | "short" = "whole"): string {
  if (mode.kind === "live") return "";
  const kernel = length === "short" ? /^\d+\.\d+/.exec(mode.kernel)?.[0] : mode.kernel;
  return `of ${oneLine(mode.recordedAt.slice(0, 10))}, Linux ${oneLine(kernel ?? mode.kernel)}`;
}

/** That the moment shown is not the present one, in a word or two. */
export function momentLabel(view: View): string {
  const { state } = view;
  if (state.paused) return "paused";
  if (!looksBack(state)) return "";
  return state.scrubbing === null ? `after step ${state.step + 1}` : "in the past";
}

/** `✓ 3 of 3 checks hold`, or what did not. */
export function summary(results: readonly CheckResult[]): string {
  if (results.length === 0 || results.some(({ outcome }) => outcome === "pending")) return "";
  if (results.some(({ outcome }) => outcome === "unable")) return "could not run here";
  const passed = results.filter(({ outcome }) => outcome === "passed").length;
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0) return `✗ ${failed} of ${results.length} checks failed`;
  if (results.length === 1 && passed === 1) return "✓ the check holds";
  const skipped = results.length - passed;
  if (skipped > 0) return `${passed} of ${results.length} checks hold, ${skipped} not looked at`;
  return `✓ ${passed} of ${results.length} checks hold`;
}
