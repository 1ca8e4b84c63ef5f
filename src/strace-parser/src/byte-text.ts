/**
 * Bytes ⇄ text without loss. strace prints ASCII, but a trace can hold anything (the tracee's own
 * stderr, strerror(3) in some locale). UTF-8 decodes to itself; each byte that is not UTF-8 becomes
 * one lone surrogate U+DC80…U+DCFF (the scheme of Python's PEP 383), which no valid UTF-8 yields.
 */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export interface ByteDecoder {
  /** Text of all bytes so far that can no longer change. */
  decode(bytes: Uint8Array): string;
  /** Text of what was held back. */
  flush(): string;
}

/** A streaming decoder: the text does not depend on where the chunks were cut. */
export function createByteDecoder(): ByteDecoder {
  let held: Uint8Array = new Uint8Array(0);
  return {
    decode(chunk) {
      const bytes = held.length === 0 ? chunk : concat(held, chunk);
      const whole = bytes.length - openTail(bytes);
      held = bytes.slice(whole);
      return decodeBytes(bytes.subarray(0, whole));
    },
    flush() {
      const text = decodeBytes(held);
      held = new Uint8Array(0);
      return text;
    },
  };
}

/** Undoes the decoding: the bytes that gave this text. Works on any string. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes[length++] = code - 0xdc00;
    else length += encoder.encodeInto(String.fromCodePoint(code), bytes.subarray(length)).written;
    at += code > 0xffff ? 2 : 1;
  }
  return bytes.slice(0, length);
}

function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

function decodeBroken(bytes: Uint8Array): string {
  const parts: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      parts.push(strict.decode(bytes.subarray(good, at)));
      parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
      good = at + 1;
    }
    at += length || 1;
  }
  parts.push(strict.decode(bytes.subarray(good)));
  return parts.join("");
}

/** Length of the UTF-8 sequence at `at` (RFC 3629), 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const need = announced(bytes[at] ?? 0);
  for (let i = 1; i < need; i++) {
    if (!continues(bytes, at, i)) return 0;
  }
  return need;
}

/** Bytes at the end (0 to 3) that begin a sequence the next chunk may complete. */
function openTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const at = bytes.length - back;
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    if (announced(byte) <= back) return 0;
    for (let i = 1; i < back; i++) if (!continues(bytes, at, i)) return 0;
    return back;
  }
  return 0;
}

function announced(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Whether byte `i` may continue the sequence at `at`: no overlong forms, surrogates, > U+10FFFF. */
function continues(bytes: Uint8Array, at: number, i: number): boolean {
  const byte = bytes[at + i] ?? 0;
  if (byte < 0x80 || byte > 0xbf) return false;
  if (i > 1) return true;
  const lead = bytes[at];
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte < 0x90;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
