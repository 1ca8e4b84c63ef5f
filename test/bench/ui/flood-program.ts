/**
 * The program that the flood is measured on: our own screen on a synthetic source. Everything
 * between is what a live session has (sources/lab.ts): merge, thinning, timeline, fold, panes. It is
 * bundled like the program itself, and never shipped. Arguments: events a second, seconds, and a
 * file for what was counted.
 */
import { writeFileSync } from "node:fs";
import { keepHeapLean } from "../../../src/commands/lean-heap.ts";
import { loadLesson } from "../../../src/commands/load-lesson.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { selectVariant } from "../../../src/lesson/select.ts";
import type { Event } from "../../../src/timeline/event.ts";
import { countedIn } from "../../../src/timeline/event-flood.ts";
import { createMerge } from "../../../src/timeline/merge.ts";
import { createThinning } from "../../../src/timeline/thinning.ts";
import { createTimeline } from "../../../src/timeline/timeline.ts";
import { runWorkbench } from "../../../src/ui/run-workbench.ts";
import { labReady, sessionStart } from "./flood-session.ts";
import { createFloodSource } from "./flood-source.ts";

const [perSecond = 0, seconds = 0] = process.argv.slice(2).map(Number);
const report = process.argv[4] ?? "";
/** As in sources/lab.ts. */
const HOLD = 60e6;
const RELEASE_MILLISECONDS = 25;
/** How often a source's pipe has something, on a busy machine. */
const READ_MILLISECONDS = 5;

const begun = performance.now();
const now = (): number => Math.round((performance.now() - begun) * 1e6);

const timeline = createTimeline([sessionStart, labReady]);
const merge = createMerge(HOLD);
const thinning = createThinning();
const hand = (events: readonly Event[]): void => timeline.append(thinning.release(events));
const emit = (event: Event): void => {
  if (thinning.admits(event)) merge.push(event);
};

const driver: Driver = {
  mode: { kind: "live" },
  run: (step) => {
    emit({ kind: "step.start", t: now(), step });
    const script = "while :; do tool; done";
    emit({ kind: "run.start", t: now(), run: 1, step, pid: 4000, labPid: 100, script });
    flood();
    return new Promise(() => {});
  },
  answer() {},
  shell: async () => null,
  interrupt() {},
  async leave() {},
};

function flood(): void {
  const source = createFloodSource();
  const from = now();
  const before = timeline.events.length + 2;
  let told = from;
  let emitted = 0;
  const release = setInterval(() => hand(merge.release(now())), RELEASE_MILLISECONDS);
  const read = setInterval(() => {
    const until = now();
    const wanted = Math.floor(((until - from) / 1e9) * perSecond) - emitted;
    for (const event of source.next(wanted, told, until)) emit(event);
    emitted += wanted;
    told = until;
    if (until - from < seconds * 1e9) return;
    clearInterval(read);
    clearInterval(release);
    hand(merge.flush());
    const events = timeline.events.slice(before);
    const floods = events.filter(({ kind }) => kind === "flood").length;
    const counted = countedIn(events);
    const kept = events.length - floods;
    writeFileSync(report, JSON.stringify({ emitted, kept, counted, floods }));
  }, READ_MILLISECONDS);
}

keepHeapLean();
const lesson = selectVariant(await loadLesson("cgroups"), "v2");
await runWorkbench({
  ...{
    timeline,
    lesson,
    driver,
    auto: false,
    from: null,
    notes: false,
    noAfresh: null,
    sizes: {},
    mouse: true,
  },
  ...{ stdin: process.stdin, stdout: process.stdout },
});
process.exit();
