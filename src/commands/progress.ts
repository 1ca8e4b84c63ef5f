import { dropSudo } from "../host/privileges.ts";
import { progressFile, readProgress, updateProgress } from "../host/progress-file.ts";
import { forgotten, type LessonProgress, timesTaken } from "../lesson/progress.ts";
import { printable } from "../timeline/printable.ts";
import { UserError } from "../user-error.ts";
import { loadLesson, loadLessons, unknownStep } from "./load-lesson.ts";
import { consents } from "./run-plan.ts";

/** `tsinternals progress`: what has been passed, lesson by lesson. */
export async function progressCommand({ json }: { json: boolean }): Promise<number> {
  dropSudo();
  const { lessons } = read();
  const rows = (await loadLessons()).map(({ id, steps, title }) => {
    const ids = steps.map((step) => step.id);
    return { id, title, ...standing(ids, lessons[id] ?? null) };
  });
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else for (const row of rows) process.stdout.write(`${rowText(row)}\n`);
  return 0;
}

/** `tsinternals reset [LESSON [STEP]]`: forgets what has been passed; recordings stay. */
export async function resetCommand(
  lesson: string | null,
  step: string | null,
  { yes }: { yes: boolean },
): Promise<number> {
  if (lesson !== null) await requireStep(lesson, step);
  dropSudo();
  const { stdin: input, stdout: output } = process;
  const asks = lesson === null && !yes && input.isTTY === true && output.isTTY === true;
  if (asks && !(await consents({ input, output }, "Forget all that you have passed?"))) {
    process.stdout.write("nothing was forgotten\n");
    return 0;
  }
  const what = [lesson ?? "everything", ...(step === null ? [] : [step])].join(" ");
  try {
    updateProgress((progress) => forgotten(progress, lesson, step));
  } catch (error) {
    throw new UserError(
      `cannot write ${progressFile()}: ${(error as Error).message}`,
      "make it writable, free some space, or set XDG_STATE_HOME to another folder",
    );
  }
  process.stdout.write(`forgotten: ${what}\n`);
  return 0;
}

function read(): ReturnType<typeof readProgress> {
  try {
    return readProgress((message) => process.stderr.write(`tsinternals: ${printable(message)}\n`));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${progressFile()} cannot be read: ${(error as Error).message}`,
      "make it readable, or set XDG_STATE_HOME to another folder",
    );
  }
}

interface Standing {
  readonly steps: number;
  readonly passed: number;
  readonly solved: number;
  /** Null: never taken. */
  readonly last: string | null;
  readonly at: string | null;
  /** In how many sessions. */
  readonly taken: number;
}

/** A step that the lesson no longer has does not count. */
export function standing(ids: readonly string[], known: LessonProgress | null): Standing {
  const passed = ids.flatMap((id) => known?.passed[id] ?? []);
  const solved = passed.filter(({ by }) => by === "solve").length;
  const { last = null, at = null } = known ?? {};
  return { steps: ids.length, passed: passed.length, solved, last, at, taken: timesTaken(known) };
}

function rowText({
  id,
  steps,
  passed,
  solved,
  last,
  at,
  taken,
}: Standing & { id: string }): string {
  if (at === null) return `${id}  not begun, ${steps} steps`;
  const helped = solved > 0 ? `, ${solved} of them solved for you` : "";
  const often = taken === 1 ? "taken once" : `taken ${taken} times`;
  return printable(
    `${id}  ${passed} of ${steps} steps passed${helped}; ${often}, last: ${last}, ${at.slice(0, 10)}`,
  );
}

async function requireStep(lesson: string, step: string | null): Promise<void> {
  const ids = (await loadLesson(lesson)).steps.map(({ id }) => id);
  if (step !== null && !ids.includes(step)) throw unknownStep(lesson, step, ids);
}
