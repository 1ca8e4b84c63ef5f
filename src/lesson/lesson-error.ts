import { UserError } from "../user-error.ts";

/** A mistake in a lesson file, with where it is. Lines and columns count from 1. */
export class LessonError extends UserError {
  constructor(file: string, line: number, column: number, problem: string) {
    super(`${file}:${line}:${column}: ${problem}`, "See lessons/README.md for the format.");
    this.name = "LessonError";
  }
}
