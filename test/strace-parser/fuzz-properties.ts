import {
  type CallEvent,
  type CallSpans,
  createParser,
  createSpanScanner,
  parse,
  print,
  type TraceEvent,
  toBytes,
  valuesOf,
  walk,
} from "../../src/strace-parser/src/index.ts";
import { createParserWith } from "../../src/strace-parser/src/parser.ts";
import type { Random } from "./fuzz-inputs.ts";

/** What is wrong with how `input` is parsed; null when nothing is. One character is one byte. */
export function findFault(input: string, random: Random): string | null {
  try {
    const bytes = toBytes(input);
    const events = parse(bytes);
    const printed = print(events);
    if (printed !== input)
      return `prints something else from byte ${difference(input, printed)} on`;
    readValues(events);
    return findPathFault(bytes, events) ?? findChunkFault(bytes, events, random);
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : String(error)}`;
  }
}

/** The smallest input that still has a fault: pieces of it are left out for as long as it has. */
export function shrink(input: string, random: Random): string {
  let small = input;
  for (let size = small.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < small.length; ) {
      const without = small.slice(0, at) + small.slice(at + size);
      if (findFault(without, random) === null) at += size;
      else small = without;
    }
  }
  return small;
}

function readValues(events: readonly TraceEvent[]): number {
  let nodes = 0;
  for (const event of events) {
    for (const value of valuesOf(event)) walk(value, () => nodes++);
  }
  return nodes;
}

/** What is read with and without WebAssembly, and as spans, must say the same. */
function findPathFault(bytes: Uint8Array, events: readonly TraceEvent[]): string | null {
  const parser = createParserWith(() => null);
  const slow = [...parser.push(bytes), ...parser.end()];
  if (slow.length !== events.length) return "more or fewer events without WebAssembly";
  for (const [i, event] of events.entries()) {
    const [a, b] = [JSON.stringify(event), JSON.stringify(slow[i])];
    if (a !== b) return `another event without WebAssembly: ${a} not ${b}`;
    const trees = [event, slow[i] as TraceEvent].map((each) => JSON.stringify(valuesOf(each)));
    if (trees[0] !== trees[1]) return `other values without WebAssembly: ${trees.join(" not ")}`;
  }
  const spans: unknown[] = [];
  const scanner = createSpanScanner((call) => spans.push(spansOf(call, call.pid)));
  scanner.push(bytes);
  scanner.end();
  const calls = slow.filter((event) => event.type === "call" && event.state === "returned");
  const expected = calls.map((call) => spansOf(call as CallEvent, call.pid ?? -1));
  return JSON.stringify(spans) === JSON.stringify(expected) ? null : "spans say something else";
}

function spansOf(call: CallSpans | CallEvent, pid: number): unknown {
  const { name, argc, result, errno, seconds, time, micros } = call;
  const args =
    "arg" in call ? Array.from({ length: argc }, (_, index) => call.arg(index)) : call.args;
  return { pid, name, args, result, errno, seconds, time, micros };
}

function findChunkFault(
  bytes: Uint8Array,
  whole: readonly TraceEvent[],
  random: Random,
): string | null {
  const expected = JSON.stringify(whole);
  for (const most of [1 + random(8), 1 + random(200)]) {
    const parser = createParser();
    const events: TraceEvent[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + random(most);
      events.push(...parser.push(bytes.subarray(at, at + length)));
      at += length;
    }
    events.push(...parser.end());
    if (JSON.stringify(events) !== expected)
      return `chunks of 1 to ${most} bytes give other events`;
  }
  return null;
}

function difference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** Long lines of each shape that could take more than linear time; `size` is about their length. */
export const LONG_LINES: Readonly<Record<string, (size: number) => string>> = {
  "a long string": (size) => `write(1, "${"a\\n".repeat(size / 3)}", 9) = 9\n`,
  "a string without end": (size) => `write(1, "${"a".repeat(size)}\n`,
  "many arguments": (size) => `f(${"1, ".repeat(size / 3)}2) = 0\n`,
  "a long array": (size) => `f([${"{a=1}, ".repeat(size / 7)}{}]) = 0\n`,
  "deep brackets": (size) => `f(${"[".repeat(size / 2)}${"]".repeat(size / 2)}) = 0\n`,
  "open brackets": (size) => `f(${"[{(".repeat(size / 3)}\n`,
  "nested comments": (size) => `f(1 ${"/* ".repeat(size / 6)}${" */".repeat(size / 6)}) = 0\n`,
  "open comments": (size) => `f(${"/* ".repeat(size / 3)}\n`,
  "open associations": (size) => `f(${"3<".repeat(size / 2)}\n`,
  "arrows in associations": (size) => `f(3<UNIX:[${"->".repeat(size / 2)}\n`,
  "open changes": (size) => `f(${"1 => ".repeat(size / 5)}\n`,
  flags: (size) => `f(${"A|".repeat(size / 2)}B) = 0\n`,
  calls: (size) => `f(${"g(".repeat(size / 2)}\n`,
  blanks: (size) => `f(1)${" ".repeat(size)}= 0\n`,
  "blanks in front": (size) => `${" ".repeat(size)}f(1) = 0\n`,
  quotes: (size) => `f(${'"'.repeat(size)}\n`,
  backslashes: (size) => `f("${"\\".repeat(size)}\n`,
  "unfinished marks": (size) => `f(${"<unfinished ...> ".repeat(size / 17)}\n`,
  parentheses: (size) => `f() = 0 ${"(x) ".repeat(size / 4)}\n`,
  digits: (size) => `${"1".repeat(size)} f() = 0\n`,
  colours: (size) => `${"\x1b[31m".repeat(size / 5)}f() = 0\n`,
  "text of nobody's": (size) => `${"lorem ipsum ".repeat(size / 12)}\n`,
  "many halves": (size) => "7 f(1 <unfinished ...>\n7 <... f resumed>".repeat(size / 40),
  "one call in many pieces": (size) =>
    `7 f(${" <unfinished ...>\n7 <... f resumed>1, ".repeat(size / 38)}) = 0\n`,
};

export interface Timing {
  readonly shape: string;
  /** Milliseconds to parse it. */
  readonly parse: number;
  /** Milliseconds to parse it, read every value and print it. */
  readonly all: number;
  /** How much longer `all` takes each time the line is twice as long: 2, or more with collecting. */
  readonly growth: number;
}

/** Others use the machine too: the best of a few rounds, and of three tries while it looks bad. */
export function timeLongLine(shape: string, size: number): Timing {
  const make = LONG_LINES[shape] as (size: number) => string;
  let least: Timing | null = null;
  for (let tries = 0; tries < 3; tries++) {
    const [small, large] = [best(make(size / 4)), best(make(size))];
    const growth = large.all < 20 ? 1 : Math.sqrt(large.all / small.all);
    if (least === null || growth < least.growth) least = { shape, ...large, growth };
    if (growth <= MOST_GROWTH) break;
  }
  return least as Timing;
}

/**
 * How many times longer than its length says a line of 1 MiB takes than one of 16 KiB: about 1, and 64
 * if time were quadratic. So far apart that no busy machine can blur it.
 */
export function costOfLength(shape: string): number {
  const make = LONG_LINES[shape] as (size: number) => string;
  const [small, large] = [1 << 14, 1 << 20];
  return best(make(large)).all / best(make(small)).all / (large / small);
}

/** A line twice as long may take three times as long; quadratic would be four times. */
export const MOST_GROWTH = 3;

function best(input: string): { parse: number; all: number } {
  const bytes = toBytes(input);
  const times = Array.from({ length: 4 }, () => {
    const started = performance.now();
    const events = parse(bytes);
    const parsed = performance.now();
    readValues(events);
    print(events);
    return { parse: parsed - started, all: performance.now() - started };
  });
  return {
    parse: Math.min(...times.map((time) => time.parse)),
    all: Math.min(...times.map((time) => time.all)),
  };
}
