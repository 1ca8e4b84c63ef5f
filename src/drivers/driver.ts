/**
 * The few things a learner can cause. Each only asks; what comes of it is seen on the timeline.
 * Live, the helper does it; in a replay the cursor moves through what was recorded.
 */
export interface Driver {
  readonly mode: Mode;
  /**
   * Runs a step's blocks and looks at its checks' files. Resolves once `step.end` is on the
   * timeline (live), or the cursor is past it (replay). One step at a time: a second call while
   * one runs is an error of ours.
   */
  run(step: string, way?: Way): Promise<void>;
  /** Puts onto the timeline what the learner expects of a step (1: the first answer). */
  answer(step: string, answer: number): void;
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

export type Mode =
  | { readonly kind: "live" }
  | {
      readonly kind: "replay";
      /** ISO 8601, UTC. */
      readonly recordedAt: string;
      readonly kernel: string;
      /** Why it is not live, when nobody asked for a replay. */
      readonly why: string | null;
    };
