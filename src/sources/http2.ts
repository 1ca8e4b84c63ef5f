import { createPathReader } from "./hpack.ts";

/** Takes what a client sends on one HTTP/2 connection, and keeps which paths it asks for. */
export interface Http2Reader {
  /** `shown`: one character a byte. `missing`: bytes behind it that nobody saw. `t`: sent when. */
  take(shown: string, missing: number, t: number): void;
  /** In the order in which they were asked for: gRPC's `/package.Service/Method`. */
  readonly paths: readonly string[];
  /** When each of them was asked for. */
  readonly times: readonly number[];
}

/** RFC 9113, 3.4: what a client begins with. */
export const HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const HEAD = 9;
const HEADERS = 1;
const CONTINUATION = 9;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;
/** Nobody calls more methods in a lesson; a stream of them must not fill the memory. */
const MOST_PATHS = 100;

export function createHttp2Reader(): Http2Reader {
  const paths: string[] = [];
  const times: number[] = [];
  const reader = createPathReader();
  let buffer = "";
  let block = "";
  let begun = false;
  let lost = false;

  const takeFrame = (type: number, flags: number, payload: string, t: number): void => {
    if (type === HEADERS) block = withoutPadding(payload, flags);
    else if (type === CONTINUATION) block += payload;
    else return;
    if ((flags & END_HEADERS) === 0) return;
    const path = reader.read(block);
    if (path === null || paths.length >= MOST_PATHS) return;
    paths.push(path);
    times.push(t);
  };

  return {
    paths,
    times,
    take(shown, missing, t) {
      if (lost) return;
      buffer += shown;
      if (!begun && buffer.length >= HTTP2_PREFACE.length) {
        begun = true;
        buffer = buffer.slice(HTTP2_PREFACE.length);
      }
      while (begun && buffer.length >= HEAD) {
        const length = numberAt(buffer, 0, 3);
        if (buffer.length < HEAD + length) break;
        const payload = buffer.slice(HEAD, HEAD + length);
        takeFrame(buffer.charCodeAt(3), buffer.charCodeAt(4), payload, t);
        buffer = buffer.slice(HEAD + length);
      }
      // Behind a hole nobody knows where a frame begins.
      if (missing === 0) return;
      lost = true;
      buffer = "";
    },
  };
}

function withoutPadding(payload: string, flags: number): string {
  const padding = (flags & PADDED) === 0 ? 0 : payload.charCodeAt(0);
  const from = ((flags & PADDED) === 0 ? 0 : 1) + ((flags & PRIORITY) === 0 ? 0 : 5);
  return payload.slice(from, payload.length - padding);
}

function numberAt(text: string, at: number, bytes: number): number {
  let value = 0;
  for (let index = at; index < at + bytes; index++) value = value * 256 + text.charCodeAt(index);
  return value;
}
