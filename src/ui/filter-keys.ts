import type { Key } from "ink";
import { printable } from "../timeline/printable.ts";
import type { Message } from "../workbench/message.ts";
import { LONGEST_FILTER } from "./filter.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const CONTROLS: Readonly<Record<string, Partial<Key> & { readonly input?: string }>> = {
  "\r": { return: true },
  "\u001b": { escape: true },
  "\u007f": { backspace: true },
  "\b": { backspace: true },
  "\u0015": { input: "u", ctrl: true },
};

/** What a key does to the filter that is being typed; null: nothing, or what it always does. */
export function filterMessage(text: string, input: string, key: Partial<Key>): Message | null {
  // Keys that were typed faster than the terminal was read come as the characters they send.
  const sent = CONTROLS[input];
  if (sent !== undefined) return filterMessage(text, sent.input ?? "", sent);
  if (key.return === true) return { kind: "filter-ended", kept: true };
  if (key.escape === true) return { kind: "filter-ended", kept: false };
  if (key.backspace === true || key.delete === true)
    return text === ""
      ? { kind: "filter-ended", kept: false }
      : { kind: "filter-typed", text: withoutLast(text) };
  if (key.ctrl === true && input === "u") return { kind: "filter-typed", text: "" };
  if (key.ctrl === true || key.meta === true || key.tab === true) return null;
  return /^[^\p{Cc}]/u.test(input) ? filterPasted(text, input) : null;
}

/** Typed or pasted text goes to the filter's end; of several lines the first. */
export function filterPasted(text: string, more: string): Message {
  const line = printable(more.split(/[\r\n]/)[0] ?? "");
  const characters = [...`${text}${line}`].slice(0, LONGEST_FILTER);
  return { kind: "filter-typed", text: characters.join("") };
}

/** Keys that mean the same as ever while a filter is typed: choosing in the list, and the end. */
export function passesFilterKeys(input: string, key: Partial<Key>): boolean {
  const moves = key.upArrow === true || key.downArrow === true;
  const pages = key.pageUp === true || key.pageDown === true;
  return moves || pages || (key.ctrl === true && (input === "c" || input === "z"));
}

function withoutLast(text: string): string {
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  return segments.slice(0, -1).join("");
}
