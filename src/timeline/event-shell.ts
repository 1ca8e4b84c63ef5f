import type { Stamped } from "./event-parts.ts";

/** The learner's own shell in the lab; what it shows comes as `output` of stream `pty`. */
export type ShellEvent = ShellStart | ShellSize;

export interface ShellStart extends Stamped {
  readonly kind: "shell.start";
  /** Its number, as of any run; `run.exit` ends it. */
  readonly run: number;
  readonly pid: number;
  readonly labPid: number;
  /** Of its terminal, in characters. */
  readonly rows: number;
  readonly columns: number;
}

export interface ShellSize extends Stamped {
  readonly kind: "shell.size";
  readonly run: number;
  readonly rows: number;
  readonly columns: number;
}
