/** What a claim comes to on the events of an attempt. */
export interface Verdict {
  /** `skipped`: it could not be looked at. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** What was found instead, or why it could not be looked at. */
  readonly detail: string;
}

export const PASSED: Verdict = { outcome: "passed", detail: "" };

export function failed(detail: string): Verdict {
  return { outcome: "failed", detail };
}

export function skipped(detail: string): Verdict {
  return { outcome: "skipped", detail };
}
