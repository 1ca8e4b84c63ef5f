import { type IncomingMessage, request } from "node:http";
import { StringDecoder } from "node:string_decoder";
import { VERSION } from "../../version.ts";
import { createLineSplitter } from "../line-splitter.ts";

/** The Engine API on its socket, as far as it only reads: every request of ours is a GET. */
export interface DockerApi {
  readonly socket: string;
  /** Rejects when the daemon cannot be reached, or goes before it has answered. */
  get(path: string): Promise<ApiAnswer>;
  /** Gives out the lines of an answer that goes on. Resolves when it has ended, however. */
  follow(path: string, heard: FollowListener): Promise<void>;
  close(): void;
}

export interface ApiAnswer {
  readonly status: number;
  readonly asked: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface FollowListener {
  /** The head of the answer has come: from here on lines follow. */
  opened(): void;
  line(text: string): void;
}

/** Nobody waits longer (ms) for an answer; the events are no answer in this sense. */
const PATIENCE = 10_000;
const ASKED = [
  ["Host", "docker"],
  ["User-Agent", `tsinternals/${VERSION} (watch)`],
] as const;

export function createDockerApi(socket: string): DockerApi {
  const open = new Set<{ destroy(): void }>();
  const ask = (path: string, timeout: number): Promise<IncomingMessage> => {
    return new Promise((resolve, reject) => {
      const headers = Object.fromEntries(ASKED);
      // No agent: a connection of its own, which ends with its answer.
      const asked = request({ socketPath: socket, path, headers, agent: false, timeout }, resolve);
      open.add(asked);
      asked.on("close", () => open.delete(asked));
      asked.on("timeout", () => asked.destroy(new Error("the docker daemon does not answer")));
      asked.on("error", reject);
      asked.end();
    });
  };
  return {
    socket,
    async get(path) {
      const answer = await ask(path, PATIENCE);
      const body = await textOf(answer);
      return {
        status: answer.statusCode ?? 0,
        asked: ASKED,
        headers: pairs(answer.rawHeaders),
        body,
      };
    },
    async follow(path, heard) {
      const answer = await ask(path, 0);
      if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode}`);
      heard.opened();
      const split = createLineSplitter();
      const decoder = new StringDecoder();
      await new Promise<void>((resolve) => {
        answer.on("data", (bytes: Buffer) => {
          for (const line of split(decoder.write(bytes))) heard.line(line);
        });
        // A daemon that is killed breaks off (`error`), one that is stopped comes to an end.
        answer.on("error", () => {});
        answer.on("close", resolve);
      });
    },
    close() {
      for (const each of open) each.destroy();
    },
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""]] : []));
}
