import { readNested } from "./read-list.ts";
import { readPlain, readSeen } from "./read-plain.ts";
import { readPrimary } from "./read-primary.ts";
import { LINK, STRING } from "./record.ts";
import { LinkedValue, NumberValue } from "./scalar-value.ts";
import { commentEnd, linkEnd, opensLink } from "./scan-tokens.ts";
import { type Source, sourceOf } from "./source.ts";
import type { OpaqueValue, Value } from "./value.ts";
import { cursor, grammar, opaqueItem } from "./value-cursor.ts";

const SPACE = 32;
const AMPERSAND = 38;
const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const BAR = 124;

/** Comments, links and arrows a value can trail; more than strace prints, few enough to recurse. */
const MAX_TRAIL = 8;

/** Types one argument, from `from` to `to` of the source. Never throws. */
export function readValue(source: Source, from: number, to: number): Value {
  // To store what is there already would cost the collector's write barrier.
  if (cursor.source !== source) {
    cursor.source = source;
    cursor.bytes = source.bytes;
  }
  cursor.at = from;
  cursor.to = to;
  cursor.depth = 0;
  const plain = readPlain();
  if (plain !== null) {
    if (cursor.at === to) return plain;
    cursor.at = from;
  }
  const value = readExpression();
  if (cursor.at === to) return value;
  return { kind: "opaque", text: source.text.slice(from, to) };
}

/** As `readValue`, for an argument whose form the scanner has seen (see `record.ts`). */
export function readFormed(source: Source, from: number, to: number, form: number): Value {
  const value = form === STRING || form === LINK ? readSeen(source, from, to, form) : null;
  return value ?? readValue(source, from, to);
}

/** An item of a list: up to the next comma or closing bracket, opaque if it does not read. */
function readItem(): Value {
  const from = cursor.at;
  const plain = readPlain();
  if (plain !== null) return plain;
  const value = readExpression();
  if (cursor.at === cursor.to || endsItem(cursor.bytes[cursor.at] as number)) return value;
  return opaqueItem(from);
}

grammar.readItem = readItem;
grammar.readNested = readNested;

/** A comma or a closing bracket; a space ends an item of a set. */
function endsItem(code: number): boolean {
  return code === 44 || code === 41 || code === 93 || code === 125 || code === SPACE;
}

/** `X => Y`, `A or B`, and what binds tighter. */
function readExpression(): Value {
  let value = readFlags();
  for (let trail = 0; trail < MAX_TRAIL; trail++) {
    const arrow = arrowAt();
    if (arrow !== "") {
      cursor.at += arrow.length;
      value = { kind: "change", before: value, after: readFlags(), arrow };
    } else if (lookingAt(" or ")) {
      const items = [value];
      while (lookingAt(" or ")) {
        cursor.at += 4;
        items.push(readFlags());
      }
      value = { kind: "alternatives", items };
    } else return value;
  }
  return value;
}

function arrowAt(): string {
  const { bytes, at, to } = cursor;
  if (at >= to) return "";
  const code = bytes[at];
  if (code === SPACE) return lookingAt(" => ") ? " => " : "";
  if (code === EQUALS) return lookingAt("=>") ? "=>" : "";
  return code === 45 && lookingAt("->") ? "->" : "";
}

/** `A|B|0x3`, conditions with ` && `, ` == `, ` | `. */
function readFlags(): Value {
  const first = readShift();
  if (cursor.at >= cursor.to) return first;
  const code = cursor.bytes[cursor.at];
  if (code === BAR) {
    const items = [first];
    while (cursor.at < cursor.to && cursor.bytes[cursor.at] === BAR) {
      cursor.at++;
      items.push(readShift());
    }
    return { kind: "flags", items };
  }
  return code === SPACE ? readCondition(first) : first;
}

function readCondition(first: Value): Value {
  let operator = conditionAt();
  if (operator === "") return first;
  const operands = [first];
  const operators: string[] = [];
  for (; operator !== ""; operator = conditionAt()) {
    cursor.at += operator.length;
    operators.push(operator);
    operands.push(readShift());
  }
  return { kind: "arithmetic", operands, operators };
}

