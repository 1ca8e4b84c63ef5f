import { Block } from "./block.ts";
import { toBytes } from "./latin1.ts";
import type { Colours, Place } from "./line.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR sequences (ECMA-48) begin with ESC.
const sequence = /\x1b\[[0-9;]*m/g;

/**
 * The line without the colours of strace 7.0+ (--color), in a block of its own; the line itself
 * when there are none. They stand between tokens, never inside one, and data never holds a raw ESC.
 */
export function stripColours(place: Place): Place {
  const { block, start, stop } = place;
  const colour = block.bytes.indexOf(0x1b, start);
  if (colour < 0 || colour >= stop) return place;
  const line = block.text.slice(start, stop);
  const colours: [number, string][] = [];
  let removed = 0;
  const plain = line.replace(sequence, (text, at: number) => {
    colours.push([at - removed, text]);
    removed += text.length;
    return "";
  });
  return { ...place, block: new Block(toBytes(plain)), start: 0, stop: plain.length, colours };
}

/** Puts the colours back. */
export function addColours(plain: string, colours: Colours | null): string {
  if (colours === null) return plain;
  let text = "";
  let from = 0;
  for (const [at, sgr] of colours) {
    text += plain.slice(from, at) + sgr;
    from = at;
  }
  return text + plain.slice(from);
}
