import type { Event, LabReady, RunExit } from "../timeline/event.ts";
import { LAB_PATH } from "../timeline/lab-path.ts";
import { createMerge } from "../timeline/merge.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import { createThinning } from "../timeline/thinning.ts";
import { watchBundles } from "./bundles.ts";
import { watchCgroups } from "./cgroups.ts";
import type { Clock } from "./clock.ts";
import { createExchangeReader } from "./exchanges.ts";
import { type Helper, type HelperLine, HelperRefusal, startHelper } from "./helper.ts";
import { helperEvent, labCgroups, tellsWriters } from "./helper-events.ts";
import { createHiddenProcesses } from "./hidden-processes.ts";
import { type LabState, takeLines } from "./lab-lines.ts";
import type { ReadTree, Tree } from "./layers.ts";
import { createQueue } from "./queue.ts";
import { createTerminalInput, type TerminalInput, type TerminalSize } from "./terminal.ts";
import { createTraceReader, straceCommand, type TraceFilter } from "./trace.ts";
import { type Captured, createUnseenRuns, isUnseen } from "./unseen-runs.ts";
import { createWatchReader } from "./watch-reader.ts";

/** A lab and everything that watches it: one stream of events, in one order of time. */
export interface Lab {
  readonly ready: LabReady;
  /** Batches of events until the lab is gone. To be read once. */
  events(): AsyncGenerator<readonly Event[], void>;
  /** Puts an event of our own into the stream, at its place in time. */
  emit(event: Event): void;
  /** Hands out at once what is held back for slower sources. */
  flush(): void;
  /** Runs argv in the lab; resolves once it is started. */
  start(run: number, argv: readonly string[], trace: TraceFilter | null): Promise<Started>;
  /** Runs argv on a terminal of the lab's own; its output comes as events of stream `pty`. */
  run(options: TerminalRun): Promise<Started & TerminalInput>;
  /** Runs argv without strace; what it prints becomes events, line by line (watch-reader.ts). */
  watch(run: number, argv: readonly string[]): Promise<Started>;
  signal(run: number, signal: "INT" | "TERM" | "KILL"): Promise<void>;
  /** The lab at this moment, in about a millisecond; null when it cannot be had. */
  snapshot(): Promise<Snapshot | null>;
  /** The names below a directory of the lab; null when there is none, or it cannot be read. */
  readonly tree: ReadTree;
  /** A file as the lab sees it; null when it is not there. */
  read(path: string): Promise<string | null>;
  /** Runs argv without showing it; the nanoseconds it took, null when it did not exit with 0. */
  time(argv: readonly string[], trace: TraceFilter | null): Promise<number | null>;
  /** Runs a script without showing it: what it writes, in at most five seconds. */
  capture(script: string): Promise<Captured>;
  /** Reads all cgroup files now. */
  pollCgroups(): void;
  /** Reads the counters of firewall rules; those that have changed come as events. */
  countRules(): Promise<void>;
  /** Tells of tracked connections from now on, not only once a rule is seen that needs them. */
  watchConnections(): Promise<void>;
  close(): Promise<void>;
}

export interface Started {
  readonly pid: number;
  readonly labPid: number;
  /** Resolves when the process has ended; null when the lab went first. */
  readonly exited: Promise<RunExit | null>;
}

export interface TerminalRun {
  readonly run: number;
  readonly argv: readonly string[];
  readonly pty: TerminalSize;
  /** Null: strace does not watch it. */
  readonly trace: TraceFilter | null;
}

export interface LabOptions {
  /** The helper's argv, possibly with a program in front that delegates cgroups to it. */
  readonly command: readonly [string, ...string[]];
  readonly clock: Clock;
  readonly name: string;
  readonly mode: "root" | "rootless";
}

/**
 * How long (ns) an event waits for slower sources. strace's lines come about a millisecond late,
 * on a loaded machine tens of them.
 */
const HOLD = 60e6;
const RELEASE_MILLISECONDS = 25;

/** Killed, or a bug of ours. Either way the kernel has taken the lab with it. */
function unexpectedEnd(clock: Clock): Event {
  const message = "the helper ended by itself, and the lab with it; take the lesson again";
  return { kind: "diagnostic", t: clock.now(), source: "helper", message };
}

export async function openLab({ command, clock, name, mode }: LabOptions): Promise<Lab> {
  const helper = await startHelper(command);
  const merge = createMerge(HOLD);
  const batches = createQueue<readonly Event[]>();
  const thinning = createThinning();
  const hand = (events: readonly Event[]): void => {
    if (events.length > 0) batches.push(thinning.release(events));
  };
  const emit = (event: Event): void => {
    if (thinning.admits(event)) merge.push(event);
  };
  const state: LabState = {
    helper,
    clock,
    emit,
    traces: new Map(),
    watches: new Map(),
    exchanges: createExchangeReader(),
    exits: new Map(),
    bundles: watchBundles({
      read: (path) => read(helper, path).catch(() => null),
      emit,
      now: clock.now,
      hostPid: (labPid) => state.hostPids.get(labPid),
    }),
    unseen: createUnseenRuns({
      clock,
      start: (run, argv, trace) => start(state, run, argv, trace),
      kill: (run) => signal(helper, run, "KILL"),
    }),
    hostPids: new Map(),
    hidden: null,
    closing: false,
  };
  const up = await bringUp(state, { name, mode }).catch(async (error: unknown) => {
    await helper.close();
    throw error;
  });
  const watch = watchCgroups(labCgroups(up.line), clock, emit, tellsWriters(up.line));
  const timer = setInterval(() => hand(merge.release(clock.now())), RELEASE_MILLISECONDS);
  const pumped = takeLines(state, up.rest, watch).finally(() => {
    if (!state.closing) emit(unexpectedEnd(clock));
    clearInterval(timer);
    hand(merge.flush());
    batches.end();
  });
  return {
    ready: up.ready,
    events: () => batches.items(),
    emit,
    flush: () => hand(merge.flush()),
    start: (run, argv, trace) => start(state, run, argv, trace),
    run: (options) => runOnTerminal(state, options),
    watch: (run, argv) => startWatch(state, run, argv),
    signal: (run, name) => signal(helper, run, name),
    snapshot: () => snapshot(helper),
    tree: (path) => tree(helper, path),
    read: (path) => read(helper, path),
    time: state.unseen.time,
    capture: state.unseen.capture,
    pollCgroups: () => watch.poll(),
    async countRules() {
      await helper.request("count");
    },
    async watchConnections() {
      await helper.request("watch", { what: "conntrack" });
    },
    async close() {
      state.closing = true;
      await helper.close();
      await pumped;
    },
  };
}

