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

/** A row for each host and user; why something is not live stands below, once. */
export function matrixTable(rows: readonly Row[], lessons: readonly string[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  const header = ["host", "kernel, systemd", "cgroup", "as", ...lessons, "live tests", "on"];
  const notes: string[] = [];
  const lines = rows.map((row, place) => line(cellsOf(row, rows[place - 1], lessons, notes)));
  return [
    line(header),
    `|${"---|".repeat(header.length)}`,
    ...lines,
    ...notes.flatMap((why, place) => ["", `${mark(place)} ${why}`]),
  ];
}

function cellsOf(
  row: Row,
  above: Row | undefined,
  lessons: readonly string[],
  notes: string[],
): string[] {
  // The controllers are in the file; here the version and what shares it with systemd are enough.
  const host = [row.about, `${row.kernel}, ${row.systemd}`, row.cgroup.split(":")[0] as string];
  const taken = lessons.map((id) => {
    const result = row.lessons[id];
    return result === undefined ? "" : lessonCell(result, notes);
  });
  const shown = above?.guest === row.guest ? host.map(() => "") : host;
  return [...shown, row.as, ...taken, testsCell(Object.values(row.tests)), row.date];
}

function lessonCell(result: LessonResult, notes: string[]): string {
  const { mode, steps, unable, passed, failed, skipped, why, lacks } = result;
  if (mode === "broken") return `**broke**: ${why}`;
  const reasons = [...(why === null ? [] : [why]), ...lacks.map(({ why }) => why)];
  const marks = [...new Set(reasons.map((reason) => noted(reason, notes)))];
  // A recording holds on every host: what counts here is why it was played.
  if (mode === "replay" && failed === 0) return [mode, ...marks].join(" ");
  const words = [
    unable === 0 ? [] : `${steps}/${steps + unable} steps`,
    `${passed}/${passed + failed + skipped}`,
    failed === 0 ? [] : `**${failed} failed**`,
    skipped === 0 ? [] : `${skipped} not checked`,
  ].flat();
  return [`${mode} ${words.join(", ")}`, ...marks].join(" ");
}

/** The mark of a reason's note. What to try is in the file. */
function noted(reason: string, notes: string[]): string {
  const text = reason.split("; try:")[0] as string;
  if (!notes.includes(text)) notes.push(text);
  return mark(notes.indexOf(text));
}

function mark(place: number): string {
  return String(place + 1).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] as string);
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
