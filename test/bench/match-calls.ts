import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** pid, time, name, arguments as one string, result, errno, duration; halves do not match. */
const CALL = /^(\d+) (\d+\.\d+) (\w+)\((.*)\) += (-?\w+|\?)(?: (E\w+) \(.*\))?(?:.*<(\d+\.\d+)>)?$/;

/** The reader of strace's text that one writes first: Node's lines and a regular expression. */
export function matchCalls(chunks: readonly string[]): Promise<object[]> {
  return new Promise((resolve) => {
    const calls: object[] = [];
    createInterface({ input: Readable.from(chunks) })
      .on("line", (line) => {
        const match = CALL.exec(line);
        if (match === null) return;
        const [, pid, time, name, args, result, errno, seconds] = match;
        const at = { pid: Number(pid), t: Number(time) };
        calls.push({ ...at, name, args, result, errno, seconds: Number(seconds) });
      })
      .on("close", () => resolve(calls));
  });
}
