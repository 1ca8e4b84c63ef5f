import { expect, test } from "vitest";
import {
  decodeString,
  encodeText,
  parse,
  print,
  splitPath,
} from "../../src/strace-parser/src/index.ts";
import { documents, readCases } from "./case-documents.ts";

const encoder = new TextEncoder();
const corpus = documents.flatMap(readCases).map(({ input }) => encoder.encode(input));
const pieces = [
  "<unfinished ...>",
  "<... read resumed>",
  " = ",
  ")",
  "(",
  '"',
  "\\",
  "/*",
  "<A:[",
  "\n",
];

/** xorshift32: the same numbers on every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const out = [...bytes];
  for (let n = random(8) + 1; n > 0; n--) {
    const at = random(out.length + 1);
    const piece = encoder.encode(pieces[random(pieces.length)]);
    const change = random(4);
    if (change === 0) out.splice(at, random(20));
    else if (change === 1) out.splice(at, 0, ...piece);
    else if (change === 2) out.splice(at, 1, random(256));
    else out.splice(at, 0, ...out.slice(random(out.length), random(out.length)));
  }
  return Uint8Array.from(out);
}

function expectLossless(bytes: Uint8Array): void {
  const events = parse(bytes);
  expect(Buffer.compare(encodeText(print(events)), bytes)).toBe(0);
  for (const event of events) {
    if (event.type !== "call") continue;
    for (const arg of event.args) decodeString(arg);
    if (event.result !== null) splitPath(event.result);
  }
}

test("mutated traces never throw and print back", () => {
  const random = createRandom(0x5eed);
  for (let run = 0; run < 3000; run++) {
    expectLossless(mutate(corpus[run % corpus.length] ?? new Uint8Array(), random));
  }
});

test("random bytes never throw and print back", () => {
  const random = createRandom(0xb17e5);
  for (let run = 0; run < 500; run++) {
    expectLossless(Uint8Array.from({ length: random(400) }, () => random(256)));
  }
});

test.each([
  ["brackets", `f(${"[{(".repeat(350_000)}\n`],
  ["quotes", `f(${'"'.repeat(1_000_000)}\n`],
  ["comments", `f(${"/*".repeat(500_000)}\n`],
  ["associations", `f(${"1<A:[".repeat(200_000)}\n`],
  ["arrows", `f(${"1<".repeat(500_000)}\n`],
  ["spaces", `1${" ".repeat(1_000_000)}\n`],
  ["brackets before", `${"[1] ".repeat(250_000)}\n`],
  ["notes", `f() = 1${" (a)".repeat(250_000)}\n`],
  ["a signal", `--- SIG ${" ---x".repeat(200_000)}\n`],
  ["a string", `write(1, "${"\\n".repeat(500_000)}", 1) = 1\n`],
])("a line of a megabyte takes linear time: %s", (_, line) => {
  const start = performance.now();
  expect(print(parse(line))).toBe(line);
  // The goal is 50 ms; the limit leaves room for a loaded machine and catches a square.
  expect(performance.now() - start).toBeLessThan(1000);
});
