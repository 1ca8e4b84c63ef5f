import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import {
  lessonsFolder,
  packageRoot,
  packedRecordingsFolder,
  recordingsFolder,
} from "../host/paths.ts";
import type { Lesson, Variant } from "../lesson/lesson.ts";
import { printable } from "../timeline/printable.ts";
import { decodeRecording, type Recording } from "../timeline/recording.ts";
import { UserError } from "../user-error.ts";
import { nearest } from "./nearest.ts";

/** The ids of all lessons, the folders that hold a lesson.md, as a course would take them. */
export function lessonIds(): string[] {
  const folders = readdirSync(lessonsFolder, { withFileTypes: true });
  return folders
    .filter((entry) => entry.isDirectory() && existsSync(lessonFile(entry.name)))
    .map(({ name }) => ({ name, order: orderOf(name) }))
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Read without the rest: a lesson with a mistake in it must not hide the others. */
function orderOf(id: string): number {
  const [, frontMatter = ""] = /^---\n([\s\S]*?\n)---\n/.exec(textOrNone(id)) ?? [];
  const [, order] = /^order: *(\d+) *$/m.exec(frontMatter) ?? [];
  return order === undefined ? Number.MAX_SAFE_INTEGER : Number(order);
}

function textOrNone(id: string): string {
  try {
    return readLesson(lessonFile(id));
  } catch {
    return "";
  }
}

function readLesson(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read ${file} (${code})`, "make it readable");
  }
}

export async function loadLesson(id: string): Promise<Lesson> {
  const known = lessonIds();
  if (!known.includes(id)) throw unknownLesson(id, known);
  const file = lessonFile(id);
  const text = readLesson(file);
  const compiled = compiledLesson(id);
  if (compiled?.text === text) return compiled.lesson;
  const { parseLesson } = await import("../lesson/parse.ts");
  return parseLesson(text, relative(packageRoot, file));
}

/** All that can be read; of one with a mistake in it `wrong` is told. */
export async function loadLessons(wrong = sayWrong): Promise<Lesson[]> {
  const all = await Promise.allSettled(lessonIds().map(loadLesson));
  return all.flatMap((each) => {
    if (each.status === "fulfilled") return each.value;
    if (!(each.reason instanceof UserError)) throw each.reason;
    wrong(each.reason.message);
    return [];
  });
}

function sayWrong(message: string): void {
  process.stderr.write(`tsinternals: a lesson is left out: ${printable(message)}\n`);
}

interface Compiled {
  /** The file it was made of. */
  readonly text: string;
  readonly lesson: Lesson;
}

/** What src/build.mjs made of a lesson, beside the bundle; null: this is no bundle. */
function compiledLesson(id: string): Compiled | null {
  const file = new URL(`compiled/${id}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Compiled) : null;
}

function unknownLesson(id: string, known: readonly string[]): UserError {
  const near = nearest(id, known);
  const meant = near === null ? "tsinternals list" : `tsinternals lesson ${near}`;
  return new UserError(`there is no lesson "${id}"`, `${meant}; there is ${known.join(", ")}`);
}

/** @param known the ids of the lesson's steps */
export function unknownStep(lesson: string, step: string, known: readonly string[]): UserError {
  const near = nearest(step, known);
  const meant = near === null ? "" : `${near}; `;
  return new UserError(
    `lesson ${lesson} has no step "${step}"`,
    `${meant}its steps: ${known.join(", ")}`,
  );
}

function lessonFile(id: string): string {
  return join(lessonsFolder, id, "lesson.md");
}

/** The recording that comes with the lesson for this variant, or its other one; null: none. */
export function shippedRecording(id: string, variant: Variant): string | null {
  const other = variant === "v1" ? "v2" : "v1";
  const files = ([variant, other] as const).map((name) => recordingFile(id, name));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Where the lesson's recording is, or would be. */
export function recordingFile(id: string, variant: Variant): string {
  const name = `${id}.${variant}.ndjson`;
  const plain = join(recordingsFolder, name);
  const packed = join(packedRecordingsFolder, `${name}.br`);
  return !existsSync(recordingsFolder) && existsSync(packed) ? packed : plain;
}

/** Reads a recording of this lesson; says so when the file is something else. */
export function loadRecording(file: string, lesson: string): Recording {
  const recording = decodeRecording(readText(file));
  const start = recording.events[0];
  if (start?.kind !== "session.start")
    throw new UserError(`${file} is not a recording`, "record one with --record FILE");
  if (start.format !== 1)
    throw new UserError(
      `${file} has format ${start.format}, this version reads 1`,
      "record it again",
    );
  if (start.lesson !== lesson)
    throw new UserError(
      `${file} is a recording of lesson ${start.lesson}`,
      `tsinternals ${start.lesson === "watch-docker" ? "watch docker" : `lesson ${start.lesson}`} --replay ${file}`,
    );
  return recording;
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith(".br") ? brotliDecompressSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read the recording ${file} (${code})`, "check the path");
  }
}
