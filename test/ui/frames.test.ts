import { expect, test } from "vitest";
import type { Action, Message } from "../../src/workbench/message.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, REPLAY, type Stage, type StageOptions } from "./render-frame.tsx";
import { sampleLesson } from "./sample-lesson.ts";
import {
  labEvents,
  limitChanges,
  limitEndEvents,
  limitRunningEvents,
  makeEvents,
} from "./sample-session.ts";

/** Moments worth looking at, each a file to read in frames/. `UPDATE_FRAMES=1` writes them anew. */
const moments: Readonly<Record<string, (options: StageOptions) => Stage>> = {
  start: (options) => createStage(options).grow(labEvents()),
  welcome: (options) => createStage({ ...options, introduced: true }).grow(labEvents()),
  "ran-first": (options) => ranFirst(options),
  running: (options) => running(options),
  "oom-one-check-failed": (options) => ranLimit(options, 0),
  "oom-all-checks-hold": (options) => ranLimit(options, 1),
  "zoomed-cgroups": (options) =>
    ranLimit(options, 1).send({ kind: "focused", pane: "cgroups" }, ask("zoom")),
  "tab-processes": (options) => running(options).send({ kind: "focused", pane: "processes" }),
  "tab-output": (options) => ranLimit(options, 1).send({ kind: "focused", pane: "output" }),
  "looking-back": (options) => ranLimit(options, 1).send(ask("back")),
  paused: (options) => running(options).send(ask("pause")).grow(limitEndEvents()),
  help: (options) => createStage(options).grow(labEvents()).send(ask("help")),
  replay: (options) => ranFirst({ ...options, mode: REPLAY }),
  changes: (options) => ranWithChanges(options).send(ask("changes")),
  "changes-first-few": (options) => ranWithChanges(options),
  "larger-and-away": (options) =>
    ranLimit(options, 1).send(
      ...[ask("grow"), ask("grow"), { kind: "focused", pane: "output" } as const],
      ...[ask("put-away"), { kind: "focused", pane: "cgroups" } as const, ask("grow")],
    ),
  "cgroup-v2": (options) => ranLimit({ ...options, lesson: sampleLesson("v2") }, 1, "v2"),
};

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

for (const [moment, build] of Object.entries(moments)) {
  for (const size of SIZES) {
    const name = `${moment}-${size.columns}x${size.rows}`;
    test(`frame ${name}`, () => expectFrame(name, build(size)));
  }
}

test("frame too-small-50x12", () => {
  expectFrame("too-small-50x12", createStage({ columns: 50, rows: 12 }).grow(labEvents()));
});

test("frame three-panes-120x30", () => {
  expectFrame("three-panes-120x30", ranLimit({ columns: 120, rows: 30 }, 1));
});

test("every key and the marks fit 80×24, in a replay too", () => {
  const stage = createStage({ columns: 80, rows: 24, mode: REPLAY }).grow(labEvents());
  const frame = stage.send(ask("help")).frame();
  expect(frame).toContain("Enter Space");
  expect(frame).toContain("Marks: ✓ holds");
});

function ask(action: Action, at = 0): Message {
  return { kind: "asked", action, at };
}

function ranFirst(options: StageOptions, variant: "v1" | "v2" = "v1"): Stage {
  return createStage(options)
    .grow(labEvents(variant))
    .send(ask("proceed", 1000))
    .grow(makeEvents(variant))
    .send({ kind: "ran", step: "make", failedChecks: 0, at: 2000 });
}

function running(options: StageOptions, variant: "v1" | "v2" = "v1"): Stage {
  return ranFirst(options, variant)
    .send(ask("proceed", 5000), ask("proceed", 10_000))
    .grow(limitRunningEvents(variant));
}

/** Scrolled to where the list of changes stands. */
function ranWithChanges(options: StageOptions): Stage {
  const events = limitEndEvents("v1", 1);
  return running(options)
    .grow(events.toSpliced(-1, 0, limitChanges(events.at(-1)?.t ?? 0)))
    .send({ kind: "ran", step: "limit", failedChecks: 0, at: 20_000 })
    .send({ kind: "scrolled", pane: "lesson", to: 24 });
}

function ranLimit(options: StageOptions, oomKills: number, variant: "v1" | "v2" = "v1"): Stage {
  return running(options, variant)
    .grow(limitEndEvents(variant, oomKills))
    .send({ kind: "ran", step: "limit", failedChecks: 1 - oomKills, at: 20_000 });
}
