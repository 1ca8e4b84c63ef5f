import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AS, type LessonResult, type Row, type TestResult } from "./results.ts";

/** What is committed of the runs: matrix.json, and its table in README.md. */
export interface Known {
  /** The hosts' names in their order, and the lessons' ids. */
  readonly guests: readonly string[];
  readonly lessons: readonly string[];
  readonly testFiles: readonly string[];
}

const root = join(import.meta.dirname, "../..");
const matrixFile = join(import.meta.dirname, "matrix.json");
const readmeFile = join(root, "README.md");
const BEGIN = "<!-- matrix: written by npm run test:vm -->";
const END = "<!-- end of matrix -->";

export function readMatrix(): Row[] {
  return JSON.parse(readFileSync(matrixFile, "utf8")) as Row[];
}

export function writeMatrix(rows: readonly Row[], known: Known): void {
  writeFileSync(matrixFile, `${JSON.stringify(rows, null, 2)}\n`);
  writeFileSync(readmeFile, withTable(readFileSync(readmeFile, "utf8"), rows, known.lessons));
}

/** The rows with a new one, which may be about a part only; what no longer exists goes. */
export function merged(rows: readonly Row[], added: Row, known: Known): Row[] {
  const isSame = (row: Row): boolean => row.guest === added.guest && row.as === added.as;
  const before = rows.find(isSame);
  const whole: Row = {
    ...added,
    lessons: { ...before?.lessons, ...added.lessons },
    tests: { ...before?.tests, ...added.tests },
  };
  return [...rows.filter((row) => !isSame(row)), whole]
    .filter((row) => known.guests.includes(row.guest))
    .map((row) => ({
      ...row,
      lessons: only(row.lessons, known.lessons),
      tests: only(row.tests, known.testFiles),
    }))
    .sort((a, b) => place(a, known) - place(b, known) || AS.indexOf(a.as) - AS.indexOf(b.as));
}

function place({ guest }: Row, { guests }: Known): number {
  return guests.indexOf(guest);
}

function only<V>(record: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  const kept = names.filter((name) => name in record);
  return Object.fromEntries(kept.map((name) => [name, record[name] as V]));
}

export function withTable(
  readme: string,
  rows: readonly Row[],
  lessons: readonly string[],
): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no "${BEGIN}" … "${END}"`);
  const table = matrixTable(rows, lessons).join("\n");
  return `${readme.slice(0, begin)}${BEGIN}\n\n${table}\n\n${readme.slice(end)}`;
}

export function matrixTable(rows: readonly Row[], lessons: readonly string[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const header = ["host", "as", ...lessons, "live tests", "on"];
  return [
    line(header),
    `|${"---|".repeat(header.length)}`,
    ...rows.map((row) => line(cellsOf(row, lessons))),
  ];
}

function cellsOf(row: Row, lessons: readonly string[]): string[] {
  // The controllers are in the file; here the version and what shares it with systemd are enough.
  const cgroup = row.cgroup.split(":")[0];
  const host = `${row.about}: Linux ${row.kernel}, systemd ${row.systemd}, cgroup ${cgroup}`;
  const taken = lessons.map((id) => {
    const result = row.lessons[id];
    return result === undefined ? "not tried" : lessonCell(result);
  });
  return [host, row.as, ...taken, testsCell(Object.values(row.tests)), row.date].map(escaped);
}

function lessonCell(result: LessonResult): string {
  const { mode, steps, unable, passed, failed, skipped, why } = result;
  if (mode === "broken") return `**broke**: ${why}`;
  const all = unable === 0 ? `${steps}` : `${steps} of ${steps + unable}`;
  const counts = `${all} steps, ${passed} of ${passed + failed + skipped} checks hold`;
  const bad = failed > 0 ? `, **${failed} failed**` : "";
  // What to try is in the file.
  const because = why === null ? "" : ` (${why.split("; try:")[0]})`;
  const blind = skipped > 0 ? `, ${skipped} could not be checked` : "";
  return `${mode}: ${counts}${bad}${blind}${because}`;
}

function testsCell(results: readonly TestResult[]): string {
  if (results.length === 0) return "";
  const sum = (count: (result: TestResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const [passed, failed] = [sum((result) => result.passed), sum((result) => result.failed)];
  return `${passed} passed, ${failed} failed, ${sum(({ skipped }) => skipped.length)} skipped`;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
