import { toBytes } from "./latin1.ts";

export interface DecodedString {
  /** The bytes read as UTF-8; a byte that is not becomes U+FFFD. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** strace cut it off (`"…"...`, option -s). */
  readonly truncated: boolean;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const letters: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * A printed string argument, `"a\n\303\251"...`, as what it stands for.
 * Null when the text is not one C string. Escapes as in strace(1) -x: octal, `\xNN`, `\n` ….
 */
export function decodeString(printed: string): DecodedString | null {
  const close = closingQuote(printed);
  const tail = printed.slice(close + 1);
  if (close < 0 || (tail !== "" && tail !== "...")) return null;
  const bytes = unescapeBytes(printed.slice(1, close));
  return { text: utf8.decode(bytes), bytes, truncated: tail !== "" };
}

function closingQuote(printed: string): number {
  if (!printed.startsWith('"')) return -1;
  for (let at = 1; at < printed.length; at++) {
    if (printed[at] === "\\") at++;
    else if (printed[at] === '"') return at;
  }
  return -1;
}

/** C escapes undone. */
export function unescapeBytes(escaped: string): Uint8Array {
  if (!escaped.includes("\\")) return toBytes(escaped);
  const parts = escaped.split(/(\\(?:x[0-9a-f]{1,2}|[0-7]{1,3}|.))/s);
  const bytes = parts.map((part, i) => (i % 2 === 0 ? toBytes(part) : escapeBytes(part)));
  return concat(bytes);
}

/** Unescaped and read as UTF-8. */
export function unescapeText(escaped: string): string {
  return escaped.includes("\\") ? utf8.decode(unescapeBytes(escaped)) : escaped;
}

function escapeBytes(printed: string): Uint8Array {
  const rest = printed.slice(1);
  if (/^[0-7]/.test(rest)) return Uint8Array.of(Number.parseInt(rest, 8));
  if (/^x./.test(rest)) return Uint8Array.of(Number.parseInt(rest.slice(1), 16));
  const letter = letters[rest];
  return letter === undefined ? toBytes(rest) : Uint8Array.of(letter);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
