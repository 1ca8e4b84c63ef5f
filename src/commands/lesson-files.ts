import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lessonsFolder } from "../host/paths.ts";
import type { Lab } from "../sources/lab.ts";

/** Where a lab finds what stands beside lesson.md. */
const LESSON_FILES = "/lesson";

/** A name that needs no quotes anywhere. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
/** A script is one argument of execve(2), of at most 128 KiB (MAX_ARG_STRLEN). */
const MOST_BYTES = 96 << 10;

export interface LessonFile {
  readonly name: string;
  /** UTF-8, whole lines. */
  readonly text: string;
}

/** The texts beside a lesson's lesson.md. One that cannot be carried into a lab is our mistake. */
export function lessonFiles(id: string): LessonFile[] {
  const folder = join(lessonsFolder, id);
  const names = readdirSync(folder).filter((name) => name !== "lesson.md");
  return names.toSorted().map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const fits = NAME.test(name) && Buffer.byteLength(text) <= MOST_BYTES && text.endsWith("\n");
    if (!fits || text.includes(END)) throw new Error(`lessons/${id}/${name} cannot go into a lab`);
    return { name, text };
  });
}

const END = "END-OF-LESSON-FILE";

/** Puts them into the lab, unseen, before the first step. */
export async function placeLessonFiles(lab: Lab, files: readonly LessonFile[]): Promise<void> {
  for (const { name, text } of files) {
    const path = `${LESSON_FILES}/${name}`;
    const script = `mkdir -p ${LESSON_FILES} && cat > ${path} <<'${END}' && echo ok\n${text}${END}\n`;
    const { text: said, error } = await lab.capture(script);
    if (said?.trim() !== "ok")
      throw new Error(`${path} could not be written: ${error ?? "failed"}`);
  }
}
