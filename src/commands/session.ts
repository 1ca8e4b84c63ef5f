import type { Driver } from "../drivers/driver.ts";
import { createReplayDriver } from "../drivers/replay.ts";
import type { CgroupLayout } from "../host/cgroup-layout.ts";
import type { Lesson, Variant } from "../lesson/lesson.ts";
import { type SelectedLesson, selectVariant } from "../lesson/select.ts";
import type { Diagnostic, Event, SessionStart } from "../timeline/event.ts";
import { createTimeline, type Timeline } from "../timeline/timeline.ts";
import { loadRecording } from "./load-lesson.ts";

/** A lesson under way: who causes things, and where what happens is to be seen. */
export interface Session {
  readonly lesson: SelectedLesson;
  readonly driver: Driver;
  readonly timeline: Timeline;
}

export interface ReplayOptions {
  readonly file: string;
  readonly why: string | null;
  readonly paced: boolean;
}

export function openReplaySession(lesson: Lesson, options: ReplayOptions): Session {
  const { events, problems } = loadRecording(options.file, lesson.id);
  const [start, ...rest] = events as readonly [SessionStart, ...Event[]];
  const recorded = [start, ...unreadable(problems), ...rest];
  const { cgroup } = start.host;
  const timeline = createTimeline();
  const driver = createReplayDriver({ ...options, timeline, recorded });
  return { lesson: selectVariant(lesson, cgroup === "v1" ? "v1" : "v2"), driver, timeline };
}

/** What a recording lacks is to be seen in its replay. */
function unreadable(problems: readonly string[]): Diagnostic[] {
  const [first] = problems;
  if (first === undefined) return [];
  const message = `lines that cannot be read are left out: ${problems.length} (${first})`;
  return [{ kind: "diagnostic", t: 0, source: "recording", message }];
}

export function variantOf({ version }: Pick<CgroupLayout, "version">): Variant {
  return version === "v1" ? "v1" : "v2";
}
