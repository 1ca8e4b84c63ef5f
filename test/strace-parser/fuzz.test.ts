import { expect, test } from "vitest";
import { createRandom, makeInput, readSeeds } from "./fuzz-inputs.ts";
import { costOfLength, findFault, LONG_LINES } from "./fuzz-properties.ts";

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

// Figures: node --conditions=source test/strace-parser/fuzz.ts
test.each(Object.keys(LONG_LINES))("%s: no line takes quadratic time", (shape) => {
  expect(costOfLength(shape)).toBeLessThan(16);
});
