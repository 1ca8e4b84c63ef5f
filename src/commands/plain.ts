import type { Mode } from "../drivers/driver.ts";
import type { SelectedLesson } from "../lesson/select.ts";
import type { Event } from "../timeline/event.ts";
import { printable } from "../timeline/printable.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { createWorldView } from "../timeline/world-view.ts";
import { loadMarkdownRenderer } from "./plain-markdown.ts";
import { plainWalker } from "./plain-walker.ts";
import { createPrompt, type Prompt } from "./prompt.ts";
import type { Session } from "./session.ts";
import { createTracedProcesses } from "./traced-processes.ts";
import { changeLines, eventLines, summaryLines, titleLines } from "./transcript.ts";
import { type View, walk } from "./walk.ts";
import { createWholeLines } from "./whole-lines.ts";

export interface PlainOptions {
  /** True: do not ask before each step. */
  readonly auto: boolean;
  readonly from: string | null;
  readonly notes: boolean;
}

/** A lesson as a linear transcript on stdout; asks on stderr, so that a pipe gets text only. */
export function plainView(session: Session, options: PlainOptions): View {
  const { lesson, driver, timeline } = session;
  const printNew = createEventPrinter(lesson, timeline);
  let ask: Prompt | null = null;
  return {
    handlesSignals: false,
    async run() {
      const render = await loadMarkdownRenderer(process.stdout);
      print([
        ...titleLines(lesson),
        ...modeLines(driver.mode, timeline),
        render(lesson.intro).trimEnd(),
      ]);
      timeline.subscribe(printNew);
      printNew();
      ask = options.auto ? null : promptOnTerminal();
      const { notes } = options;
      const walker = plainWalker(session, { render, prompt: ask, notes, print });
      return walk(session, options.from, walker).finally(() => ask?.close());
    },
    finish(summary) {
      // After a signal its question is still open, and would keep the program waiting.
      ask?.close();
      print(summaryLines(summary));
    },
  };
}

/** Prints what is new on the timeline, each time it is called. */
function createEventPrinter(lesson: SelectedLesson, timeline: Timeline): () => void {
  const traced = createTracedProcesses(lesson);
  const worldAt = createWorldView(timeline);
  const wholeLines = createWholeLines();
  let printed = 0;
  let told = 0;
  return () => {
    for (; printed < timeline.events.length; printed++) {
      const world = worldAt(printed + 1);
      const event = timeline.events[printed] as Event;
      for (const whole of wholeLines(event)) print(eventLines(whole, traced.tells(whole)));
      print(world.changes.slice(told).flatMap(changeLines));
      told = world.changes.length;
    }
  };
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
}

/** A Ctrl-C goes the way of every SIGINT: the lab goes, the recording is whole. */
function promptOnTerminal(): Prompt {
  const interrupt = (): void => void process.kill(process.pid, "SIGINT");
  return createPrompt({ input: process.stdin, output: process.stderr, interrupt });
}

function modeLines(mode: Mode, { events }: Timeline): string[] {
  if (mode.kind === "live" && mode.host === true)
    return ["LIVE: this host itself is watched; nothing on it is changed.", ""];
  if (mode.kind === "live") {
    const ready = events.find((event) => event.kind === "lab.ready");
    const as = ready?.mode === "root" ? ", as root" : "";
    return [`LIVE: every command runs in a private lab on this kernel${as}.`, ""];
  }
  const when = printable(mode.recordedAt.slice(0, 10));
  const recorded = `REPLAY of a session recorded ${when} on Linux ${printable(mode.kernel)}.`;
  if (mode.why === null) return [recorded, ""];
  return [recorded, `Not live because ${printable(mode.why)}.`, ""];
}
