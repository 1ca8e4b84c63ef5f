// AssemblyScript. Calls cut in this piece that wait for their other half, one a slot: a thread
// sits in one system call at a time. A slot is shared by process ids that are equal modulo 1024;
// where two of them meet, the parser in TypeScript takes over.
import { PID, SIZE } from "../src/record";
import { HEADS, SLOTS } from "./memory";

/** Of a slot: the waiting head's record, 0 when there is none. */
const HEAD = 0;
/** Of a slot: how many calls the parser in TypeScript has open on its process ids. */
const OWNED = 4;

/** Where the next head goes. */
export let headsEnd: i32 = HEADS;

export function setHeadsEnd(at: i32): void {
  headsEnd = at;
}

export function slotOf(pid: i32): i32 {
  return SLOTS + ((pid & 1023) << 4);
}

export function headAt(slot: i32): i32 {
  return i32.load(slot, HEAD);
}

export function setHead(slot: i32, head: i32): void {
  i32.store(slot, head as i32, HEAD);
}

export function isTaken(slot: i32): bool {
  return i64.load(slot) !== 0;
}

/** The parser in TypeScript opens (1) or ends (-1) a call on this process. */
export function own(pid: i32, change: i32): void {
  const slot = slotOf(pid);
  i32.store(slot, i32.load(slot, OWNED) + change, OWNED);
}

/** Moves the records of all waiting heads to `out`, in order; returns where they end. */
export function takeHeads(out: i32): i32 {
  for (let at: i32 = HEADS; at < headsEnd; ) {
    const size = i32.load(at, SIZE * 4) << 2;
    const slot = slotOf(i32.load(at, PID * 4));
    if (headAt(slot) === at) {
      setHead(slot, 0);
      memory.copy(out, at, size);
      out += size;
    }
    at += size;
  }
  headsEnd = HEADS;
  return out;
}
