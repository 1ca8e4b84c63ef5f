import type { Key } from "ink";
import type { HomeMessage, HomeState } from "../workbench/home.ts";

/** What a key asks for on the home screen. */
export type HomeRequest =
  | { readonly kind: "message"; readonly message: HomeMessage }
  | { readonly kind: "choose"; readonly anew: boolean }
  | { readonly kind: "doctor" }
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "interrupted" };

export interface HomeKey {
  readonly label: string;
  readonly matches: (input: string, key: Partial<Key>) => boolean;
  readonly request: HomeRequest;
  /** For the last row; empty where another entry says it. */
  readonly short: string;
  /** Among the lessons, while a search is typed, or both. */
  readonly where: "lessons" | "search" | "both";
}

/** The one table of the home screen's keys: input and footer come from it. */
const HOME_KEYS: readonly HomeKey[] = [
  move("↑ ↓", -1, "choose", (_, key) => key.upArrow === true),
  move("↓", 1, "", (_, key) => key.downArrow === true),
  move("PgUp", -10, "", (_, key) => key.pageUp === true),
  move("PgDn", 10, "", (_, key) => key.pageDown === true),
  {
    label: "Enter",
    matches: (input, key) => key.return === true || input === "\r",
    request: { kind: "choose", anew: false },
    short: "open",
    where: "both",
  },
  letter("f", { kind: "choose", anew: true }, "from the first step"),
  letter("/", { kind: "message", message: { kind: "search" } }, "search"),
  letter("d", { kind: "doctor" }, "doctor"),
  letter("q", { kind: "quit" }, "quit"),
  {
    label: "Backspace",
    matches: (_, key) => key.backspace === true || key.delete === true,
    request: { kind: "message", message: { kind: "erased" } },
    short: "",
    where: "search",
  },
  {
    label: "Esc",
    matches: (_, key) => key.escape === true,
    request: { kind: "message", message: { kind: "closed" } },
    short: "back to the lessons",
    where: "search",
  },
  {
    label: "Ctrl-C",
    matches: (input, key) => key.ctrl === true && input === "c",
    request: { kind: "interrupted" },
    short: "",
    where: "both",
  },
  {
    label: "Ctrl-Z",
    matches: (input, key) => key.ctrl === true && input === "z",
    request: { kind: "suspend" },
    short: "",
    where: "both",
  },
];

/** What a key press asks for; null for a key that means nothing here. */
export function homeRequest(
  { query }: Pick<HomeState, "query">,
  input: string,
  key: Partial<Key>,
): HomeRequest | null {
  const modified = key.ctrl === true || key.meta === true;
  const found = homeKeys(query !== null).find(
    ({ label, matches }) => (!modified || label.startsWith("Ctrl-")) && matches(input, key),
  );
  if (found !== undefined) return found.request;
  if (query === null || modified || key.tab === true || !/^\P{C}+$/u.test(input)) return null;
  return { kind: "message", message: { kind: "typed", text: input } };
}

export function homeKeys(searching: boolean): readonly HomeKey[] {
  return HOME_KEYS.filter(({ where }) => where === "both" || searching === (where === "search"));
}

function letter(label: string, request: HomeRequest, short: string): HomeKey {
  return { label, matches: (input) => input === label, request, short, where: "lessons" };
}

function move(label: string, by: number, short: string, matches: HomeKey["matches"]): HomeKey {
  return {
    label,
    matches,
    request: { kind: "message", message: { kind: "moved", by } },
    short,
    where: "both",
  };
}
