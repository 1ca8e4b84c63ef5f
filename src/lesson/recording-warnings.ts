import type { Event } from "../timeline/event.ts";
import type { SelectedLesson } from "./select.ts";

/**
 * What a recording of a lesson should not have, though its checks may hold: lines nobody can read,
 * other commands than the lesson's, steps that are missing or could not run, gaps, no end.
 *
 * @param unreadable what decoding it complained about
 */
export function recordingWarnings(
  lesson: SelectedLesson,
  events: readonly Event[],
  unreadable: readonly string[] = [],
): string[] {
  const warnings = unreadable.map((problem) => `a line cannot be read: ${problem}`);
  for (const { id, runs } of lesson.steps) {
    const written = runs.map(({ script }) => script);
    const ran = events.flatMap((event) =>
      event.kind === "run.start" && event.step === id ? [event.script] : [],
    );
    if (!events.some((event) => event.kind === "step.end" && event.step === id))
      warnings.push(`step ${id} is not in it`);
    else if (JSON.stringify(written) !== JSON.stringify(ran))
      warnings.push(`step ${id} runs other commands now; record it again`);
  }
  const known = new Set(lesson.steps.map(({ id }) => id));
  for (const event of events) {
    if (event.kind === "step.start" && !known.has(event.step))
      warnings.push(`step ${event.step} is not in the lesson`);
    if (event.kind === "step.unable")
      warnings.push(`step ${event.step} could not run: ${event.why}`);
    if (event.kind === "flood") warnings.push("events came too fast to be kept");
    if (event.kind === "process.lost") warnings.push("the kernel dropped process events");
  }
  const end = events.at(-1);
  if (end?.kind !== "session.end" || end.reason !== "finished")
    warnings.push("the lesson was not taken to its end");
  return warnings;
}
