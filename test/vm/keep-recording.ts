import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Asking } from "./jobs.ts";
import type { LessonResult } from "./results.ts";

const folder = join(import.meta.dirname, "../../fixtures/recordings");

/** What comes with the package, and with every clone of it. */
const LARGEST = 1_500_000;

/** A lesson's recording comes with it when it shows all of the lesson as it should be. */
export function keepRecording(
  { out, as }: Pick<Asking, "out" | "as">,
  id: string,
  result: LessonResult,
  cgroup: string,
): string {
  const why = whyNotKept(result, cgroup);
  if (why !== null) return `the recording of ${id} is not kept: ${why}`;
  const recording = join(out, as, `lesson-${id}`, "recording.ndjson");
  const { size } = statSync(recording);
  if (size > LARGEST) return `the recording of ${id} is not kept: ${size} bytes`;
  const kept = join(folder, `${id}.${cgroup.slice(0, 2)}.ndjson`);
  copyFileSync(recording, kept);
  return `${kept}: ${size} bytes`;
}

export function whyNotKept(result: LessonResult, cgroup: string): string | null {
  const { mode, unable, failed, skipped } = result;
  if (mode !== "live") return `it was ${mode}`;
  if (failed > 0) return `${failed} checks failed`;
  if (unable > 0) return `${unable} steps could not run`;
  if (skipped > 0) return `${skipped} checks could not be checked`;
  return /^v[12]\b/.test(cgroup) ? null : `its cgroups are ${cgroup}`;
}
