import type { CgroupVersion } from "../timeline/host-summary.ts";
import type { Need } from "./needs.ts";
import type { PaneName } from "./panes.ts";

/** A lesson as its Markdown file says it, every variant included. */
export interface Lesson {
  readonly format: 1;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** Its place among the lessons: the lowest is taken first. Without one it is last. */
  readonly order?: number;
  readonly needs: readonly Need[];
  /** The system calls strace is asked for (`strace -e trace=`), in strace's own words. */
  readonly trace: readonly string[];
  /** How many bytes of a string strace prints (`strace -s`). */
  readonly strings: number;
  /** The panes that show what this lesson is about, the most important first; null: as usual. */
  readonly panes: readonly PaneName[] | null;
  /** Markdown before the first step. */
  readonly intro: string;
  readonly steps: readonly Step[];
  /** The file it came from, for messages. */
  readonly file: string;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  /** Beyond what the whole lesson needs; where they are not met it is not run. */
  readonly needs: readonly Need[];
  /** The panes that come first while this step is taken; null: the lesson's. */
  readonly panes: readonly PaneName[] | null;
  /** The system calls strace is asked for here; null: the lesson's; none: it runs without strace. */
  readonly trace: readonly string[] | null;
  /** In the order of the file. */
  readonly parts: readonly Part[];
}

/** Where a part applies: everywhere, or only where the controllers are on that cgroup version. */
export type Variant = Exclude<CgroupVersion, "none">;

export type Part = Prose | Run | Watch | CheckPart | AskPart | HintPart | NotePart | SolvePart;

interface Placed {
  readonly variant: Variant | null;
  /** Line in the file, from 1. */
  readonly line: number;
}

export interface Prose extends Placed {
  readonly kind: "prose";
  readonly markdown: string;
}

/** A block that really runs, by /bin/sh in the lab. */
export interface Run extends Placed {
  readonly kind: "run";
  readonly script: string;
}

/** A command that goes on in the background; what it prints becomes events, line by line. */
export interface Watch extends Placed {
  readonly kind: "watch";
  readonly script: string;
}

export interface CheckPart extends Placed {
  readonly kind: "check";
  readonly check: Check;
}

/** What a learner is asked to predict before the step runs. */
export interface AskPart extends Placed {
  readonly kind: "ask";
  readonly ask: Ask;
}

export interface Ask {
  /** A sentence. */
  readonly question: string;
  /** Two to four short texts. */
  readonly answers: readonly string[];
  /** Which of them, from 1. */
  readonly right: number;
  /** Shown after the run, whatever was answered. */
  readonly because: string;
}

/** Help with a step, shown when asked for, one after the other. */
export interface HintPart extends Placed {
  readonly kind: "hint";
  readonly markdown: string;
}

/** For trainers, shown only with `--notes`. */
export interface NotePart extends Placed {
  readonly kind: "note";
  readonly markdown: string;
}

/** What a learner could have typed instead: another way to the state the step is about. */
export interface SolvePart extends Placed {
  readonly kind: "solve";
  readonly script: string;
}

/** One claim about observed events or kernel state, with what to say when it does not hold. */
export interface Check {
  /** `STEP/N`, N from 1 within the step and variant. */
  readonly id: string;
  /** The claim, a sentence. */
  readonly that: string;
  /** What the learner reads when it does not hold. */
  readonly otherwise: string;
  readonly claim: Claim;
}

export type Claim = FileClaim | CommandClaim | EventClaim;

/** About a file in the lab: its last probe in the step. */
export interface FileClaim {
  readonly kind: "file";
  readonly path: string;
  /** In a file of `key value` lines, look at this key's value only. */
  readonly field: string | null;
  readonly matcher: Matcher | Comparison;
}

/** About what a command writes that looks into the lab unseen: its last probe in the step. */
export interface CommandClaim {
  readonly kind: "command";
  /** For /bin/sh -c. */
  readonly command: string;
  readonly field: string | null;
  readonly matcher: Matcher | Comparison;
}

/** About the events of the step: one of this kind, whose fields all match, was seen. */
export interface EventClaim {
  readonly kind: "event";
  readonly event: string;
  /** A field inside another has a dotted name, `namespaces.pid`. */
  readonly where: Readonly<Record<string, Matcher>>;
  /** How many such events there must be; null: one or more. */
  readonly count: Matcher | null;
}

export type Matcher =
  | { readonly kind: "exists"; readonly value: boolean }
  | { readonly kind: "equals" | "not-equals"; readonly value: string | number | boolean | null }
  | { readonly kind: "matches" | "not-matches"; readonly value: string }
  | { readonly kind: "at-least"; readonly value: number }
  | { readonly kind: "at-most"; readonly value: number };

/** Between what was found before the step's first command and after its last. */
export interface Comparison {
  readonly kind: "differs-from-before" | "same-as-before";
}
