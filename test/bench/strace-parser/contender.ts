/**
 * node --conditions=source contender.ts NAME FILE
 *
 * One way to read a trace in Node, in a process of its own. Prints what scan.c prints: the seconds
 * of CPU from opening the file to its end (all of its threads), and sums that say what was read.
 */
import { createReadStream, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  createParser,
  createSpanScanner,
  type TraceEvent,
  valuesOf,
  walk,
} from "../../../src/strace-parser/src/index.ts";

interface Sums {
  lines: number;
  calls: number;
  args: number;
  failed: number;
  micros: number;
}

type Contender = (file: string) => Sums | Promise<Sums>;

const CALL = /^(\d+) +([\d:.]+) (\w+)\((.*)\) += (.*) <([\d.]+)>$/;
const RESUMED = /^(\d+) +([\d:.]+) <\.\.\. (\w+) resumed>(.*)\) += (.*) <([\d.]+)>$/;
const UNFINISHED = /^(\d+) +([\d:.]+) (\w+)\((.*) <unfinished \.\.\.>$/;

const contenders: Readonly<Record<string, Contender>> = {
  /** Arguments as spans, halves joined; no object a call. */
  spans: (file) => {
    const sums = noSums();
    const scanner = createSpanScanner((call) => {
      sums.calls++;
      sums.args += call.argc;
      if (call.failed) sums.failed++;
      sums.micros += Math.round((call.seconds ?? 0) * 1e6);
    });
    readChunks(file, (chunk) => scanner.push(chunk));
    scanner.end();
    return sums;
  },

  /** An object a call, its values not read. */
  events: (file) => parseFile(file, () => {}),

  /** Every value of every event as a typed tree, each node visited. */
  typed: (file) => {
    let nodes = 0;
    const sums = parseFile(file, (event) => {
      for (const value of valuesOf(event)) walk(value, () => nodes++);
    });
    if (nodes < sums.args) throw new Error("fewer nodes than arguments");
    return sums;
  },

  /** What one writes first: regular expressions, arguments as one string, halves left apart. */
  naive: async (file) => {
    const sums = noSums();
    for await (const line of createInterface({ input: createReadStream(file) })) {
      sums.lines++;
      const match = CALL.exec(line) ?? RESUMED.exec(line);
      if (match === null) {
        if (UNFINISHED.test(line)) sums.args++;
        continue;
      }
      const [, pid, time, name, args, result = "", seconds] = match;
      const call = { pid: Number(pid), time, name, args, result, seconds: Number(seconds) };
      sums.calls++;
      if (/^-1 E/.test(call.result)) sums.failed++;
      sums.micros += Math.round(call.seconds * 1e6);
    }
    return sums;
  },

  readline: async (file) => {
    const sums = noSums();
    for await (const _ of createInterface({ input: createReadStream(file) })) sums.lines++;
    return sums;
  },
};

function noSums(): Sums {
  return { lines: 0, calls: 0, args: 0, failed: 0, micros: 0 };
}

function parseFile(file: string, onEvent: (event: TraceEvent) => void): Sums {
  const sums = noSums();
  const take = (events: readonly TraceEvent[]): void => {
    for (const event of events) {
      sums.lines += event.lines.length;
      if (event.type === "call" && event.state === "returned") {
        sums.calls++;
        sums.args += event.args.length;
        if (event.errno !== null) sums.failed++;
        sums.micros += Math.round((event.seconds ?? 0) * 1e6);
      }
      onEvent(event);
    }
  };
  const parser = createParser();
  readChunks(file, (chunk) => take(parser.push(chunk)));
  take(parser.end());
  return sums;
}

function readChunks(file: string, take: (chunk: Uint8Array) => void): void {
  const descriptor = openSync(file, "r");
  const buffer = new Uint8Array(1 << 16);
  for (;;) {
    const length = readSync(descriptor, buffer);
    if (length === 0) return;
    take(buffer.subarray(0, length));
  }
}

const [name = "", file = ""] = process.argv.slice(2);
const contender = contenders[name];
if (contender === undefined) throw new Error(`${name}? ${Object.keys(contenders).join(", ")}`);
const started = process.cpuUsage();
const { lines, calls, args, failed, micros } = await contender(file);
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1e6;
console.log([seconds.toFixed(6), lines, calls, args, failed, micros].join(" "));
