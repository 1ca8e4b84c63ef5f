/**
 * Text from traced programs, files and recordings may hold anything; a terminal obeys it. Every
 * such text passes here before it reaches one: C0 and C1 controls, DEL and the bidirectional
 * overrides become visible (`␛`, `\x9b`, `\u202e`), tabs become spaces. Newlines are kept; the
 * caller splits on them.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, visible);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: naming the control characters is the point
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x09) return "    ";
  if (code === 0x0d) return "␍";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return code <= 0xff ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
