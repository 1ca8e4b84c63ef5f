import { expect, test } from "vitest";
import { createParser, encodeText, parse, print } from "../../src/strace-parser/src/index.ts";
import { documents, readCases } from "./case-documents.ts";

const encoder = new TextEncoder();
const traces = documents.flatMap(readCases).map(({ input }) => input);

function parseChunks(chunks: readonly (string | Uint8Array)[]) {
  const parser = createParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

test("every place to cut a trace in two gives the same events", () => {
  for (const trace of traces) {
    const whole = parse(trace);
    for (let at = 0; at <= trace.length; at++) {
      expect(parseChunks([trace.slice(0, at), trace.slice(at)])).toEqual(whole);
    }
  }
});

test("bytes one at a time give the same events as the text", () => {
  for (const trace of traces) {
    const bytes = [...encoder.encode(trace)].map((byte) => Uint8Array.of(byte));
    expect(parseChunks(bytes)).toEqual(parse(trace));
  }
});

test("a character cut between two chunks stays whole, a broken one stays the same bytes", () => {
  const bytes = Uint8Array.of(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xe2, 0x28, 0xff, 0xed, 0xa0, 0x80, 10);
  const whole = parse(bytes);
  expect(whole[0]?.source[0]?.text.startsWith("é€\udce2(\udcff")).toBe(true);
  for (let at = 0; at <= bytes.length; at++) {
    const events = parseChunks([bytes.slice(0, at), bytes.slice(at)]);
    expect(events).toEqual(whole);
    expect(encodeText(print(events))).toEqual(bytes);
  }
});

test("the chunk's memory may be used again", () => {
  const parser = createParser();
  const chunk = encoder.encode("7 close(");
  parser.push(chunk);
  chunk.fill(0);
  expect(print([...parser.push("4) = 0\n"), ...parser.end()])).toBe("7 close(4) = 0\n");
});

test("events arrive as soon as their last line is whole", () => {
  const parser = createParser();
  expect(parser.push("7 close(3) = 0")).toEqual([]);
  expect(parser.push("\n").map((event) => event.type)).toEqual(["call"]);
  expect(parser.push("7 read(3,  <unfinished ...>\n")).toEqual([]);
  expect(parser.end()).toMatchObject([{ type: "call", args: ["3"], state: "unfinished" }]);
  expect(parser.end()).toEqual([]);
});
