import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error: a script without types.
import { compile, moduleText } from "../../src/strace-parser/wasm/build.mjs";

const committed = new URL("../../src/strace-parser/src/scanner-bytes.ts", import.meta.url);

test("the scanner's bytes are what its source compiles to", async () => {
  // If not: node src/strace-parser/wasm/build.mjs
  expect(moduleText(await compile())).toBe(readFileSync(committed, "utf8"));
}, 60_000);
