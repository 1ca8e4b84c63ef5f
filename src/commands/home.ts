import { readHostFacts } from "../host/host-facts.ts";
import { missingForLive } from "../host/live.ts";
import { asInvoker } from "../host/privileges.ts";
import { readProgress } from "../host/progress-file.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { type LessonProgress, NO_PROGRESS, type Progress } from "../lesson/progress.ts";
import { printable } from "../timeline/printable.ts";
import type { HomeLesson, HomeStep } from "../workbench/home.ts";
import { doctorCommand } from "./doctor.ts";
import { lessonCommand } from "./lesson.ts";
import { loadLessons } from "./load-lesson.ts";
import { standing } from "./progress.ts";

/** `tsinternals` on a terminal: the lessons to choose from, then the one that was chosen. */
export async function homeCommand({ mouse }: { mouse: boolean }): Promise<number> {
  const facts = await readHostFacts();
  const { lessons: known } = asInvoker(knownProgress);
  const lessons = (await loadLessons()).map((lesson) => {
    const [missing = null] = missingForLive(lesson, facts);
    return { ...homeLesson(lesson, known[lesson.id] ?? null), missing };
  });
  const { runHome } = await import("../ui/run-home.ts");
  const { stdin, stdout } = process;
  const choice = await runHome({ lessons, mouse, stdin, stdout });
  if (choice.kind === "doctor") return doctorCommand({ json: false });
  if (choice.kind !== "lesson") return choice.kind === "quit" ? 0 : 130;
  return lessonCommand(choice.id, { ...AS_USUAL, mouse, from: choice.from });
}

const AS_USUAL = {
  ...{ auto: false, plain: false, json: false, notes: false, keep: true, replay: false },
  ...{ mode: null, record: null },
} as const;

/** A file that cannot be read is no reason to show no lessons. */
function knownProgress(): Progress {
  const say = (message: string): void =>
    void process.stderr.write(`tsinternals: ${printable(message)}\n`);
  try {
    return readProgress(say);
  } catch (error) {
    say(`your progress cannot be read: ${(error as Error).message}`);
    return NO_PROGRESS;
  }
}

function homeLesson(lesson: Lesson, known: LessonProgress | null): Omit<HomeLesson, "missing"> {
  const { id, title, summary, minutes, intro } = lesson;
  const steps = lesson.steps.map(
    (step): HomeStep => ({
      id: step.id,
      title: step.title,
      text: step.parts.flatMap((part) => (part.kind === "prose" ? part.markdown : [])).join("\n"),
    }),
  );
  const ids = steps.map((step) => step.id);
  const { passed, solved, at, taken } = standing(ids, known);
  const resume = resumeAt(steps, known);
  return { id, title, summary, minutes, intro, steps, passed, solved, at, taken, resume };
}

/** After the last step if it is passed, else at it; at the beginning once the end was reached. */
function resumeAt(steps: readonly HomeStep[], known: LessonProgress | null): HomeStep | null {
  const index = steps.findIndex(({ id }) => id === known?.last);
  const last = steps[index];
  if (last === undefined) return null;
  return known?.passed[last.id] === undefined ? last : (steps[index + 1] ?? null);
}
