import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSpanScanner, parse } from "../../src/strace-parser/src/index.ts";
import { documents, readCases } from "./case-documents.ts";

const folder = new URL("../../fixtures/strace/", import.meta.url);
const fixtures = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
const traces = [
  ...documents.flatMap(readCases).map(({ input }) => Buffer.from(input)),
  ...fixtures,
];

interface Read {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string | null;
  readonly errno: string | null;
  readonly seconds: number | null;
  readonly time: string | null;
}

function spansOf(trace: Uint8Array, chunk: number): Read[] {
  const calls: Read[] = [];
  const scanner = createSpanScanner((call) => {
    const { name, argc, result, errno, seconds, time } = call;
    const args = Array.from({ length: argc }, (_, i) => call.arg(i));
    calls.push({ name, args, result, errno, seconds, time });
  });
  for (let at = 0; at < trace.length; at += chunk) scanner.push(trace.subarray(at, at + chunk));
  scanner.end();
  return calls;
}

/** All calls that returned, mended, coloured and renamed ones too. */
function eventsOf(trace: Uint8Array): Read[] {
  return parse(trace).flatMap((event) => {
    if (event.type !== "call" || event.state !== "returned") return [];
    const { name, args, result, errno, seconds, time } = event;
    return [{ name, args, result, errno, seconds, time }];
  });
}

test.each([7, 1 << 16])("spans in chunks of %d bytes say what events say", (chunk) => {
  for (const trace of traces) expect(spansOf(trace, chunk)).toEqual(eventsOf(trace));
});
