import type { Key } from "ink";
import type { PaneName } from "../lesson/panes.ts";
import type { Action } from "../workbench/message.ts";
import { pickedHere } from "../workbench/picking.ts";
import { hintCount } from "./panes/lesson/hint-lines.ts";
import type { View } from "./view.ts";

/** What a key asks for. */
export type Request =
  | { readonly kind: "action"; readonly action: Action }
  /** A pane of the session, or an answer to what the step asks. */
  | { readonly kind: "digit"; readonly digit: string }
  | { readonly kind: "hint" }
  | { readonly kind: "scroll"; readonly by: ScrollStep }
  | { readonly kind: "scrub"; readonly by: ScrubStep }
  | { readonly kind: "filter" }
  | { readonly kind: "follow" }
  /** The present; where that is on screen already, the end of the pane. */
  | { readonly kind: "end" };

export type ScrollStep = "line-up" | "line-down" | "page-up" | "page-down" | "top" | "bottom";

/** By what happened in the pane in focus, or by a tenth of the step's time. */
export type ScrubStep = "event-back" | "event-on" | "tenth-back" | "tenth-on";

export interface KeyEntry {
  /** As the footer and the help call it. */
  readonly label: string;
  readonly matches: (input: string, key: Partial<Key>) => boolean;
  readonly request: Request;
  /** Empty where another entry's help says it. */
  readonly help: string;
  /** For the help, where it speaks of several keys. */
  readonly group?: string;
  /** For the footer, where there is room; entries without one, or with null now, are in the help only. */
  readonly short?: string | ((view: View) => string | null);
}

