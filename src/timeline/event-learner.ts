import type { Stamped } from "./event-parts.ts";

/** What a learner predicted before a step ran. Its last one before the step's start counts. */
export interface AskAnswer extends Stamped {
  readonly kind: "ask.answer";
  readonly step: string;
  /** Number of the answer, from 1. */
  readonly answer: number;
}
