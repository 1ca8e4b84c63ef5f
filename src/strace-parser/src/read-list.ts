import { empty } from "./read-scalar.ts";
import type { ArrayValue, End, Value } from "./value.ts";
import { cursor, grammar, MAX_DEPTH, opaqueItem } from "./value-cursor.ts";

const SPACE = 32;
const CLOSE_PAREN = 41;
const COMMA = 44;
const EQUALS = 61;
const GREATER = 62;
const CLOSE_BRACKET = 93;
const CLOSE_BRACE = 125;

/** The value of a member; `a=b=c` nests, so count it. */
export function readNested(): Value {
  if (cursor.depth >= MAX_DEPTH) return opaqueItem(cursor.at);
  cursor.depth++;
  const value = grammar.readItem();
  cursor.depth--;
  return value;
}

/** `(INET_DIAG_CONG-1)`. */
export function readGroup(): Value {
  const items: Value[] = [];
  const from = cursor.at;
  const end = readList(items, CLOSE_PAREN);
  const value = items[0];
  if (end === ")" && items.length === 1 && value !== undefined) return { kind: "group", value };
  cursor.at = from;
  return empty;
}

export function readStruct(): Value {
  const members: Value[] = [];
  const end = readList(members, CLOSE_BRACE);
  return { kind: "struct", members, end };
}

export function readArray(negated: boolean): Value {
  const from = cursor.at;
  if (negated) cursor.at++;
  const items: Value[] = [];
  let end = readList(items, CLOSE_BRACKET);
  const spaced = end === "" && cursor.bytes[cursor.at] === SPACE && cursor.at < cursor.to;
  if (spaced && items.length === 1) end = readSet(items);
  if (negated || spaced) {
    if (end === "]" && (spaced || items.length < 2)) return { kind: "set", negated, items, end };
    cursor.at = from;
    return opaqueItem(from);
  }
  if (end === "]" && isSignalSet(items)) return { kind: "set", negated, items, end };
  const array: ArrayValue = { kind: "array", items, end };
  if (cursor.bytes[cursor.at] !== EQUALS || cursor.at >= cursor.to) return array;
  if (cursor.bytes[cursor.at + 1] === GREATER) return array;
  cursor.at++;
  return { kind: "indexed", index: array, value: readNested() };
}

/** signal(7), as sets name them: without SIG. */
const signals = new Set(
  (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS RTMIN"
  ).split(" "),
);

/** `[CHLD]`: a set of one has no space to tell it by, but arrays write `SIGCHLD`. */
function isSignalSet(items: readonly Value[]): boolean {
  const [first] = items;
  if (items.length !== 1 || first?.kind !== "symbol") return false;
  return signals.has(first.name) || /^RT_\d+$/.test(first.name);
}

/** The rest of a set, from the space behind its first item. */
export function readSet(items: Value[]): End {
  while (cursor.at < cursor.to && cursor.bytes[cursor.at] === SPACE) {
    cursor.at++;
    items.push(grammar.readItem());
  }
  if (cursor.bytes[cursor.at] !== CLOSE_BRACKET || cursor.at >= cursor.to) return "";
  cursor.at++;
  return "]";
}

/** Items from behind the opening bracket on; returns how the list ended. */
export function readList(items: Value[], close: number): End {
  cursor.at++;
  if (cursor.depth >= MAX_DEPTH) return "";
  if (cursor.at < cursor.to && cursor.bytes[cursor.at] === close) {
    cursor.at++;
    return closers[close] as End;
  }
  if (cursor.at >= cursor.to) return "";
  cursor.depth++;
  const end = readItems(items, close);
  cursor.depth--;
  return end;
}

export function readItems(items: Value[], close: number): End {
  for (;;) {
    items.push(grammar.readItem());
    if (cursor.at >= cursor.to) return "";
    const code = cursor.bytes[cursor.at];
    if (code === close) {
      cursor.at++;
      return closers[close] as End;
    }
    if (code !== COMMA || cursor.bytes[cursor.at + 1] !== SPACE) return "";
    cursor.at += 2;
    if (cursor.at >= cursor.to) return ", ";
  }
}

const closers: Readonly<Record<number, End>> = {
  [CLOSE_PAREN]: ")",
  [CLOSE_BRACKET]: "]",
  [CLOSE_BRACE]: "}",
};