/** The one table of keys: input, footer and help all come from it. */
export const KEYS: readonly KeyEntry[] = [
  {
    label: "Enter",
    matches: (input, key) => key.return === true || input === "\r" || input === " ",
    request: action("proceed"),
    group: "Enter Space",
    help: "the next thing: run this step; then go on; at the end, finish",
    short: "next",
  },
  {
    label: "r",
    matches: typed("r"),
    request: action("again"),
    group: "r R x",
    help: "run this step again; R: in a new lab; x: interrupt what runs",
    short: "run again",
  },
  { label: "R", matches: typed("R"), request: action("afresh"), help: "" },
  {
    label: "h",
    matches: typed("h"),
    request: { kind: "hint" },
    help: "a hint for this step; again: the next one",
    short: hintsLeft,
  },
  {
    label: "!",
    matches: typed("!"),
    request: action("shell"),
    help: "a shell in the lab, or in the chosen process; Ctrl-] leaves it",
  },
  {
    label: "s",
    matches: typed("s"),
    request: action("solve"),
    help: "solve this step for me; asks once, and marks it so",
  },
  {
    label: "b",
    matches: (input, key) => key.leftArrow === true || input === "b",
    request: action("back"),
    group: "b ← n →",
    help: "look back at steps that have run, and forward; nothing is run",
    short: "back",
  },
  {
    label: "n",
    matches: (input, key) => key.rightArrow === true || input === "n",
    request: action("forward"),
    help: "",
    short: "forward",
  },
  {
    label: "Tab",
    matches: (_, key) => key.tab === true && key.shift !== true,
    request: action("focus-next"),
    group: "Tab Shift-Tab",
    help: "next pane, pane before",
    short: "pane",
  },
  {
    label: "Shift-Tab",
    matches: (_, key) => key.tab === true && key.shift === true,
    request: action("focus-previous"),
    help: "",
  },
  ...[..."1234567890"].map(digitKey),
  {
    ...scrollKey("↑", "line-up", (_, key) => key.upArrow === true),
    group: "↑ ↓ PgUp PgDn",
    help: "scroll, or choose: Enter to what it is about, v opens, Esc back",
  },
  scrollKey("↓", "line-down", (_, key) => key.downArrow === true),
  scrollKey("PgUp", "page-up", (_, key) => key.pageUp === true),
  scrollKey("PgDn", "page-down", (_, key) => key.pageDown === true),
  {
    ...scrollKey("g", "top", (input, key) => input === "g" || key.home === true),
    group: "g G",
    help: "to the top; to the end, and follow what is new",
  },
  scrollKey("G", "bottom", typed("G")),
  {
    label: "z",
    matches: typed("z"),
    request: action("zoom"),
    group: "z Esc + - H",
    help: "this pane alone, and back; larger, smaller; away with it",
    short: "zoom",
  },
  {
    label: "+",
    matches: (input) => input === "+" || input === "=",
    request: action("grow"),
    help: "",
  },
  { label: "-", matches: typed("-"), request: action("shrink"), help: "" },
  { label: "H", matches: typed("H"), request: action("put-away"), help: "" },
  {
    label: "Esc",
    matches: (_, key) => key.escape === true,
    request: action("close"),
    help: "",
  },
  {
    label: "p",
    matches: typed("p"),
    request: action("pause"),
    help: "freeze the screen; events keep coming and are counted",
    short: "pause",
  },
  {
    ...scrubKey("[", "event-back"),
    group: "[ ] { } End",
    help: "in time: by what a pane shows, by tenths of a step; to now",
    short: "back in time",
  },
  scrubKey("]", "event-on"),
  scrubKey("{", "tenth-back"),
  scrubKey("}", "tenth-on"),
  {
    label: "End",
    matches: (_, key) => key.end === true,
    request: { kind: "end" },
    help: "",
  },
  {
    label: "/",
    matches: typed("/"),
    request: { kind: "filter" },
    group: "/ f",
    help: "only lines with these words; only this process's events",
    short: ({ state }) => (state.focus === "lesson" ? null : "filter"),
  },
  {
    label: "f",
    matches: typed("f"),
    request: { kind: "follow" },
    help: "",
    short: ({ state }) => (isProcesses(pickedHere(state)?.pane) ? "follow" : null),
  },
  {
    label: "v",
    matches: typed("v"),
    request: action("whole"),
    help: "",
    short: ({ state }) => (pickedHere(state)?.opened === "no" ? "whole" : null),
  },
  {
    label: "Backspace",
    matches: (input, key) => key.backspace === true || key.delete === true || input === "\u007f",
    request: action("unjump"),
    help: "",
  },
  {
    label: "c",
    matches: typed("c"),
    request: action("changes"),
    group: "c o t",
    help: "all a step changed; the outcomes of all steps; trainer's notes",
  },
  {
    label: "o",
    matches: typed("o"),
    request: action("outcomes"),
    help: "",
  },
  { label: "t", matches: typed("t"), request: action("notes"), help: "" },
  {
    label: "x",
    matches: typed("x"),
    request: action("interrupt"),
    help: "",
  },
  { label: "?", matches: typed("?"), request: action("help"), help: "this help", short: "help" },
  {
    label: "q",
    matches: typed("q"),
    request: action("quit"),
    group: "q Ctrl-C",
    help: "leave: the lab goes; Ctrl-C: leave at once; Ctrl-Z: suspend",
    short: "quit",
  },
  {
    label: "Ctrl-C",
    matches: (input, key) => key.ctrl === true && input === "c",
    request: action("abort"),
    help: "",
  },
  {
    label: "Ctrl-Z",
    matches: (input, key) => key.ctrl === true && input === "z",
    request: action("suspend"),
    help: "",
  },
];

/** What a key press asks for; null for a key that means nothing here. */
export function requestOf(input: string, key: Partial<Key>): Request | null {
  const modified = key.ctrl === true || key.meta === true;
  const entry = KEYS.find(
    ({ matches, label }) => (!modified || label.startsWith("Ctrl-")) && matches(input, key),
  );
  return entry?.request ?? null;
}

/** `hint 0/2`; nothing where there is none. */
function hintsLeft(view: View): string | null {
  const { shown, all } = hintCount(view);
  return all === 0 || view.state.welcome ? null : `hint ${shown}/${all}`;
}

/** Entries there are about a process. */
function isProcesses(pane: PaneName | undefined): boolean {
  return pane === "events" || pane === "processes";
}

function typed(character: string): KeyEntry["matches"] {
  return (input) => input === character;
}

function action(name: Action): Request {
  return { kind: "action", action: name };
}

/** What a digit calls depends on the lesson: the help asks the session. */
function digitKey(digit: string): KeyEntry {
  return { label: digit, matches: typed(digit), request: { kind: "digit", digit }, help: "" };
}

function scrubKey(label: string, by: ScrubStep): KeyEntry {
  return { label, matches: typed(label), request: { kind: "scrub", by }, help: "" };
}

function scrollKey(label: string, by: ScrollStep, matches: KeyEntry["matches"]): KeyEntry {
  return { label, matches, request: { kind: "scroll", by }, help: "" };
}
