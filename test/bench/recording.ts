import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../src/timeline/event.ts";
import { compare } from "./compare.ts";
import type { Figure, Outcome } from "./figure.ts";
import { node, program, runToEnd } from "./programs.ts";
import { shippedEvents, shippedFile, shippedText, textOf } from "./session-text.ts";

/** What a session takes on disk, and how fast it comes back from there. */
export async function* recordingFigures(): AsyncGenerator<Outcome> {
  yield bytesPerEvent();
  // 4.5 when this was written: 30 ms for Node and parsing, 100 ms for the program's own start.
  yield await replayOverParse("replay-over-parse", shippedFile, 6);
  const folder = mkdtempSync(join(tmpdir(), "tsi-bench-"));
  try {
    const file = join(folder, "long.ndjson");
    writeFileSync(file, textOf(longRecording()));
    // 1.8 when this was written: here the start counts for little.
    yield await replayOverParse("long-replay-over-parse", file, 3);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bytesPerEvent(): Figure {
  const bytes = Buffer.byteLength(shippedText);
  const detail = `${bytes} bytes, ${shippedEvents.length} events`;
  // 160 when this was written: an hour of 100 events a second is 58 MB, 7 MB with gzip.
  return { name: "bytes-per-event", value: bytes / shippedEvents.length, atMost: 200, detail };
}

const TIMES = 30;

/** The lesson's recording with everything that happened within its steps happening 30 times. */
function longRecording(): Event[] {
  const once = (event: Event): boolean => /^(session|lab|step)\./.test(event.kind);
  return shippedEvents.flatMap((event) => (once(event) ? event : Array(TIMES).fill(event)));
}

const PARSE = `
  const { readFileSync } = require("node:fs");
  const lines = readFileSync(process.argv[1], "utf8").split("\\n").filter(Boolean);
  process.stdout.write(lines.map((line) => JSON.stringify(JSON.parse(line)) + "\\n").join(""));
`;

/** Whole processes, their start included: that is what one waits for. */
function replayOverParse(name: string, file: string, atMost: number): Promise<Figure> {
  const lesson = [program, "lesson", "cgroups", "--auto", "--json", "--replay", file];
  return compare({
    name,
    atMost,
    rounds: 10,
    warmUp: 1,
    ours: { name: "lesson cgroups --auto --json --replay", time: () => runToEnd(node, lesson) },
    baseline: {
      name: "node that parses and prints the same lines",
      time: () => runToEnd(node, ["-e", PARSE, file]),
    },
  });
}
