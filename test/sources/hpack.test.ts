import { describe, expect, test } from "vitest";
import { createPathReader, decodeHuffman } from "../../src/sources/hpack.ts";
import { createHttp2Reader, HTTP2_PREFACE } from "../../src/sources/http2.ts";

/** Bytes in hexadecimal, as RFC 7541 prints them, one character each. */
const bytes = (hex: string): string =>
  Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");

describe("HPACK, with RFC 7541's examples", () => {
  test("Huffman codes (C.4)", () => {
    expect(decodeHuffman(bytes("f1e3 c2e5 f23a 6ba0 ab90 f4ff"))).toBe("www.example.com");
    expect(decodeHuffman(bytes("a8eb 1064 9cbf"))).toBe("no-cache");
    expect(decodeHuffman(bytes("25a8 49e9 5ba9 7d7f"))).toBe("custom-key");
    expect(decodeHuffman(bytes("25a8 49e9 5bb8 e8b4 bf"))).toBe("custom-value");
    // '{' has fifteen bits, and no path has one.
    expect(decodeHuffman(bytes("fffd ff"))).toBeNull();
  });

  test("three requests on one connection (C.4.1 to C.4.3)", () => {
    const reader = createPathReader();
    expect(reader.read(bytes("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))).toBe("/");
    expect(reader.read(bytes("8286 84be 5886 a8eb 1064 9cbf"))).toBe("/");
    const third = "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf";
    expect(reader.read(bytes(third))).toBe("/index.html");
  });

  test("a path with a literal value, and by its number in the dynamic table (C.2.2)", () => {
    const reader = createPathReader();
    // 04: not added to the table. 44: added.
    expect(reader.read(bytes("040c 2f73 616d 706c 652f 7061 7468"))).toBe("/sample/path");
    expect(reader.read(bytes("440c 2f73 616d 706c 652f 7061 7468"))).toBe("/sample/path");
    expect(reader.read(bytes("be"))).toBe("/sample/path");
    // Another field is added: the path is the second now.
    expect(reader.read(bytes("4001 6101 62"))).toBeNull();
    expect(reader.read(bytes("bf"))).toBe("/sample/path");
    expect(reader.read(bytes("be"))).toBeNull();
  });

  test.each([..."440c2f73616d706c652f70617468"].map((_, index) => index))(
    "a block that ends after %i half bytes does not throw",
    (length) => {
      const reader = createPathReader();
      const hex = "440c2f73616d706c652f70617468".slice(0, length - (length % 2));
      expect([null, "/sample/path"]).toContain(reader.read(bytes(hex)));
      expect(reader.read(bytes(`${"ff".repeat(length)}`))).toBeNull();
    },
  );
});

describe("HTTP/2 frames", () => {
  const frame = (type: number, flags: number, payload: string): string => {
    const length = payload.length.toString(16).padStart(6, "0");
    const head = `${length}${type.toString(16).padStart(2, "0")}${flags.toString(16).padStart(2, "0")}00000001`;
    return bytes(head) + payload;
  };
  const block = bytes("8386 440c 2f73 616d 706c 652f 7061 7468");
  const sent =
    HTTP2_PREFACE +
    frame(4, 0, bytes("0003 0000 0064")) +
    frame(1, 0x4, block) +
    frame(0, 1, "data") +
    // Padded, with a priority, and in two frames.
    frame(1, 0x28, `${bytes("02 80000000 10")}${block.slice(0, 5)}\0\0`) +
    frame(9, 0x4, block.slice(5));

  test("calls are read from headers, however the bytes are cut", () => {
    for (const size of [1, 5, 24, sent.length]) {
      const reader = createHttp2Reader();
      for (let at = 0; at < sent.length; at += size) reader.take(sent.slice(at, at + size), 0, at);
      expect(reader.paths).toEqual(["/sample/path", "/sample/path"]);
      // A call is made with the last byte of its headers.
      expect(reader.times.at(-1)).toBe((Math.ceil(sent.length / size) - 1) * size);
      expect(reader.times[0]).toBeLessThanOrEqual(reader.times[1] ?? 0);
    }
  });

  test("behind a hole nothing is read", () => {
    const reader = createHttp2Reader();
    reader.take(sent.slice(0, 80), 7, 1);
    reader.take(sent.slice(80), 0, 2);
    expect(reader.paths).toEqual(["/sample/path"]);
    expect(reader.times).toEqual([1]);
  });

  test("noise does not throw", () => {
    let seed = 7;
    const noise = Array.from({ length: 3000 }, () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return String.fromCharCode(seed & 255);
    }).join("");
    for (let at = 0; at < 50; at++)
      createHttp2Reader().take(HTTP2_PREFACE + noise.slice(at * 40), 0, 0);
    for (let at = 0; at < 500; at++) createPathReader().read(noise.slice(at, at + 60));
  });
});
