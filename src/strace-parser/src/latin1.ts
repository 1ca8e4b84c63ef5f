/**
 * Bytes ⇄ text, one character a byte (U+0000 to U+00FF), so that offsets are the same in both and
 * nothing is lost whatever the bytes. strace prints ASCII; other bytes come from strerror(3) in a
 * locale or from the tracee itself: `toUtf8` reads them.
 */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const loose = new TextDecoder("utf-8", { ignoreBOM: true });
const single = new TextDecoder("latin1");
const PIECE = 8192;

/** As `toLatin1`, for bytes known to be ASCII: this decoder looks at nothing and is twice as fast. */
export function fromAscii(bytes: Uint8Array): string {
  return single.decode(bytes);
}

export function toLatin1(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    // Only ASCII decodes to as many characters as it has bytes.
    if (text.length === bytes.length) return text;
  } catch {}
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return parts.join("");
}

/** The bytes of a text in which each character is one byte, such as `print` gives. */
export function toBytes(latin1: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(latin1.length);
  for (let at = 0; at < latin1.length; at++) bytes[at] = latin1.charCodeAt(at);
  return bytes;
}

/** Text of an event read as UTF-8; bytes that are not become U+FFFD. */
export function toUtf8(latin1: string): string {
  for (let at = 0; at < latin1.length; at++) {
    if (latin1.charCodeAt(at) > 127) return loose.decode(toBytes(latin1));
  }
  return latin1;
}
