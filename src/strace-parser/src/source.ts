import { toBytes } from "./latin1.ts";

/** Bytes, and the same as text with one character a byte. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly text: string;
}

export function sourceOf(text: string): Source {
  return { text, bytes: toBytes(text) };
}
