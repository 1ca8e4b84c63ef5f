/** What a bench says in the end: one number, and the number it must not pass. */
export interface Figure {
  /** Says what over what, so that less is better: `lab-ready-over-unshare`. */
  readonly name: string;
  readonly value: number;
  /** The most the value may be. */
  readonly atMost: number;
  /** The medians behind it, for whoever wants to know; goes to stderr. */
  readonly detail: string;
}

/** A figure that this machine cannot give. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

export type Outcome = Figure | Skip;

export function isSkip(outcome: Outcome): outcome is Skip {
  return "reason" in outcome;
}

/** `figure value goal ok|short`: four fields, one space between them. */
export function figureLine(figure: Figure): string {
  const { name, value, atMost } = figure;
  return `${name} ${round(value)} <=${atMost} ${isShort(figure) ? "short" : "ok"}`;
}

/** What is printed is what is judged. A figure that is no number was not reached. */
export function isShort({ value, atMost }: Figure): boolean {
  return !(round(value) <= atMost);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