interface BroughtUp {
  readonly ready: LabReady;
  readonly line: HelperLine;
  readonly rest: AsyncGenerator<HelperLine, void>;
}

async function bringUp(
  state: LabState,
  plan: Pick<LabOptions, "name" | "mode">,
): Promise<BroughtUp> {
  const { helper, clock, emit } = state;
  await helper.request("up", { ...plan, hostname: "lab" });
  const rest = helper.events();
  for (;;) {
    const { value: line, done } = await rest.next();
    if (done === true) throw new Error("the helper ended while it brought up the lab");
    const event = helperEvent(line, clock);
    if (event !== null) emit(event);
    if (event?.kind !== "lab.ready") continue;
    state.hidden = createHiddenProcesses(event.pid);
    return { ready: event, line, rest };
  }
}

const ENVIRONMENT = [`PATH=${LAB_PATH}`, "HOME=/root", "LANG=C.UTF-8"];

async function start(
  state: LabState,
  run: number,
  argv: readonly string[],
  trace: TraceFilter | null,
): Promise<Started> {
  return request(state, run, {
    ...watchedBy(state, run, argv, trace),
    env: [...ENVIRONMENT, "TERM=dumb"],
  });
}

/** The command, with strace in front of it where it is to watch. */
function watchedBy(
  state: LabState,
  run: number,
  argv: readonly string[],
  trace: TraceFilter | null,
): { readonly argv: readonly string[]; readonly trace: boolean } {
  if (trace === null) return { argv, trace: false };
  if (!isUnseen(run)) state.traces.set(run, createTraceReader(traceOptions(state, run)));
  return { argv: straceCommand(trace, `/run/tsi/trace.${run}`, argv), trace: true };
}

async function startWatch(state: LabState, run: number, argv: readonly string[]): Promise<Started> {
  const { fromMicroseconds, now } = traceOptions(state, run);
  const fromRealtime = (nanoseconds: number): number => fromMicroseconds(nanoseconds / 1000);
  state.watches.set(run, createWatchReader({ run, fromRealtime, now }));
  return start(state, run, argv, null);
}

async function runOnTerminal(
  state: LabState,
  { run, argv, pty, trace }: TerminalRun,
): Promise<Started & TerminalInput> {
  const env = [...ENVIRONMENT, "TERM=xterm-256color"];
  const watched = watchedBy(state, run, argv, trace);
  const started = await request(state, run, { ...watched, pty, env });
  return { ...started, ...createTerminalInput(state.helper, run) };
}

async function request(
  { helper, exits, hidden }: LabState,
  run: number,
  fields: Readonly<Record<string, unknown>>,
): Promise<Started> {
  const exited = new Promise<RunExit | null>((resolve) => exits.set(run, resolve));
  const plain = fields.trace === true ? "strace" : "plain";
  const isProcess = hidden?.expect(isUnseen(run) ? "hidden" : plain);
  try {
    const line = await helper.request("run", { run, cwd: "/root", ...fields });
    isProcess?.(line.pid as number);
    return { pid: line.pid as number, labPid: line.labPid as number, exited };
  } catch (error) {
    isProcess?.(null);
    throw error;
  }
}

async function signal(helper: Helper, run: number, name: "INT" | "TERM" | "KILL"): Promise<void> {
  await helper.request("signal", { run, signal: name });
}

function traceOptions(state: LabState, run: number): Parameters<typeof createTraceReader>[0] {
  const { hello } = state.helper;
  // strace stamps with CLOCK_REALTIME; the helper read both clocks at one instant.
  const realtimeAhead = hello.realtime - hello.t;
  return {
    run,
    fromMicroseconds: (micros) => state.clock.fromMonotonic(micros * 1000 - realtimeAhead),
    now: state.clock.now,
    hostPid: (labPid) => state.hostPids.get(labPid),
  };
}

async function read(helper: Helper, path: string): Promise<string | null> {
  const reply = await helper.request("read", { path });
  return reply.exists === true ? String(reply.text ?? "") : null;
}

async function tree(helper: Helper, path: string): Promise<Tree | null> {
  const reply = await helper.request("tree", { path }).catch((error: unknown) => {
    if (error instanceof HelperRefusal) return null;
    throw error;
  });
  return reply?.exists === true ? (reply as unknown as Tree) : null;
}

async function snapshot(helper: Helper): Promise<Snapshot | null> {
  try {
    return (await helper.request("snapshot")) as unknown as Snapshot;
  } catch (error) {
    if (error instanceof HelperRefusal) return null;
    throw error;
  }
}
