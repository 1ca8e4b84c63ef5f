import type { Key } from "ink";

/** What the keys that are no characters send (xterm's control sequences, "PC-Style Function Keys"). */
const SEQUENCES: readonly (readonly [keyof Key, string])[] = [
  ["upArrow", "\u001b[A"],
  ["downArrow", "\u001b[B"],
  ["rightArrow", "\u001b[C"],
  ["leftArrow", "\u001b[D"],
  ["home", "\u001b[H"],
  ["end", "\u001b[F"],
  ["pageUp", "\u001b[5~"],
  ["pageDown", "\u001b[6~"],
  ["delete", "\u001b[3~"],
  ["backspace", "\u007f"],
  ["return", "\r"],
  ["escape", "\u001b"],
];

/**
 * A key press as a terminal sends it to the program in it; empty for a key that says nothing.
 * `applicationCursor`: the program has set DECCKM, and `ESC [ A` is `ESC O A` then.
 */
export function typedText(input: string, key: Partial<Key>, applicationCursor = false): string {
  if (key.tab === true) return key.shift === true ? "\u001b[Z" : "\t";
  const special = SEQUENCES.find(([name]) => key[name] === true);
  if (special !== undefined) {
    const [introducer, ...letter] = special[1].split("[");
    const isCursorKey = letter.join("").length === 1;
    return applicationCursor && isCursorKey ? `${introducer}O${letter}` : special[1];
  }
  const text = key.ctrl === true ? controlCharacter(input) : input;
  return key.meta === true ? `\u001b${text}` : text;
}

/** Ctrl takes the two upper bits away: `c` → 3, `]` → 29 (ascii(7)). */
function controlCharacter(input: string): string {
  if (input === " ") return "\u0000";
  if (!/^[a-z@[\\\]^_]$/i.test(input)) return input;
  return String.fromCharCode(input.toUpperCase().charCodeAt(0) & 0x1f);
}
