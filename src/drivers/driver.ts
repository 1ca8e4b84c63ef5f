/**
 * The few things a learner can cause. Each only asks; what comes of it is seen on the timeline.
 * Live, the helper does it; in a replay the cursor moves through what was recorded.
 */
export interface Driver {
  readonly mode: Mode;
  /**
   * Runs a step's blocks and looks at its checks' files. Resolves once `step.end` is on the
   * timeline (live), or the cursor is past it (replay). One step at a time: a second call while
   * one runs is an error of ours. By `hand` nothing is run: the learner does it, and the step ends
   * when its checks hold, or is interrupted.
   */
  run(step: string, way?: Way | "hand"): Promise<void>;
  /** Puts onto the timeline what the learner expects of a step (1: the first answer). */
  answer(step: string, answer: number): void;
  /**
   * Opens a shell in the lab; strace watches it for what this step wants to see. Null: that cannot
   * be done here, and the timeline says why.
   */
  shell(step: string, size: ShellSize): Promise<Shell | null>;
  /** Ends what is running now; the step then ends as it is. */
  interrupt(): void;
  /** Ends the session: the lab goes away, the timeline ends. Safe to call twice. */
  leave(reason: "finished" | "left" | "interrupted" | "failed"): Promise<void>;
}

/**
 * By the step's run blocks, or by its solve blocks (where it has none, they are the same). A replay
 * has one way only, the recorded one.
 */
export type Way = "run" | "solve";

/** A shell of the learner's in the lab. What it shows comes onto the timeline. */
export interface Shell {
  /** As typed: "\r" is Return, "\u0003" Ctrl-C. */
  write(data: string): void;
  resize(size: ShellSize): void;
  readonly ended: Promise<void>;
}

/** In characters. */
export interface ShellSize {
  readonly rows: number;
  readonly columns: number;
}

export type Mode =
  /** `host`: nothing is run, and there is no lab: this machine itself is watched. */
  | { readonly kind: "live"; readonly host?: true }
  | {
      readonly kind: "replay";
      /** ISO 8601, UTC. */
      readonly recordedAt: string;
      readonly kernel: string;
      /** Why it is not live, when nobody asked for a replay. */
      readonly why: string | null;
    };
