import { createRoundTrip, type RoundTrip } from "./cli-round-trip.ts";
import { createParser, type TraceEvent, toUtf8 } from "./index.ts";

/** What the command needs of the system it runs on. */
export interface CliHost {
  /** A file's bytes as they come; `-` is the standard input. */
  read(file: string): AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more. */
  print(text: string): Promise<void>;
  complain(text: string): void;
}

const USAGE = `usage:
  strace-parser check FILE…   does every byte come back? (exit 0: yes, 1: no, 2: a file is unreadable)
  strace-parser json FILE|-   one event a line
FILE is what strace -o wrote; - is the standard input.
`;

/** Runs the command and returns its exit status. */
export async function run(args: readonly string[], host: CliHost): Promise<number> {
  const [command, ...files] = args;
  if (command === "check" && files.length > 0) return check(files, host);
  if (command === "json" && files.length === 1) return json(files[0] as string, host);
  if (command === "--help" || command === "-h") {
    await host.print(USAGE);
    return 0;
  }
  host.complain(USAGE);
  return 2;
}

async function check(files: readonly string[], host: CliHost): Promise<number> {
  const results: RoundTrip[] = [];
  for (const file of files) {
    const roundTrip = createRoundTrip();
    if (!(await feed(file, host, async (chunk) => roundTrip.push(chunk)))) continue;
    const result = roundTrip.end();
    results.push(result);
    await host.print(describe(file, result, place(result)));
  }
  const bad = results.filter(({ differing }) => differing > 0).length;
  if (results.length > 1) {
    const verdict = bad === 0 ? "ok" : `${bad} of ${results.length} files differ`;
    await host.print(describe(`all ${results.length} files`, sum(results), verdict));
  }
  return results.length < files.length ? 2 : Math.min(bad, 1);
}

async function json(file: string, host: CliHost): Promise<number> {
  const parser = createParser();
  const printAll = async (events: readonly TraceEvent[]): Promise<void> => {
    if (events.length > 0) await host.print(events.map((event) => `${toJson(event)}\n`).join(""));
  };
  const read = await feed(file, host, async (chunk) => printAll(parser.push(chunk)));
  await printAll(parser.end());
  return read ? 0 : 2;
}

/** Text as UTF-8: inside the parser each character is a byte. */
function toJson(event: TraceEvent): string {
  return JSON.stringify(event, (_key, value) =>
    typeof value === "string" ? toUtf8(value) : value,
  );
}

/** Hands over a file piece by piece; false, and a sentence, when it cannot be read. */
async function feed(
  file: string,
  host: CliHost,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<boolean> {
  const chunks = host.read(file)[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      host.complain(`strace-parser: cannot read ${file}: ${reason(error)}\n`);
      return false;
    }
    if (next.done === true) return true;
    await take(next.value);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EISDIR: "it is a directory",
};

function reason(error: unknown): string {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  return REASONS[code] ?? message;
}

function describe(name: string, result: RoundTrip, verdict: string): string {
  const events = [...result.events].sort((a, b) => b[1] - a[1]);
  const types = events.map(([type, count]) => `${type} ${count}`).join(", ");
  return `${name}
  lines          ${result.lines}
  events         ${events.reduce((all, [, count]) => all + count, 0)}${types && ` (${types})`}
  foreign lines  ${result.foreignLines}
  opaque scalars ${result.opaque}
  round trip     ${verdict}
`;
}

function place({ first, differing }: RoundTrip): string {
  if (first === null) return "ok";
  const { offset, line } = first;
  return `differs: first at byte ${offset} (counted from 0) in line ${line}, ${differing} in all`;
}

function sum(results: readonly RoundTrip[]): RoundTrip {
  const events = new Map<string, number>();
  for (const result of results) {
    for (const [type, count] of result.events) events.set(type, (events.get(type) ?? 0) + count);
  }
  const add = (field: "bytes" | "lines" | "foreignLines" | "opaque" | "differing"): number =>
    results.reduce((all, result) => all + result[field], 0);
  return {
    bytes: add("bytes"),
    lines: add("lines"),
    events,
    foreignLines: add("foreignLines"),
    opaque: add("opaque"),
    differing: add("differing"),
    first: null,
  };
}
