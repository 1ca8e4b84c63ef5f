import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type TraceEvent, valuesOf } from "../../src/strace-parser/src/index.ts";
import { createParser, createParserWith, type Parser } from "../../src/strace-parser/src/parser.ts";
import { takeScanner } from "../../src/strace-parser/src/scanner.ts";
import { documents, readCases } from "./case-documents.ts";

const folder = new URL("../../fixtures/strace/", import.meta.url);
const fixtures = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "latin1"));
const traces = [...documents.flatMap(readCases).map(({ input }) => input), ...fixtures];

function readAll(parser: Parser, trace: string): string {
  const events = [...parser.push(Buffer.from(trace, "latin1")), ...parser.end()];
  return JSON.stringify(events.map((event: TraceEvent) => [event, valuesOf(event)]));
}

test("there is WebAssembly here", () => expect(takeScanner()).not.toBeNull());

test("with and without WebAssembly every trace says the same", () => {
  for (const trace of traces) {
    expect(
      readAll(
        createParserWith(() => null),
        trace,
      ),
    ).toBe(readAll(createParser(), trace));
  }
});

test("halves in different chunks, one of them carried over many", () => {
  const lines = Array.from({ length: 400 }, (_, i) => {
    const pid = 100 + (i % 7);
    return `${pid} 1795332440.00000${i % 10} read(${pid}, "a",  <unfinished ...>
7 1795332440.000001 close(3</tmp/${i}>) = 0 <0.000001>
${pid} 1795332440.000002 <... read resumed>1) = 1 <0.000002>\n`;
  });
  const trace = `9 1795332440.000000 wait4(-1,  <unfinished ...>
${lines.join("")}9 1795332440.000003 <... wait4 resumed>NULL, 0, NULL) = 7 <1.000000>\n`;
  const whole = readAll(
    createParserWith(() => null),
    trace,
  );
  for (const size of [1, 60, 97, 500, 5000, 100_000]) {
    const parser = createParser();
    const events: TraceEvent[] = [];
    for (let at = 0; at < trace.length; at += size) {
      events.push(...parser.push(trace.slice(at, at + size)));
    }
    events.push(...parser.end());
    expect(JSON.stringify(events.map((event) => [event, valuesOf(event)]))).toBe(whole);
  }
});
