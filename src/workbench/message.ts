import type { Way } from "../drivers/driver.ts";
import type { PaneName } from "../lesson/panes.ts";
import type { Event } from "../timeline/event.ts";
import type { Followed } from "./filtering.ts";
import type { Jump } from "./jumping.ts";
import type { LeaveReason } from "./state.ts";

/** Everything that can happen to the workbench. Times are milliseconds of one monotonic clock. */
export type Message =
  | { readonly kind: "started" }
  /** The timeline grew by these events. */
  | { readonly kind: "grown"; readonly events: readonly Event[] }
  /** The driver has run a step; its `step.end` is on the timeline. */
  | {
      readonly kind: "ran";
      readonly step: string;
      readonly failedChecks: number;
      readonly at: number;
    }
  /** Auto: the time for reading is over. */
  | { readonly kind: "rested"; readonly step: string }
  | { readonly kind: "resized"; readonly columns: number; readonly rows: number }
  | {
      readonly kind: "asked";
      readonly action: Action;
      readonly at: number;
      /** Where the explanation must stand for an open question to be in sight; without: it is. */
      readonly question?: number | null;
    }
  /** `to` is the first visible line; null follows what is new. */
  | { readonly kind: "scrolled"; readonly pane: PaneName; readonly to: number | null }
  /** So many events are in the past from now on; null: all, back to the present. */
  | { readonly kind: "scrubbed"; readonly to: number | null }
  /** From the entry that is picked to what it is about. */
  | { readonly kind: "jumped"; readonly jump: Jump }
  /** A filter is to be typed for this list; null: there is none in focus. */
  | { readonly kind: "filter"; readonly pane: PaneName | null }
  /** The whole text of the filter as it is now. */
  | { readonly kind: "filter-typed"; readonly text: string }
  | { readonly kind: "filter-ended"; readonly kept: boolean }
  /** The events of this process and its descendants alone; null: the line in focus has none. */
  | { readonly kind: "followed"; readonly process: Followed | null }
  /** An entry of a pane's list; null lets go. `scroll` as `to` above. */
  | {
      readonly kind: "picked";
      readonly pane: PaneName;
      readonly key: string | null;
      readonly scroll: number | null;
    }
  | { readonly kind: "focused"; readonly pane: PaneName }
  /** Keys for the shell, as a terminal sends them. */
  | { readonly kind: "typed"; readonly data: string }
  /** It has ended, or could not be opened. */
  | { readonly kind: "shell-ended"; readonly opened: boolean }
  /** A hint was asked for: whether calls have failed, and how many hints the author gives. */
  | { readonly kind: "hinted"; readonly calls: boolean; readonly texts: number }
  /** `0` to `9`; `question` as above, for it answers only what can be read. */
  | { readonly kind: "digit"; readonly digit: string; readonly question?: number | null }
  /** A signal, or the terminal went away. */
  | { readonly kind: "left"; readonly reason: LeaveReason };

/** What a key can ask for, scrolling and choosing a pane aside. */
export type Action =
  | "proceed"
  | "again"
  | "afresh"
  | "back"
  | "forward"
  | "focus-next"
  | "focus-previous"
  | "zoom"
  | "grow"
  | "shrink"
  | "put-away"
  | "pause"
  | "changes"
  | "interrupt"
  | "help"
  | "shell"
  | "outcomes"
  | "notes"
  | "solve"
  | "close"
  | "unjump"
  | "whole"
  | "quit"
  | "abort"
  | "suspend";

/** What the workbench wants done in the world, as data. */
export type Effect =
  | { readonly kind: "run"; readonly step: string; readonly way?: Way | "hand" }
  | { readonly kind: "answer"; readonly step: string; readonly answer: number }
  /** Opens a shell in the lab; answer with `shell-ended` when it has. */
  | { readonly kind: "shell" }
  | { readonly kind: "type"; readonly data: string }
  | { readonly kind: "interrupt" }
  /** The whole program stops until its shell continues it. */
  | { readonly kind: "suspend" }
  /** Answer with `rested` once a learner has had time to read. */
  | { readonly kind: "rest"; readonly step: string }
  | { readonly kind: "leave"; readonly reason: LeaveReason };
