import type { Stamped } from "./event-parts.ts";

/** A step was asked for that cannot run in this lab: it needs what `lab.ready` says is lacking. */
export interface StepUnable extends Stamped {
  readonly kind: "step.unable";
  readonly step: string;
  /** What is missing and why, one line. */
  readonly why: string;
}

/** What a lab says of itself in `lab.ready`; older recordings have none of it. */
export interface LabAbilities {
  /** `host`: there is no lab, what is watched is this machine itself (`tsinternals watch`). */
  readonly mode?: "root" | "rootless" | "host";
  /** The words of native/README.md, "Modes", for what it can do. */
  readonly can?: readonly string[];
}
