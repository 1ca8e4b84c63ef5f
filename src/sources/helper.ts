import { execa } from "execa";
import { UserError } from "../user-error.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { createQueue, type Queue } from "./queue.ts";

/** One line of the helper's, as native/README.md lists them. */
export interface HelperLine {
  readonly kind: string;
  /** CLOCK_MONOTONIC nanoseconds. */
  readonly t: number;
  readonly [field: string]: unknown;
}

export interface HelperHello {
  readonly t: number;
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
  /** CLOCK_REALTIME nanoseconds at the instant `t`. */
  readonly realtime: number;
}

/** The running helper. It takes the lab with it when it goes, however it goes. */
export interface Helper {
  readonly hello: HelperHello;
  /** Sends one operation; resolves with its `ok`, rejects with HelperRefusal. */
  request(op: string, fields?: Readonly<Record<string, unknown>>): Promise<HelperLine>;
  /** Everything it reports, in its order, until it ends. To be read once. */
  events(): AsyncGenerator<HelperLine, void>;
  /** Closes its stdin, which ends it and the lab; resolves when the process is gone. */
  close(): Promise<void>;
}

/** The helper said no: which system call failed, on what, with which errno. */
export class HelperRefusal extends Error {
  readonly call: string | null;
  readonly errno: string | null;

  constructor(line: HelperLine) {
    super(String(line.message ?? "the helper refused"));
    this.name = "HelperRefusal";
    this.call = typeof line.call === "string" ? line.call : null;
    this.errno = typeof line.errno === "string" ? line.errno : null;
  }
}

const PROTOCOL = 1;
const REBUILD = "npm run build in a checkout; else install tsinternals again";
/** It takes a lab down in tens of milliseconds; a loaded machine is slower. */
const PATIENCE_MILLISECONDS = 3000;

/**
 * Starts the helper. `command` is its argv, possibly with a program in front that puts it where
 * its cgroups are delegated (systemd-run(1)).
 */
export async function startHelper(command: readonly [string, ...string[]]): Promise<Helper> {
  const subprocess = spawnHelper(command);
  const [program] = command;
  const replies = new Map<number, (line: HelperLine) => void>();
  const queue = createQueue<HelperLine>();
  const dispatch = (line: HelperLine): void => {
    const reply = typeof line.id === "number" ? replies.get(line.id) : undefined;
    if (reply === undefined) queue.push(line);
    else reply(line);
  };
  readLines(subprocess, dispatch);
  const complaint = readComplaint(subprocess);
  const gone = subprocess.then((result) => {
    queue.end();
    const message = `the helper ended (${result.signal ?? `exit ${result.exitCode}`})`;
    for (const reply of replies.values()) reply({ kind: "error", t: 0, message });
    replies.clear();
    // It was never there, or may not be executed: a file system can be mounted noexec (mount(8)).
    return typeof result.code === "string"
      ? `${program}: ${result.code}`
      : "it ended without a word";
  });
  const hello = await firstLine(queue, gone, complaint);
  return {
    hello,
    request: createRequest(subprocess, replies),
    events: () => queue.items(),
    async close() {
      subprocess.stdin?.end();
      // One that hangs must not keep the learner waiting; the lab goes with it all the same.
      const patience = setTimeout(() => subprocess.kill("SIGKILL"), PATIENCE_MILLISECONDS);
      // After dropSudo() a helper of root's cannot be killed either: then it is left to itself.
      let lost: NodeJS.Timeout | undefined;
      const giveUp = new Promise<void>((resolve) => {
        lost = setTimeout(resolve, 2 * PATIENCE_MILLISECONDS);
      });
      await Promise.race([gone, giveUp]);
      clearTimeout(patience);
      clearTimeout(lost);
    },
  };
}

/**
 * detached: a session of its own (setsid(2)), so that the terminal's Ctrl-C reaches us alone and
 * the helper leaves in order when its stdin closes. cleanup: false for the same reason.
 */
function spawnHelper([program, ...args]: readonly [string, ...string[]]) {
  const options = { buffer: false, reject: false, detached: true, cleanup: false } as const;
  return execa(program, args, { ...options, stdin: "pipe", stderr: "pipe" });
}

type HelperProcess = ReturnType<typeof spawnHelper>;

function readLines(subprocess: HelperProcess, dispatch: (line: HelperLine) => void): void {
  const split = createLineSplitter();
  subprocess.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    for (const line of split(chunk)) {
      const parsed = parseLine(line);
      dispatch(parsed ?? { kind: "diagnostic", t: 0, source: "helper", message: line });
    }
  });
  // Writing to a helper that has just ended is no failure of its own: `gone` tells.
  subprocess.stdin?.on("error", () => {});
}

function parseLine(line: string): HelperLine | null {
  try {
    const value = JSON.parse(line) as HelperLine;
    return typeof value?.kind === "string" ? value : null;
  } catch {
    return null;
  }
}

/** What it wrote to stderr: shown when it does not come up. */
function readComplaint(subprocess: HelperProcess): () => string {
  let text = "";
  subprocess.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-4096);
  });
  return () => text.trim();
}

async function firstLine(
  queue: Queue<HelperLine>,
  gone: Promise<string>,
  complaint: () => string,
): Promise<HelperHello> {
  const line = await queue.next();
  if (line === null) {
    const end = await gone;
    const why = complaint() || end;
    throw new UserError(`the native helper did not start: ${why}`, REBUILD, 3);
  }
  const hello = line as unknown as HelperHello;
  if (line.kind !== "hello" || hello.protocol !== PROTOCOL)
    throw new UserError("the native helper is of another version", REBUILD, 3);
  return hello;
}

function createRequest(
  subprocess: HelperProcess,
  replies: Map<number, (line: HelperLine) => void>,
): Helper["request"] {
  let lastId = 0;
  return (op, fields = {}) => {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      replies.set(id, (line) => {
        replies.delete(id);
        if (line.kind === "ok") resolve(line);
        else reject(new HelperRefusal(line));
      });
      if (subprocess.stdin?.writable)
        subprocess.stdin.write(`${JSON.stringify({ op, id, ...fields })}\n`);
      else replies.get(id)?.({ kind: "error", t: 0, message: "the helper has ended" });
    });
  };
}
