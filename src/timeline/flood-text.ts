import type { Flood } from "./event-flood.ts";

/** How what was only counted is called, the kinds that belong together as one. */
const NAMES: Readonly<Record<string, string>> = {
  syscall: "system calls",
  "trace.signal": "signals and ends",
  "trace.other": "lines of strace's",
  output: "pieces of output",
  "output.pty": "pieces of a terminal's output",
  "process.fork": "processes, from beginning to end",
};
/** Said with the process they belong to. */
const PARTS: readonly string[] = ["process.exec", "process.exit", "process.namespaces"];

/** `too fast to be kept: 2100 system calls, 210 processes, from beginning to end`. */
export function floodText({ counts }: Pick<Flood, "counts">): string {
  const named = Object.entries(counts).filter(([kind]) => !PARTS.includes(kind));
  const words = named.map(([kind, count]) => `${count} ${NAMES[kind] ?? kind}`);
  return `too fast to be kept: ${words.length === 0 ? "more of the processes before" : words.join(", ")}`;
}
