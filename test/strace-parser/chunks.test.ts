import { expect, test } from "vitest";
import { createParser, parse, print, toBytes, toUtf8 } from "../../src/strace-parser/src/index.ts";
import { documents, readCases } from "./case-documents.ts";

const encoder = new TextEncoder();
const traces = documents.flatMap(readCases).map(({ input }) => input);

function parseChunks(chunks: readonly (string | Uint8Array)[]) {
  const parser = createParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

/** What events say, without where their bytes are. */
const plain = (events: unknown) => JSON.stringify(events);

test("every place to cut a trace in two gives the same events", () => {
  for (const trace of traces) {
    const whole = plain(parse(trace));
    for (let at = 0; at <= trace.length; at++) {
      expect(plain(parseChunks([trace.slice(0, at), trace.slice(at)]))).toBe(whole);
    }
  }
});

test("bytes one at a time give the same events as the text", () => {
  for (const trace of traces) {
    const bytes = [...encoder.encode(trace)].map((byte) => Uint8Array.of(byte));
    expect(plain(parseChunks(bytes))).toBe(plain(parse(trace)));
  }
});

test("a character cut between two chunks stays whole, a broken one stays the same bytes", () => {
  const bytes = Uint8Array.of(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xe2, 0x28, 0xff, 0xed, 0xa0, 0x80, 10);
  const whole = parse(bytes);
  expect(whole).toMatchObject([{ type: "foreign", text: expect.any(String) }]);
  for (let at = 0; at <= bytes.length; at++) {
    const events = parseChunks([bytes.slice(0, at), bytes.slice(at)]);
    expect(plain(events)).toBe(plain(whole));
    expect(toBytes(print(events))).toEqual(bytes);
  }
});

test("a character of a string chunk cut in two halves of a surrogate pair stays whole", () => {
  const events = parseChunks(["x \ud83d", "\ude00\n"]);
  expect(toUtf8(print(events))).toBe("x \u{1f600}\n");
});

test("the chunk's memory may be used again", () => {
  const parser = createParser();
  const chunk = encoder.encode("7 close(");
  parser.push(chunk);
  chunk.fill(0);
  const buffer = Buffer.from("4) = 0\n7 close(");
  const events = parser.push(buffer);
  buffer.fill(0);
  events.push(...parser.push("5) = 0\n"), ...parser.end());
  expect(print(events)).toBe("7 close(4) = 0\n7 close(5) = 0\n");
});

test("events arrive as soon as their last line is whole", () => {
  const parser = createParser();
  expect(parser.push("7 close(3) = 0")).toEqual([]);
  expect(parser.push("\n").map((event) => event.type)).toEqual(["call"]);
  expect(parser.push("7 read(3,  <unfinished ...>\n")).toEqual([]);
  expect(parser.end()).toMatchObject([{ type: "call", args: ["3"], state: "unfinished" }]);
  expect(parser.end()).toEqual([]);
});
