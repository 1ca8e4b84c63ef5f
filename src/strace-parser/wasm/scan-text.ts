// AssemblyScript. Pieces of a call's text. Each takes the first token behind its start and returns
// the token it ends with; 0 leaves the line to the parser in TypeScript.
import { INPUT } from "./memory";
import { byteAt, isDigit } from "./scan-leader";

const LINK_BRACKETS = 4096;

export function tokenAt(token: i32): i32 {
  return i32.load(token);
}

/** Whether the `<` at `at` belongs to the descriptor or pid before it. */
export function opensLink(at: i32): bool {
  const before = byteAt(at - 1);
  const next = byteAt(at + 1);
  if (!isDigit(before) && ((before - 65) as u32) >= 26) return false;
  return next !== 60 && next !== 61 && next !== 32;
}

/** The `>` that closes the `<` at `at`. */
export function skipLink(token: i32, at: i32): i32 {
  const pos = tokenAt(token);
  const byte = byteAt(pos);
  const first = byteAt(at + 1);
  if (byte === 62) return first === 123 ? 0 : token;
  if (first === 47 || first === 92) return skipPath(token);
  return byte === 91 ? skipBrackets(token, at) : 0;
}

function skipPath(token: i32): i32 {
  let depth = 1;
  while (true) {
    const byte = byteAt(tokenAt(token));
    if (byte === 62) {
      if (--depth === 0) return token;
    } else if (byte === 60) {
      if (++depth > 2) return 0;
    } else if (byte === 34 || byte === 10) return 0;
    token += 4;
  }
}

/** `pipe:[9604]>`, `TCP:[127.0.0.1:80->127.0.0.1:5000]>`. */
function skipBrackets(token: i32, at: i32): i32 {
  const open = tokenAt(token);
  const spaces = i8x16.bitmask(i8x16.eq(v128.load(INPUT + at + 1), i8x16.splat(32)));
  const length = open - at - 1;
  if (length > 16 || (spaces & ((1 << length) - 1)) !== 0) return 0;
  while (true) {
    token += 4;
    const pos = tokenAt(token);
    const byte = byteAt(pos);
    if (byte === 93) {
      const next = token + 4;
      return pos - at < LINK_BRACKETS && tokenAt(next) === pos + 1 && byteAt(pos + 1) === 62
        ? next
        : 0;
    }
    if (byte !== 44 && byte !== 62) return 0;
  }
}

/** The star that closes the comment whose own star is before `token`. No other stands in it. */
export function skipComment(token: i32): i32 {
  while (true) {
    const pos = tokenAt(token);
    const byte = byteAt(pos);
    if (byte === 42) {
      if (byteAt(pos - 1) === 47) return 0;
      if (byteAt(pos + 1) === 47) return token;
    } else if (byte === 34 || byte === 92 || byte === 10) return 0;
    token += 4;
  }
}

/** The parenthesis that closes strerror(3)'s text. */
export function skipProse(token: i32): i32 {
  let depth = 0;
  while (true) {
    const byte = byteAt(tokenAt(token));
    if (byte === 40) depth++;
    else if (byte === 41) {
      if (depth-- === 0) return token;
    } else if (byte === 34 || byte === 10) return 0;
    token += 4;
  }
}

/** The parenthesis that closes `(Timeout)`, `(flags O_RDWR|O_APPEND)`, `(left {tv_sec=1})`. */
export function skipNote(token: i32): i32 {
  let depth = 0;
  while (true) {
    const byte = byteAt(tokenAt(token));
    const bracket = byte | 32;
    if (byte === 40 || bracket === 123) depth++;
    else if (byte === 41 || bracket === 125) {
      if (depth-- === 0) return byte === 41 ? token : 0;
    } else if (byte !== 44 && byte !== 34 && byte !== 62) return 0;
    token += 4;
  }
}

/** Spaces from `at` on, sixteen at most. */
export function spacesAt(at: i32): i32 {
  const spaces = i8x16.eq(v128.load(INPUT + at), i8x16.splat(32));
  return ctz(~i8x16.bitmask(spaces));
}

/** Whether all bytes are such as a call's name has: letters, digits, `_`. At most 32 of them. */
export function isName(from: i32, to: i32): bool {
  const length = to - from;
  if (length <= 16) return length > 0 && (nameBits(from) | (-1 << length)) === -1;
  return length <= 32 && nameBits(from) === 0xffff && isName(from + 16, to);
}

function nameBits(at: i32): i32 {
  const v = v128.load(INPUT + at);
  const lower = v128.or(v, i8x16.splat(0x20));
  const letters = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(97)), i8x16.splat(26));
  const digits = i8x16.lt_u(i8x16.sub(v, i8x16.splat(48)), i8x16.splat(10));
  const lines = i8x16.eq(v, i8x16.splat(95));
  return i8x16.bitmask(v128.or(v128.or(letters, digits), lines));
}
