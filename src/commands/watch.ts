import { accessSync, constants, readFileSync, statSync } from "node:fs";
import os from "node:os";
import { createWatchDriver } from "../drivers/watch.ts";
import { hostSummary, readHostFacts } from "../host/host-facts.ts";
import { helperPath } from "../host/paths.ts";
import { dropSudo, isSudo } from "../host/privileges.ts";
import { selectVariant } from "../lesson/select.ts";
import { type Clock, createClock } from "../sources/clock.ts";
import { findDockerSocket, type SocketFacts } from "../sources/host-docker/docker-socket.ts";
import { pipeWatch } from "../sources/host-docker/pipe-watch.ts";
import { type HostWatch, watchHost } from "../sources/host-docker/watch-host.ts";
import { encodeEvent, RECORDING_FORMAT } from "../timeline/recording.ts";
import { createTimeline } from "../timeline/timeline.ts";
import { VERSION } from "../version.ts";
import { conductSession } from "./conduct-session.ts";
import { openReplaySession, type Session, variantOf } from "./session.ts";
import { WATCH_LESSON } from "./watch-lesson.ts";

export interface WatchOptions {
  readonly plain: boolean;
  readonly json: boolean;
  readonly mouse: boolean;
  readonly record: string | null;
  /** A recording to play instead. */
  readonly replay: string | null;
}

/** `tsinternals watch docker`: returns the exit status. */
export async function watchCommand(options: WatchOptions): Promise<number> {
  const session = await openSession(options);
  // Whatever needs root is done by the process that was started for it.
  dropSudo();
  // Somebody's containers may tell secrets: what is seen is kept only where it was asked for.
  const taken = { auto: true, from: null, notes: false, keep: false, noAfresh: "there is no lab" };
  const { status } = await conductSession(session, { ...options, ...taken });
  return status;
}

async function openSession({ replay, plain, json }: WatchOptions): Promise<Session> {
  const paced = process.stdout.isTTY === true && !plain && !json;
  if (replay !== null) return openReplaySession(WATCH_LESSON, { file: replay, why: null, paced });
  const socket = findDockerSocket(socketFacts);
  const facts = await readHostFacts();
  const clock = createClock();
  const timeline = createTimeline([
    {
      kind: "session.start",
      t: 0,
      format: RECORDING_FORMAT,
      tool: VERSION,
      lesson: WATCH_LESSON.id,
      startedAt: new Date().toISOString(),
      host: hostSummary(facts),
    },
  ]);
  const watch = isSudo()
    ? pipeWatch(sourceCommand(socket, clock), clock)
    : watchHere(socket, clock);
  const driver = createWatchDriver({ watch, timeline, clock });
  return { lesson: selectVariant(WATCH_LESSON, variantOf(facts.cgroup)), driver, timeline };
}

function watchHere(socket: string, clock: Clock): HostWatch {
  return watchHost({ socket, helper: helperPath, clock });
}

/** This program once more, as root and without a screen: it looks, and we show. */
function sourceCommand(socket: string, clock: Clock): [string, ...string[]] {
  const [node, program = ""] = process.argv;
  const start = `${-clock.fromMonotonic(0)}`;
  return [node as string, ...process.execArgv, program, "watch-source", socket, start];
}

/** `tsinternals watch-source SOCKET START`: events on stdout from the first line of stdin to its end. */
export async function watchSourceCommand(socket: string, start: string): Promise<number> {
  const watch = watchHere(socket, createClock(Number(start)));
  process.stdin.once("data", () => watch.begin());
  process.stdin.on("end", () => void watch.close());
  for await (const events of watch.events()) process.stdout.write(events.map(encodeEvent).join(""));
  return 0;
}

const socketFacts: SocketFacts = {
  env: process.env,
  home: os.homedir(),
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  },
  look(path) {
    try {
      // connect(2) asks for write permission on the file (unix(7)).
      if (!statSync(path).isSocket()) return "none";
      accessSync(path, constants.W_OK);
      return "open";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EACCES" ? "closed" : "none";
    }
  },
};
