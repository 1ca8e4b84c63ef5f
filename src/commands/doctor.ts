import { examine } from "../host/doctor.ts";
import { readHostFacts } from "../host/host-facts.ts";
import { missingForLive } from "../host/live.ts";
import type { Lesson } from "../lesson/lesson.ts";
import type { Need } from "../lesson/needs.ts";
import { loadLessons } from "./load-lesson.ts";

/** `tsinternals doctor`: what runs here, what does not, and one line that helps for each. */
export async function doctorCommand({ json }: { json: boolean }): Promise<number> {
  const [facts, lessons] = [await readHostFacts(), await loadLessons()];
  const findings = examine(facts, lessons.flatMap(needsOf));
  const ok = findings.every((finding) => finding.ok || !finding.required);
  if (json) process.stdout.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
  else {
    for (const { id, ok: good, required, found, fix } of findings) {
      const mark = good ? "✓" : required ? "✗" : "!";
      process.stdout.write(`${mark} ${id.padEnd(7)} ${found}\n`);
      if (fix !== null) process.stdout.write(`          → ${fix}\n`);
    }
    const live = lessons.filter((lesson) => missingForLive(lesson, facts).length === 0);
    process.stdout.write(`${verdict(live.length, lessons.length)}\n`);
  }
  return ok ? 0 : 3;
}

/** What a lesson or a step of it asks for. */
function needsOf({ needs, steps }: Lesson): Need[] {
  return [...needs, ...steps.flatMap((step) => step.needs)];
}

/** @param live how many of all lessons run live */
function verdict(live: number, all: number): string {
  if (live === all) return "Lessons run live here.";
  if (live === 0) return "Lessons play their recordings here.";
  return `${live} of ${all} lessons run live here, the others play their recordings: tsinternals list`;
}
