import { examine } from "../host/doctor.ts";
import { readHostFacts } from "../host/host-facts.ts";
import type { Need } from "../lesson/needs.ts";
import { loadLessons } from "./load-lesson.ts";

/** `tsinternals doctor`: what runs here, what does not, and one line that helps for each. */
export async function doctorCommand({ json }: { json: boolean }): Promise<number> {
  const findings = examine(await readHostFacts(), await allNeeds());
  const ok = findings.every((finding) => finding.ok || !finding.required);
  if (json) process.stdout.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
  else {
    for (const { id, ok: good, required, found, fix } of findings) {
      const mark = good ? "✓" : required ? "✗" : "!";
      process.stdout.write(`${mark} ${id.padEnd(7)} ${found}\n`);
      if (fix !== null) process.stdout.write(`          → ${fix}\n`);
    }
    process.stdout.write(ok ? "Lessons run live here.\n" : "Lessons play their recordings here.\n");
  }
  return ok ? 0 : 3;
}

/** What any lesson or step asks for. */
async function allNeeds(): Promise<Need[]> {
  const lessons = await loadLessons();
  return lessons.flatMap(({ needs, steps }) => [...needs, ...steps.flatMap((step) => step.needs)]);
}
