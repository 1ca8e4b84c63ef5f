import { decodeString } from "strace-parser";
import type { Syscall } from "../timeline/event.ts";

/** What one system call moved through a descriptor. */
export interface Transfer {
  readonly fd: Descriptor;
  readonly direction: "in" | "out";
  /** The bytes strace printed, one character each (latin1), in order. */
  readonly shown: string;
  /** How many more were moved: cut off by `-s`, or never printed (sendfile). */
  readonly missing: number;
}

/** `7<socket:[81]>` with `-y`; `name` is null without. */
export interface Descriptor {
  readonly number: number;
  readonly name: string | null;
}

type Direction = Transfer["direction"];
type Shape = "buffer" | "vector" | "message" | "unprinted";

/** read(2), readv(2), recv(2), recvmsg(2), sendfile(2) and their counterparts. */
const TRANSFERS: Readonly<Record<string, readonly [Direction, Shape, flagsAt?: number]>> = {
  read: ["in", "buffer"],
  recvfrom: ["in", "buffer", 3],
  recv: ["in", "buffer", 3],
  readv: ["in", "vector"],
  recvmsg: ["in", "message", 2],
  write: ["out", "buffer"],
  sendto: ["out", "buffer"],
  send: ["out", "buffer"],
  writev: ["out", "vector"],
  sendmsg: ["out", "message"],
  sendfile: ["out", "unprinted"],
  sendfile64: ["out", "unprinted"],
};

const descriptorForm = /^(\d+)(?:<(.*)>(?:\(deleted\))?)?$/s;
const bufferForm = /iov_base=("(?:[^"\\]|\\.)*"(?:\.\.\.)?)/gs;

export function readDescriptor(printed: string | undefined): Descriptor | null {
  const match = descriptorForm.exec(printed ?? "");
  return match === null ? null : { number: Number(match[1]), name: match[2] ?? null };
}

export function isSocket({ name }: Descriptor): boolean {
  return name !== null && /^(?:socket:\[|(?:UNIX|TCP)[\w-]*:\[)/.test(name);
}

/** Bytes a call moved; null for other calls, failed ones, and ones that only peek. */
export function readTransfer(call: Syscall): Transfer | null {
  const [direction, shape, flagsAt] = TRANSFERS[call.name] ?? [];
  const moved = Number.parseInt(call.result ?? "", 10);
  const fd = readDescriptor(call.args[0]);
  if (direction === undefined || fd === null || !(moved >= 0)) return null;
  // MSG_PEEK leaves the data where it is: the next call reads it again (recv(2)).
  if (flagsAt !== undefined && /\bMSG_PEEK\b/.test(call.args[flagsAt] ?? "")) return null;
  // A short write prints more than it moved; a buffer longer than -s prints less.
  const shown = printedBuffers(call.args[1] ?? "", shape, moved);
  return { fd, direction, shown, missing: moved - shown.length };
}

/** The buffers joined, up to the first that is cut off: what stands behind a hole has no place. */
function printedBuffers(argument: string, shape: Shape | undefined, moved: number): string {
  if (shape === "unprinted") return "";
  const printed =
    shape === "buffer" ? [argument] : [...argument.matchAll(bufferForm)].map((match) => match[1]);
  let shown = "";
  for (const buffer of printed) {
    const decoded = decodeString(buffer ?? "");
    if (decoded === null) break;
    shown += Buffer.from(decoded.bytes).toString("latin1");
    if (decoded.truncated || shown.length >= moved) break;
  }
  return shown.slice(0, moved);
}
