/** What was found on one host, as one kind of user: a row of the matrix. */
export interface Row {
  readonly guest: string;
  /** What is particular about the guest, for people. */
  readonly about: string;
  readonly as: As;
  /** When it was last looked at, `2026-11-22`. */
  readonly date: string;
  readonly kernel: string;
  /** systemd's version, `252`. */
  readonly systemd: string;
  /** What the doctor calls the cgroup layout. */
  readonly cgroup: string;
  /** The doctor's last word, and what it found wanting. */
  readonly doctor: { readonly live: boolean; readonly lacks: readonly string[] };
  readonly lessons: Readonly<Record<string, LessonResult>>;
  /** By file; none where only lessons are tried. */
  readonly tests: Readonly<Record<string, TestResult>>;
}

/** root: logged in as root; user: an ordinary login; sudo: that user's sudo with use_pty; ssh: their login from elsewhere. */
export type As = "root" | "user" | "sudo" | "ssh";
export const AS: readonly As[] = ["root", "user", "sudo", "ssh"];

export interface LessonResult {
  readonly mode: "live" | "replay" | "broken";
  /** That ran, and that this host's lab could not have. */
  readonly steps: number;
  readonly unable: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why those steps could not run. */
  readonly lacks: readonly { readonly step: string; readonly why: string }[];
  /** Why it was not live, or how it broke. */
  readonly why: string | null;
  /** What `list` had said before: whether it would be live. */
  readonly expected: "live" | "replay";
}

export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  /** Each with its reason. */
  readonly skipped: readonly string[];
}

/** What is wrong with a row; none: it is as it should be. */
export function faultsOf(row: Row): string[] {
  const lessons = Object.entries(row.lessons).flatMap(([id, result]) => lessonFaults(id, result));
  const tests = Object.entries(row.tests).flatMap(([file, { failed }]) =>
    failed > 0 ? [`${file}: ${failed} failed`] : [],
  );
  return [...doctorFaults(row), ...lessons, ...tests];
}

function lessonFaults(id: string, result: LessonResult): string[] {
  const { mode, failed, why, expected } = result;
  const faults: string[] = [];
  if (mode === "broken") faults.push(`lesson ${id} broke: ${why}`);
  if (failed > 0) faults.push(`lesson ${id}: ${failed} checks failed`);
  if (mode !== "broken" && mode !== expected)
    faults.push(`lesson ${id} was a ${mode} session, and list had promised ${expected}`);
  if (mode === "replay" && !why) faults.push(`lesson ${id} was not live, and did not say why`);
  return faults;
}

/** The doctor's word is about labs; a lesson may want more of one, and then it has to say what. */
function doctorFaults({ doctor, lessons }: Row): string[] {
  for (const [id, { mode, why }] of Object.entries(lessons)) {
    if (!doctor.live && mode === "live")
      return [`the doctor said lessons do not run live, and ${id} did`];
    const wants = why?.startsWith("it needs ") === true;
    if (doctor.live && mode === "replay" && doctor.lacks.length === 0 && !wants)
      return [`the doctor found nothing wanting, and ${id} was not live`];
  }
  return [];
}
