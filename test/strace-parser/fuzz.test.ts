import { expect, test } from "vitest";
import { createRandom, makeInput, readSeeds } from "./fuzz-inputs.ts";
import { findFault, LONG_LINES, MOST_GROWTH, timeLongLine } from "./fuzz-properties.ts";

// For longer: node --conditions=source test/strace-parser/fuzz.ts --seconds 600
test("two seconds of changed lines: nothing throws, all of it comes back, however it is cut", () => {
  const seeds = readSeeds();
  const random = createRandom(7);
  const until = performance.now() + 2000;
  while (performance.now() < until) {
    const input = makeInput(seeds, random);
    const fault = findFault(input, random);
    expect(fault && { fault, input }).toBeNull();
  }
}, 20_000);

test.each(Object.keys(LONG_LINES))("%s: a line twice as long takes twice the time", (shape) => {
  expect(timeLongLine(shape, 1 << 18).growth).toBeLessThanOrEqual(MOST_GROWTH);
});
