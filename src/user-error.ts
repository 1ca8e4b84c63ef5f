/**
 * Something the host or the user can change: printed as one sentence and what to try, never as a
 * stack trace. Caught once, in cli.ts. Bugs of ours stay ordinary errors and are shown whole.
 */
export class UserError extends Error {
  /** Exit status of the command: 1 a check failed, 2 wrong usage, 3 the host lacks something. */
  readonly exitCode: 1 | 2 | 3;
  readonly hint: string;

  constructor(what: string, hint: string, exitCode: 1 | 2 | 3 = 2) {
    super(what);
    this.name = "UserError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
