const LINE_FEED = 10;

/** Gathers chunks into whole lines, in time linear in the input. */
export interface Feed {
  /**
   * Calls `take` when there are whole lines: what was held of the first, then the rest of it and
   * the others. The second is the caller's memory, which may be used again afterwards.
   */
  push(chunk: string | Uint8Array, take: (held: Uint8Array, lines: Uint8Array) => void): void;
  /** The rest: a last line without its line feed. */
  end(): Uint8Array;
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
    push(chunk, take) {
      const bytes = typeof chunk === "string" ? encode(chunk) : chunk;
      const whole = bytes.lastIndexOf(LINE_FEED) + 1;
      const before = held;
      if (whole > 0) held = [];
      // Not slice(): a Buffer's is a view of memory that the caller may use again.
      if (whole < bytes.length) held.push(new Uint8Array(bytes.subarray(whole)));
      if (whole > 0) take(join(before), bytes.subarray(0, whole));
    },
    end() {
      const rest = join([...held, encoder.encode(surrogate)]);
      held = [];
      surrogate = "";
      return rest;
    },
  };
}

/** The parts as one; a single part itself. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  let at = 0;
  for (const part of parts) at += part.length;
  const bytes = new Uint8Array(at);
  at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
