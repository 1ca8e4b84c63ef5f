import { readHostFacts } from "../host/host-facts.ts";
import { missingForLive } from "../host/live.ts";
import { loadLessons } from "./load-lesson.ts";

/** `tsinternals list`: the lessons, and whether each runs live on this machine. */
export async function listCommand({ json }: { json: boolean }): Promise<number> {
  const facts = await readHostFacts();
  const rows = (await loadLessons()).map((lesson) => {
    const [missing] = missingForLive(lesson, facts);
    const { id, title, summary, minutes, steps } = lesson;
    const here = { live: missing === undefined, why: missing?.what ?? null };
    return { id, title, summary, minutes, steps: steps.length, ...here };
  });
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else for (const row of rows) process.stdout.write(`${rowText(row)}\n`);
  return 0;
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly steps: number;
  readonly live: boolean;
  readonly why: string | null;
}

function rowText({ id, title, summary, minutes, steps, live, why }: Row): string {
  const here = live ? "runs live here" : `plays its recording here: ${why}`;
  return `${id}  ${title}: ${steps} steps, ${minutes} min, ${here}\n    ${summary}`;
}
