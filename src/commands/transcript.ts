import type { CheckResult } from "../lesson/check.ts";
import type { SelectedLesson, SelectedStep, ShownPart } from "../lesson/select.ts";
import type { Summary } from "../lesson/summary.ts";
import type { Event, Syscall } from "../timeline/event.ts";
import { floodText } from "../timeline/flood-text.ts";
import { layerText } from "../timeline/layer-text.ts";
import { printable } from "../timeline/printable.ts";
import { changeText, type StepChanges } from "../timeline/snapshot.ts";
import { type CgroupFileChange, type ChangeCause, cgroupLabel } from "../timeline/world.ts";
import { daemonText, isDaemonOfInterest, shortIds } from "../ui/panes/events/event-line-daemon.ts";

/**
 * A session as lines, one after the other: for pipes, logs and screen readers. Pure; every text
 * that came from the lab is made printable here.
 */

/** Renders Markdown for where the transcript goes. */
export type RenderMarkdown = (markdown: string) => string;

export function titleLines(lesson: SelectedLesson): string[] {
  const steps = `${lesson.steps.length} steps, about ${lesson.minutes} minutes`;
  return [lesson.title, `${lesson.summary} (${steps}, cgroup ${lesson.variant})`, ""];
}

export function stepTitle(lesson: SelectedLesson, step: SelectedStep): string[] {
  const number = lesson.steps.indexOf(step) + 1;
  return ["", `== ${number}/${lesson.steps.length} ${step.title} [${step.id}] ==`, ""];
}

export function partLines(parts: readonly ShownPart[], render: RenderMarkdown): string[] {
  return parts.flatMap((part) =>
    part.kind === "prose" ? [render(part.markdown).trimEnd(), ""] : [...scriptLines(part), ""],
  );
}

function scriptLines({ kind, script }: Exclude<ShownPart, { kind: "prose" }>): string[] {
  const lines = script
    .trimEnd()
    .split("\n")
    .map((line) => `    $ ${line}`);
  return kind === "run"
    ? lines
    : [...lines, "      (goes on in the background; its lines become events)"];
}

export function checkLines(results: readonly CheckResult[]): string[] {
  // The step could not run, so there is one thing to say, not one for each of its checks.
  const unable = results.find(({ outcome }) => outcome === "unable");
  if (unable !== undefined) return [`  ${MARKS.unable} ${printable(unable.detail)}`];
  return results.flatMap(({ check, outcome, detail }) => {
    const line = `  ${MARKS[outcome]} ${check.that}`;
    if (outcome === "passed" || outcome === "pending") return [line];
    const more = outcome === "failed" ? [`      ${check.otherwise}`] : [];
    return [line, `      ${printable(detail)}`, ...more];
  });
}

const MARKS: Readonly<Record<CheckResult["outcome"], string>> = {
  passed: "✓ passed:",
  failed: "✗ failed:",
  skipped: "- could not check:",
  pending: "· not yet:",
  unable: "- could not run here:",
};