function conditionAt(): string {
  const next = cursor.bytes[cursor.at + 1];
  if (next === AMPERSAND && lookingAt(" && ")) return " && ";
  if (next === EQUALS && lookingAt(" == ")) return " == ";
  return next === BAR && lookingAt(" | ") ? " | " : "";
}

/** `1<<X`, `8192*1024`, `A+1`. */
function readShift(): Value {
  const first = readTerm();
  let operator = operatorAt();
  if (operator === "") return first;
  const operands = [first];
  const operators: string[] = [];
  for (; operator !== ""; operator = operatorAt()) {
    cursor.at += operator.length;
    operators.push(operator);
    operands.push(readTerm());
  }
  return { kind: "arithmetic", operands, operators };
}

function operatorAt(): string {
  const { bytes, at, to } = cursor;
  if (at >= to) return "";
  const code = bytes[at];
  if (code === LESS) return bytes[at + 1] === LESS ? "<<" : "";
  if (code === STAR) return "*";
  if (code === PLUS) return "+";
  if (code === SLASH) return bytes[at + 1] === STAR ? "" : "/";
  if (code === MINUS) return bytes[at + 1] === GREATER ? "" : "-";
  return code === SPACE && bytes[at + 1] === LESS && lookingAt(" << ") ? " << " : "";
}

/** A primary with the link, context and comments behind it. */
function readTerm(): Value {
  let value = readPrimary();
  for (let trail = 0; trail < MAX_TRAIL && cursor.at < cursor.to; trail++) {
    const code = cursor.bytes[cursor.at];
    if (code === LESS) {
      if (!opensLink(cursor.bytes, cursor.at)) return value;
      const linked = readLink(value);
      if (linked === null) return value;
      value = linked;
    } else if (code === SPACE && startsComment(cursor.at + 1)) value = readComment(value, true);
    else if (code === SLASH && startsComment(cursor.at)) value = readComment(value, false);
    else return value;
  }
  return value;
}

function startsComment(at: number): boolean {
  return cursor.bytes[at] === SLASH && cursor.bytes[at + 1] === STAR && at + 1 < cursor.to;
}

function readComment(value: Value, behind: boolean): Value {
  const from = cursor.at + (behind ? 1 : 0);
  const end = commentEnd(cursor.bytes, from, cursor.to);
  cursor.at = end < 0 ? cursor.to : end;
  const comment = cursor.source.text.slice(from, cursor.at);
  return { kind: "commented", value, comment, place: behind ? "behind" : "glued" };
}

function readLink(value: Value): Value | null {
  const { source, bytes, at, to } = cursor;
  const end = linkEnd(bytes, at, to);
  if (end < 0) return null;
  const deleted = bytes[end - 1] === 41;
  cursor.at = end;
  const stop = deleted ? end - 10 : end - 1;
  return new LinkedValue(value, source, at + 1, stop, deleted, readContext());
}

/** ` [system_u:object_r:unlabeled_t:s0]` behind a link (--secontext). */
function readContext(): string | null {
  const { bytes, at, to } = cursor;
  if (at + 2 >= to || bytes[at] !== SPACE || bytes[at + 1] !== 91) return null;
  for (let i = at + 2; i < to; i++) {
    const code = bytes[i];
    if (code === 93) {
      cursor.at = i + 1;
      return cursor.source.text.slice(at + 2, i);
    }
    if (code === SPACE || code === 91 || code === 44) return null;
  }
  return null;
}

function lookingAt(word: string): boolean {
  return cursor.at + word.length <= cursor.to && cursor.source.text.startsWith(word, cursor.at);
}

const intruded = /^(\d+)([^\d].*)$/s;

/** An opaque argument of write(2): on a terminal shared with strace, what it wrote can stand in it. */
export function readIntruded(value: OpaqueValue): Value {
  const [, number, foreign] = intruded.exec(value.text) ?? [];
  if (number === undefined || foreign === undefined) return value;
  const digits = new NumberValue(sourceOf(number), 0, number.length);
  return { kind: "intruded", value: digits, foreign };
}
