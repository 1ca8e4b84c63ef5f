// AssemblyScript. Finds the bytes that mean something, sixteen at a time, as simdjson does
// (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019).
import { INPUT, TOKENS } from "./memory";

/**
 * By the low half of a byte, the byte with 0x20 set that is a token: ' ( ) * { [ , } ] >.
 * Six control characters pass too; whoever meets them leaves the line to the parser in TypeScript.
 */
const table = i8x16(0, 0, 0, 0, 0, 0, 0, 0x27, 0x28, 0x29, 0x2a, 0x7b, 0x2c, 0x7d, 0x3e, 0);
const EVEN: u64 = 0x5555555555555555;

function isToken(v: v128): v128 {
  const byLow = i8x16.swizzle(table, v128.and(v, i8x16.splat(15)));
  const listed = i8x16.eq(byLow, v128.or(v, i8x16.splat(0x20)));
  return v128.or(listed, i8x16.eq(v, i8x16.splat(0x3c)));
}

function bits(v: v128): u64 {
  return i8x16.bitmask(v) as u32 as u64;
}

function join(a: u64, b: u64, c: u64, d: u64): u64 {
  return a | (b << 16) | (c << 32) | (d << 48);
}

function find(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  const ab = bits(i8x16.eq(a, byte)) | (bits(i8x16.eq(b, byte)) << 16);
  const cd = bits(i8x16.eq(c, byte)) | (bits(i8x16.eq(d, byte)) << 16);
  return ab | (cd << 32);
}

/** Bit n: whether an odd number of bits 0 to n is set. */
function prefixXor(x: u64): u64 {
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  return x ^ (x << 32);
}

/** Writes the offset of each bit, eight at a time whether there are as many or not. */
function store(out: i32, at: i32, set: u64): i32 {
  const count = popcnt(set) as i32;
  const end = out + (count << 2);
  while (true) {
    store4(out, at, set);
    set &= set - 1;
    set &= set - 1;
    set &= set - 1;
    set &= set - 1;
    store4(out + 16, at, set);
    if (out + 32 >= end) return end;
    set &= set - 1;
    set &= set - 1;
    set &= set - 1;
    set &= set - 1;
    out += 32;
  }
}

function store4(out: i32, at: i32, set: u64): void {
  i32.store(out, at + (ctz(set) as i32));
  set &= set - 1;
  i32.store(out, at + (ctz(set) as i32), 4);
  set &= set - 1;
  i32.store(out, at + (ctz(set) as i32), 8);
  set &= set - 1;
  i32.store(out, at + (ctz(set) as i32), 12);
}

/** There is an escape character (strace 7.0+ may colour its lines); there are bytes above 127. */
const COLOURED = 1;
const WIDE = 2;

/**
 * The tokens of the piece: brackets, commas, `<`, `>`, `*`, `'` and `\` outside strings, the quote
 * that opens a string, and every line feed. A string ends with its line, whether closed or not.
 */
export function findTokens(length: i32): i32 {
  memory.fill(INPUT + length, 0, 64);
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const lineFeed = i8x16.splat(0x0a);
  const colour = i8x16.splat(0x1b);
  let coloured = i8x16.splat(0);
  let all = i8x16.splat(0);
  let out: i32 = TOKENS;
  let escapes: u64 = 0;
  let inside: u64 = 0;
  for (let at: i32 = 0; at < length; at += 64) {
    const a = v128.load(INPUT + at);
    const b = v128.load(INPUT + at, 16);
    const c = v128.load(INPUT + at, 32);
    const d = v128.load(INPUT + at, 48);
    const ab = v128.or(i8x16.eq(a, colour), i8x16.eq(b, colour));
    const cd = v128.or(i8x16.eq(c, colour), i8x16.eq(d, colour));
    all = v128.or(all, v128.or(v128.or(a, b), v128.or(c, d)));
    coloured = v128.or(coloured, v128.or(ab, cd));
    const marks = join(bits(isToken(a)), bits(isToken(b)), bits(isToken(c)), bits(isToken(d)));
    const feeds = find(a, b, c, d, lineFeed);
    const slashes = find(a, b, c, d, backslash);
    let quotes = find(a, b, c, d, quote);
    if ((slashes | escapes) !== 0) {
      // The byte behind an odd run of backslashes is escaped.
      const starts = slashes & ~escapes;
      const follows = (starts << 1) | escapes;
      const odd = starts & ~EVEN & ~follows;
      const sum = odd + starts;
      escapes = u64(sum < odd);
      quotes &= ~((EVEN ^ (sum << 1)) & follows);
    }
    let strings = prefixXor(quotes) ^ inside;
    for (let open = feeds & strings; open !== 0; open = feeds & strings) {
      strings ^= ~(open ^ (open - 1));
      strings &= ~(open & (0 - open));
    }
    inside = (0 as u64) - (strings >> 63);
    out = store(out, at, ((marks | slashes) & ~strings) | (quotes & strings) | feeds);
  }
  return (v128.any_true(coloured) ? COLOURED : 0) | (i8x16.bitmask(all) !== 0 ? WIDE : 0);
}
