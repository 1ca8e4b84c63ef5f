import { setTimeout as sleep } from "node:timers/promises";
import { type Helper, HelperRefusal } from "./helper.ts";

/** Characters, as stty(1) counts them: 1 to 65535 each. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** What goes into a run's terminal. */
export interface TerminalInput {
  /**
   * As typed: "\u0003" is Ctrl-C, "\u0004" the end of input, "\r" Return. Resolves when the terminal,
   * or the queue before it, has taken all; rejects with HelperRefusal when the run has ended.
   */
  write(data: string | Uint8Array): Promise<void>;
  /** The kernel tells the programs in it (SIGWINCH). */
  resize(size: TerminalSize): Promise<void>;
}

/** The helper holds 256 KiB for a run that does not read; what is more waits here. */
const PIECE_BYTES = 64 << 10;
const AGAIN_MILLISECONDS = 10;

export function createTerminalInput(helper: Helper, run: number): TerminalInput {
  let last: Promise<void> = Promise.resolve();
  return {
    write(data) {
      // One after the other, in the order in which they were typed.
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      const written = last.then(() => writePieces(helper, run, bytes));
      last = written.catch(() => {});
      return written;
    },
    async resize({ rows, columns }) {
      await helper.request("resize", { run, rows, columns });
    },
  };
}

async function writePieces(helper: Helper, run: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const base64 = Buffer.from(bytes.subarray(at, at + PIECE_BYTES)).toString("base64");
    while (!(await isTaken(helper, run, base64))) await sleep(AGAIN_MILLISECONDS);
  }
}

async function isTaken(helper: Helper, run: number, base64: string): Promise<boolean> {
  try {
    await helper.request("write", { run, base64 });
    return true;
  } catch (error) {
    if (error instanceof HelperRefusal && error.errno === "EAGAIN") return false;
    throw error;
  }
}
