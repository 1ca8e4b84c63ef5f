// AssemblyScript. What strace writes where it cuts a call in two, and what is kept of the first half.
import { ARGS } from "../src/record";
import { INPUT } from "./memory";
import { byteAt } from "./scan-leader";

/** `<unfinished ...>` and the end of the line. */
export function isUnfinished(at: i32): bool {
  const mark = i8x16(60, 117, 110, 102, 105, 110, 105, 115, 104, 101, 100, 32, 46, 46, 46, 62);
  return i8x16.all_true(i8x16.eq(v128.load(INPUT + at), mark)) && byteAt(at + 16) === 10;
}

/** A cut call's record: memory.copy would call out of the module for each. */
export function copyHead(to: i32, from: i32, size: i32): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  for (let at: i32 = ARGS * 4; at < size; at += 16) v128.store(to + at, v128.load(from + at));
}

/** strace before 5.0 prints one more space behind `resumed>`: 1 when it is there. */
export function oldSpace(at: i32): i32 {
  const next = i32.load16_u(INPUT + at + 1);
  return next === 0x3e3d || next === 0x726f || next === 0x2a2f || next === 0x753c ? 0 : 1;
}
