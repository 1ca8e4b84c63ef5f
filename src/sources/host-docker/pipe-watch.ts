import { execa } from "execa";
import type { Event } from "../../timeline/event.ts";
import { decodeEvent } from "../../timeline/recording.ts";
import type { Clock } from "../clock.ts";
import { createLineSplitter } from "../line-splitter.ts";
import { createQueue } from "../queue.ts";
import type { HostWatch } from "./watch-host.ts";

/** It ends when its stdin does; one that hangs (ms) is not waited for. */
const PATIENCE = 3000;

/**
 * The watch of another process, which stays root when we do not: it writes an event a line. The two
 * share a clock, so what we add ourselves has its place among them.
 */
export function pipeWatch(
  [program, ...args]: readonly [string, ...string[]],
  clock: Clock,
): HostWatch {
  // A session of its own: the terminal's Ctrl-C is for us, and our end is its end of file.
  const options = { buffer: false, reject: false, detached: true, cleanup: false } as const;
  const child = execa(program, args, { ...options, stdin: "pipe", stderr: "pipe" });
  const batches = createQueue<readonly Event[]>();
  const split = createLineSplitter();
  let closing = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const events = split(text).flatMap((line) => decodeEvent(line) ?? []);
    if (events.length > 0) batches.push(events);
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-1000);
  });
  child.stdin.on("error", () => {});
  const gone = child.then(() => {
    const message = `what looks as root has ended by itself: ${complaint.trim() || "no word"}`;
    if (!closing) batches.push([{ kind: "diagnostic", t: clock.now(), source: "helper", message }]);
    batches.end();
  });
  let begun = false;
  return {
    events: () => batches.items(),
    emit: (event) => batches.push([event]),
    flush: () => {},
    begin() {
      if (!begun) child.stdin.write("begin\n");
      begun = true;
    },
    async close() {
      closing = true;
      child.stdin.end();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE);
      });
      await Promise.race([gone, patience]);
      clearTimeout(timer);
      batches.end();
    },
  };
}
