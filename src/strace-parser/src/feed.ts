const LINE_FEED = 10;

/** Gathers chunks into pieces that end with a line feed, in time linear in the input. */
export interface Feed {
  /** All whole lines so far, copied; null while there is none. */
  push(chunk: string | Uint8Array): Uint8Array | null;
  /** The rest: a last line without its line feed. */
  end(): Uint8Array | null;
}

export function createFeed(): Feed {
  const encoder = new TextEncoder();
  let held: Uint8Array[] = [];
  let surrogate = "";

  const encode = (text: string): Uint8Array => {
    const whole = surrogate + text;
    const last = whole.charCodeAt(whole.length - 1);
    const cut = last >= 0xd800 && last <= 0xdbff ? whole.length - 1 : whole.length;
    surrogate = whole.slice(cut);
    return encoder.encode(whole.slice(0, cut));
  };

  return {
    push(chunk) {
      const bytes = typeof chunk === "string" ? encode(chunk) : chunk;
      const whole = bytes.lastIndexOf(LINE_FEED) + 1;
      const lines = whole === 0 ? null : join(held, bytes.subarray(0, whole));
      if (lines !== null) held = [];
      // Not slice(): a Buffer's is a view of memory that the caller may use again.
      if (whole < bytes.length) held.push(new Uint8Array(bytes.subarray(whole)));
      return lines;
    },
    end() {
      const rest = join(held, encoder.encode(surrogate));
      held = [];
      surrogate = "";
      return rest.length === 0 ? null : rest;
    },
  };
}

function join(held: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  let at = 0;
  for (const part of held) at += part.length;
  const bytes = new Uint8Array(at + last.length);
  bytes.set(last, at);
  at = 0;
  for (const part of held) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