export function summaryLines(summary: Summary): string[] {
  const { lesson, mode, steps, unable, solved, checks, passed, failed, skipped } = summary;
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  const help = solved === 0 ? "" : ` (${solved} solved for you)`;
  const left = unable === 0 ? "" : `, ${unable} could not run here`;
  const ran = `${counted(steps, "step")}${help}${left}`;
  return ["", `${lesson} (${mode}): ${ran}, ${counted(checks, "check")}: ${counts}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/**
 * What an event looks like as lines; none for those that only serve the machinery, nor, for the
 * own events of a process that strace follows (`traced`): it tells them better.
 */
export function eventLines(event: Event, traced: boolean): string[] {
  if (traced && event.kind.startsWith("process.") && !("signal" in event)) return [];
  const text = describe(event);
  if (text === null) return [];
  const from = event.origin === undefined ? "" : `[${event.origin}] `;
  const lines = printable(shortIds(from + text)).split("\n");
  return lines.map((line, index) => `  ${index === 0 ? stamp(event.t) : CONTINUED}  ${line}`);
}

const CONTINUED = " ".repeat(9);

function stamp(t: number): string {
  return (t / 1e9).toFixed(3).padStart(8).concat("s");
}

function describe(event: Event): string | null {
  switch (event.kind) {
    case "syscall":
      return `${who(event)} ${syscallText(event)}`;
    case "process.exec":
      return `${who(event)} runs ${(event.argv ?? [event.comm ?? "?"]).join(" ")}`;
    case "process.exit":
      return describeExit(event);
    case "trace.signal":
      return describeSignal(event);
    case "output":
      return outputText(event);
    case "run.exit":
      return event.signal === undefined ? `exit ${event.code}` : `ended by ${event.signal}`;
    case "cgroup.create":
    case "cgroup.remove":
      return describeDirectory(event);
    default:
      return describeSession(event);
  }
}

function describeSession(event: Event): string | null {
  switch (event.kind) {
    case "lab.ready":
      if (event.mode === "host") return "watching this host itself: nothing on it is changed";
      return `the lab ${event.lab} is up; its PID 1 is ${event.pid} on this host`;
    case "lab.gone":
      return `the lab is gone (${event.reason})`;
    case "observer.cost":
      return `watching with strace makes commands take ${event.ratio} times as long here`;
    case "layer.contents":
      return layerText(event);
    case "step.changes":
      return changesText(event);
    case "link.add":
      return `link ${event.name} ${event.up ? "up" : "down"}`;
    case "diagnostic":
      return `${event.source}: ${event.message}`;
    case "flood":
      return floodText(event);
    case "process.lost":
      return "the kernel dropped process events here";
    default:
      return isDaemonOfInterest(event) ? daemonText(event) : null;
  }
}

function changesText({ changes, more }: StepChanges): string {
  if (changes.length === 0) return "changed on this machine: nothing that lasts";
  const rest = more === 0 ? [] : [`… and ${more} more`];
  const lines = changes.map((change) => changeText(change).replaceAll("\n", " "));
  return ["changed on this machine:", ...lines, ...rest].join("\n");
}

function who(event: { labPid?: number; pid?: number }): string {
  return `[${event.labPid ?? `host ${event.pid}`}]`;
}

function syscallText({ name, args, result, errno, seconds }: Syscall): string {
  const took = seconds === undefined ? "" : ` <${seconds.toFixed(6)}>`;
  const failure = errno === undefined ? "" : ` ${errno}`;
  return `${name}(${args.join(", ")}) = ${result ?? "?"}${failure}${took}`;
}

function describeExit(event: Extract<Event, { kind: "process.exit" }>): string {
  // Who was only seen to be there, and then not, has told nobody how it ended.
  const exited = event.code === undefined ? "ended" : `exited ${event.code}`;
  const how = event.signal === undefined ? exited : `killed by ${event.signal}`;
  return `${who(event)} ${event.comm ?? "process"} ${how}`;
}

/** That a child has ended was told already, by the child. */
function describeSignal(event: Extract<Event, { kind: "trace.signal" }>): string | null {
  const told = event.event === "exited" || event.signal === "SIGCHLD";
  return told ? null : `${who(event)} ${event.text}`;
}

function outputText(event: Extract<Event, { kind: "output" }>): string | null {
  // A terminal's output is movements of a cursor: no transcript can show them.
  if (event.stream === "pty") return null;
  const mark = event.stream === "err" ? "! " : "| ";
  if (event.text === undefined) return `${mark}(bytes that are not UTF-8)`;
  return event.text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => mark + line)
    .join("\n");
}

function describeDirectory(event: Extract<Event, { kind: "cgroup.create" | "cgroup.remove" }>) {
  if (event.path === "/" || event.path === "/init") return null;
  const label = cgroupLabel(event.hierarchy, event.path);
  if (event.kind === "cgroup.remove") return `cgroup ${label} removed`;
  return `cgroup ${label} created, with ${event.files.length} files`;
}

/** A difference in a cgroup file and who made it, as far as that was seen. */
export function changeLines(change: CgroupFileChange): string[] {
  const { t, hierarchy, path, file, before, after, cause } = change;
  // The lab's own groups move with everything.
  if (path === "/" || path === "/init") return [];
  const [from, to] = [before ?? "", after].map((text) => text.replaceAll("\n", " "));
  const difference = `${cgroupLabel(hierarchy, path)} ${file}: ${from} → ${to}`;
  return [`  ${stamp(t)}  ${printable(shortIds(difference))}${causeText(cause)}`];
}

function causeText(cause: ChangeCause): string {
  if (cause.kind === "kernel") return "  (the kernel)";
  return cause.labPid === null ? "  (a write)" : `  (a write by ${cause.labPid})`;
}
