import type { KernelPaneName } from "../lesson/pane-plan.ts";
import type { PaneName } from "../lesson/panes.ts";
import type { Answer } from "./answers.ts";
import type { HintsShown } from "./assistance.ts";
import type { Followed } from "./filtering.ts";
import type { Place } from "./jumping.ts";
import { attemptAt, type StepMark } from "./marks.ts";
import type { LessonOutline } from "./outline.ts";
import { type PaneSizes, withinLimits } from "./pane-sizes.ts";
import type { Picked } from "./picking.ts";
import type { Scrubbing } from "./scrubbing.ts";

export type LeaveReason = "finished" | "left" | "interrupted" | "failed";

/** Below this nothing can be read, so nothing is drawn but a sentence. */
const MIN_COLUMNS = 60;
const MIN_ROWS = 16;

/**
 * Everything the screen depends on besides the timeline and the lesson. What a step came to is not
 * here: it is derived from the events up to the cursor.
 */
export interface WorkbenchState extends LessonOutline {
  /** What is shown was recorded. */
  readonly replay: boolean;
  /** The lesson's introduction is on screen, before the first step. */
  readonly welcome: boolean;
  /** Index of the step on screen, and of the furthest one the learner has come to. */
  readonly step: number;
  readonly reached: number;
  /** How many events of the timeline the screen has taken in. */
  readonly end: number;
  readonly marks: readonly StepMark[];
  /** What was predicted, in the order of the timeline. */
  readonly answers: readonly Answer[];
  /** The cursor where it is held: `held` events are in the past. Null follows the end. */
  readonly held: number | null;
  readonly paused: boolean;
  /** The learner has moved the cursor to a moment of their choice. */
  readonly scrubbing: Scrubbing | null;
  /** The step that is running. */
  readonly running: string | null;
  /** The step that earlier ones are being run for (`--from`). */
  readonly goal: number | null;
  readonly auto: boolean;
  /** Auto: the step just run, while the learner is given time to read. */
  readonly resting: { readonly step: string; readonly failed: boolean } | null;
  readonly focus: PaneName;
  /** The kernel pane last looked at; on a narrow screen the only one that shows. */
  readonly tab: KernelPaneName;
  /** The kernel pane the learner chose last; null: none yet. */
  readonly chosen: KernelPaneName | null;
  readonly zoomed: boolean;
  readonly sizes: PaneSizes;
  /** Kernel panes that the learner does not want to see. */
  readonly away: readonly KernelPaneName[];
  /** First visible line of a pane that was scrolled; without an entry it follows what is new. */
  readonly scroll: Readonly<Partial<Record<PaneName, number>>>;
  /** The entry of a list that the learner has chosen. */
  readonly picked: Picked | null;
  /** Where jumps began that nobody has come back from. */
  readonly jumps: readonly Place[];
  /** What lists show only some lines of, as it was typed. */
  readonly filters: Readonly<Partial<Record<PaneName, string>>>;
  /** The list whose filter is being typed: keys are its letters. */
  readonly filtering: PaneName | null;
  /** The process whose events alone are shown. */
  readonly followed: Followed | null;
  /** What is shown instead of the panes. */
  readonly overlay: "help" | "outcomes" | null;
  /** The steps whose last run left a check that does not hold. */
  readonly failed: readonly string[];
  /** By step. */
  readonly hints: ReadonlyMap<string, HintsShown>;
  /** The last thing asked for was a hint: it is what has to be in sight. */
  readonly hinted: boolean;
  /** Notes for trainers are shown. */
  readonly notes: boolean;
  /** There is a shell in the lab, and whether keys go to it. */
  readonly shellAlive: boolean;
  readonly typing: boolean;
  /** The step that is running is done by the learner. */
  readonly byHand: boolean;
  /** Solving this step was asked for, and is to be asked for once more. */
  readonly solving: boolean;
  /** A new lab was asked for, and is to be asked for once more. */
  readonly renewing: boolean;
  /** Why there can be no new lab in this session's place; null: there can. */
  readonly noAfresh: string | null;
  /** Left for a new lab, brought to this step. */
  readonly afresh: string | null;
  /** The whole list of what a step has changed on the machine, not only its beginning. */
  readonly allChanges: boolean;
  /** One line to the learner, until the next key. */
  readonly notice: string | null;
  readonly leaving: "asked" | LeaveReason | null;
  readonly columns: number;
  readonly rows: number;
  /** When Enter was last pressed, or last caused something: milliseconds, any clock. */
  readonly enterAt: number;
}

export interface WorkbenchStart extends LessonOutline {
  readonly auto: boolean;
  readonly from: string | null;
  readonly replay: boolean;
  readonly notes: boolean;
  /** Why there can be no new lab in this session's place; null: there can. */
  readonly noAfresh: string | null;
  readonly sizes: PaneSizes;
  readonly columns: number;
  readonly rows: number;
}

export function initialState(start: WorkbenchStart): WorkbenchState {
  const { steps, introduced, plan, asks, watching, replay, auto, from, notes, noAfresh } = start;
  const { columns, rows, sizes } = start;
  const goal = from === null ? 0 : steps.indexOf(from);
  if (goal < 0) throw new Error(`the lesson has no step ${from}`);
  return {
    steps,
    introduced,
    plan,
    asks,
    watching,
    replay,
    welcome: introduced && !auto && goal === 0,
    step: 0,
    reached: 0,
    end: 0,
    marks: [],
    answers: [],
    held: null,
    paused: false,
    scrubbing: null,
    running: null,
    goal: goal > 0 ? goal : null,
    auto,
    resting: null,
    focus: "lesson",
    tab: plan.steps[0]?.[0] ?? plan.panes[0] ?? "events",
    chosen: null,
    zoomed: false,
    sizes: withinLimits(sizes),
    away: [],
    scroll: {},
    picked: null,
    jumps: [],
    filters: {},
    filtering: null,
    followed: null,
    overlay: null,
    failed: [],
    hints: new Map(),
    hinted: false,
    notes,
    shellAlive: false,
    typing: false,
    byHand: false,
    solving: false,
    renewing: false,
    noAfresh,
    afresh: null,
    allChanges: false,
    notice: null,
    leaving: null,
    columns,
    rows,
    enterAt: Number.NEGATIVE_INFINITY,
  };
}

/** How many events are in the past for what the screen shows. */
export function cursorOf(state: WorkbenchState): number {
  return state.held ?? state.end;
}

/** The screen shows an earlier moment because the learner went back, not because of a pause. */
export function looksBack(state: WorkbenchState): boolean {
  return state.held !== null && !state.paused && !state.welcome;
}

export function hasRun(state: WorkbenchState, step: number): boolean {
  const id = state.steps[step];
  return id !== undefined && (attemptAt(state.marks, id, state.end)?.end ?? null) !== null;
}

export function isLastStep(state: WorkbenchState): boolean {
  return state.step === state.steps.length - 1;
}

export function isTooSmall(state: { columns: number; rows: number }): boolean {
  return state.columns < MIN_COLUMNS || state.rows < MIN_ROWS;
}
