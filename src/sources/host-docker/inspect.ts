import type { Exchange, ExchangeMessage } from "../../timeline/event-exchange.ts";
import { hideEnvironment, hideSecrets } from "../secrets.ts";
import type { ApiAnswer, DockerApi } from "./docker-api.ts";

/** What the daemon knows of a container that runs. */
export interface Inspected {
  readonly id: string;
  readonly name: string;
  /** Its first process, as the daemon sees it. */
  readonly labPid: number;
}

/** Asks the daemon, and tells each question with its answer. */
export interface Inspector {
  /** `Docker/28.2.2 (linux)`; null: it does not say. */
  version(): Promise<string | null>;
  /** The ids of the containers that run, the newest first. */
  list(): Promise<string[]>;
  /** Null: it is gone, or does not run. */
  inspect(id: string): Promise<Inspected | null>;
}

export interface InspectorOptions {
  readonly api: Pick<DockerApi, "get" | "socket">;
  readonly now: () => number;
  readonly emit: (event: Exchange) => void;
}

export function createInspector({ api, now, emit }: InspectorOptions): Inspector {
  let connection = 0;
  const ask = async (path: string): Promise<ApiAnswer> => {
    const began = now();
    const answer = await api.get(path);
    emit(
      ownExchange(path, answer, { began, t: now(), socket: api.socket, connection: --connection }),
    );
    return answer;
  };
  const askFor = async (path: string): Promise<unknown> => {
    const { status, body } = await ask(path);
    return status === 200 ? parse(body) : null;
  };
  return {
    async version() {
      // Not /version: for that dockerd runs `runc --version`, and we would be seen to have caused it.
      const { headers } = await ask("/_ping");
      const [, server] = headers.find(([name]) => name.toLowerCase() === "server") ?? [];
      return server ?? null;
    },
    async list() {
      const all = await askFor("/containers/json");
      if (!Array.isArray(all)) return [];
      return all.flatMap((each) => {
        const { Id: id } = fieldsOf(each);
        return isId(id) ? [id] : [];
      });
    },
    async inspect(id) {
      if (!isId(id)) return null;
      return containerOf(await askFor(`/containers/${id}/json`));
    },
  };
}

export function containerOf(inspected: unknown): Inspected | null {
  const { Id: id, Name: name, State: state } = fieldsOf(inspected);
  const { Pid: labPid } = fieldsOf(state);
  if (!isId(id) || typeof labPid !== "number" || labPid === 0) return null;
  return { id, name: typeof name === "string" ? name.replace(/^\//, "") : id, labPid };
}

interface Asked {
  readonly began: number;
  readonly t: number;
  readonly socket: string;
  /** Ours count downwards: those of traced commands go up from 1. */
  readonly connection: number;
}

/** What of an answer is kept; the rest is counted. */
const MOST_TEXT = 64 << 10;

function ownExchange(target: string, answer: ApiAnswer, asked: Asked): Exchange {
  const [path = "", query] = target.split("?");
  return {
    kind: "exchange",
    t: asked.t,
    run: 0,
    labPid: process.pid,
    pid: process.pid,
    fd: -1,
    connection: asked.connection,
    socket: asked.socket,
    began: asked.began,
    side: "client",
    own: true,
    method: "GET",
    path,
    ...(query !== undefined && { query }),
    request: { headers: answer.asked, bytes: 0 },
    response: responseOf(answer),
    status: answer.status,
  };
}

/** Without passwords, wherever they are known by their names: recordings are passed on. */
function responseOf({ headers, body }: ApiAnswer): ExchangeMessage {
  const bytes = Buffer.byteLength(body);
  const text = hideEnvironment(hideSecrets(body)).slice(0, MOST_TEXT);
  const missing = body.length > MOST_TEXT ? Buffer.byteLength(body.slice(MOST_TEXT)) : 0;
  return { headers, text, bytes, ...(missing > 0 && { missing }) };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{12,64}$/.test(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
