import type { Syscall } from "../timeline/event.ts";
import type { HttpEvent, HttpExchange, OnConnection } from "./http.ts";
import { readDescriptor, type Transfer } from "./http-data.ts";
import {
  createMessageReader,
  type Framing,
  type Head,
  type HttpMessage,
  header,
  type MessageReader,
} from "./http-message.ts";
import { createHttp2Reader, HTTP2_PREFACE, type Http2Reader } from "./http2.ts";

/** One socket seen from one end: both directions, requests in order with their responses. */
export interface Connection {
  /** The process that moved bytes last. */
  user: number;
  take(call: Syscall, transfer: Transfer): HttpEvent[];
  end(): HttpEvent[];
}

interface Waiting {
  readonly side: HttpExchange["side"];
  readonly from: OnConnection;
  readonly request: HttpMessage;
}

interface Answer {
  readonly answered: number | null;
  readonly message: HttpMessage;
  readonly status: number;
  readonly until: number | null;
}

/** The bytes of both directions, and what the client asked for. */
interface Http2State extends Record<Transfer["direction"], number> {
  readonly from: OnConnection;
  /** The direction in which the client's frames go, seen from this process. */
  readonly asks: Transfer["direction"];
  readonly reader: Http2Reader;
}

/** A client's first write has this much of the preface at least. */
const HTTP2_BEGINS = HTTP2_PREFACE.slice(0, 16);

function beginHttp2(from: OnConnection, asks: Transfer["direction"]): Http2State {
  return { from, asks, reader: createHttp2Reader(), in: 0, out: 0 };
}

const NO_ANSWER = { message: null, status: null, answered: null, until: null };

export function createConnection(connection: number, peer: string | undefined): Connection {
  const waiting: Waiting[] = [];
  const answers: Answer[] = [];
  let methods: string[] = [];
  let raw = false;
  let out: HttpEvent[] = [];
  let now: Syscall | null = null;
  const began: Partial<Record<Transfer["direction"], OnConnection>> = {};
  /** When the first byte of the message under way had been moved. */
  const first: Partial<Record<Transfer["direction"], number>> = {};
  let http2: Http2State | null = null;

  const place = (call: Syscall): OnConnection => ({
    t: call.t,
    run: call.run,
    labPid: call.labPid,
    ...(call.pid !== undefined && { pid: call.pid }),
    fd: readDescriptor(call.args[0])?.number ?? -1,
    connection,
    ...(peer !== undefined && { peer }),
  });

  const framing = (head: Head): Framing => {
    const status = statusOf(head.startLine);
    if (status === null) methods.push(head.startLine.split(" ", 1)[0] ?? "");
    else if (isUpgrade(status, methods[0]) || isHijack(status, head)) return "raw";
    else if (status < 200 || status === 204 || status === 304 || methods[0] === "HEAD")
      return "none";
    if (/\bchunked\b/i.test(header(head, "transfer-encoding") ?? "")) return "chunked";
    if (header(head, "content-length") !== undefined) return "length";
    return status === null ? "none" : "until-end";
  };

  const exchange = ({ side, from, request }: Waiting, answered: Answer | null): void => {
    const [method = "", target = ""] = request.startLine.split(" ");
    const { message: response, status, until, answered: first } = answered ?? NO_ANSWER;
    const known = { side, method, target, request, response, status, answered: first, until };
    const upgrade = response === null ? null : upgradeOf(status, method, response);
    out.push({ type: "exchange", ...from, ...known, ...(upgrade !== null && { upgrade }) });
  };

  const createReader = (direction: Transfer["direction"]): MessageReader =>
    createMessageReader({
      framing,
      message: (message) => {
        const from = began[direction] ?? (now === null ? undefined : place(now));
        delete began[direction];
        const status = statusOf(message.startLine);
        if (status === null) {
          const side = direction === "out" ? "client" : "server";
          if (from !== undefined) waiting.push({ side, from, request: message });
        } else answer(message, status, first[direction] ?? null);
        delete first[direction];
        while (waiting[0] !== undefined && answers[0] !== undefined) {
          exchange(waiting.shift() as Waiting, answers.shift() as Answer);
        }
      },
      raw: (shown, missing) => pushRaw(direction, shown, missing),
    });

  const answer = (message: HttpMessage, status: number, answered: number | null): void => {
    // An interim answer (100 Continue) is followed by the real one (RFC 9110, 15.2). One without
    // a question was on its way when the trace began.
    if ((status < 200 && status !== 101) || methods.length === 0) return;
    raw ||= isUpgrade(status, methods[0]) || isHijack(status, message);
    methods = methods.slice(1);
    answers.push({ message, status, answered, until: now === null ? null : returnedAt(now) });
  };

  const pushRaw = (direction: Transfer["direction"], shown: string, missing: number): void => {
    if (now !== null) out.push({ type: "raw", ...place(now), direction, shown, missing });
  };

  const readers = { in: createReader("in"), out: createReader("out") };
  const flush = (): HttpEvent[] => {
    const events = out;
    out = [];
    return events;
  };

  return {
    user: -1,
    take: (call, { direction, shown, missing }) => {
      now = call;
      if (shown.startsWith(HTTP2_BEGINS)) http2 ??= beginHttp2(place(call), direction);
      if (http2 !== null) {
        http2[direction] += shown.length + missing;
        if (direction === http2.asks) http2.reader.take(shown, missing, call.t);
        return [];
      }
      if (readers[direction].idle()) began[direction] = place(call);
      first[direction] ??= direction === "in" ? returnedAt(call) : call.t;
      if (shown === "" && missing === 0) {
        if (direction === "in") readers.in.end();
      } else if (raw) pushRaw(direction, shown, missing);
      else readers[direction].take(shown, missing);
      return flush();
    },
    end: () => {
      readers.out.end();
      readers.in.end();
      for (const each of waiting.splice(0)) exchange(each, null);
      if (http2 !== null) {
        const { from, asks, reader, in: received, out: sent } = http2;
        const side = asks === "out" ? "client" : "server";
        const { paths, times } = reader;
        out.push({ type: "http2", ...from, side, sent, received, paths, times });
      }
      return flush();
    },
  };
}

function statusOf(startLine: string): number | null {
  const match = /^HTTP\/1\.\d (\d{3})/.exec(startLine);
  return match === null ? null : Number(match[1]);
}

/** 101 Switching Protocols, and any success to CONNECT (RFC 9110, 9.3.6). */
function isUpgrade(status: number | null, method: string | undefined): boolean {
  return (
    status === 101 || (method === "CONNECT" && status !== null && status >= 200 && status < 300)
  );
}

/** Docker before API 1.20, and its daemon when the client asks for no upgrade: 200, and then raw. */
function isHijack(status: number | null, head: Head): boolean {
  const isRaw = /^application\/vnd\.docker\.(?:raw|multiplexed)-stream\b/;
  const isFramed = ["transfer-encoding", "content-length"].some((name) => header(head, name));
  return status === 200 && !isFramed && isRaw.test(header(head, "content-type") ?? "");
}

function upgradeOf(status: number | null, method: string, response: HttpMessage): string | null {
  if (isUpgrade(status, method)) return header(response, "upgrade") ?? method.toLowerCase();
  return isHijack(status, response) ? "raw-stream" : null;
}

/** strace's time is when a call began; a read may have waited for what it brought. */
function returnedAt({ t, seconds }: Syscall): number {
  return t + Math.round((seconds ?? 0) * 1e9);
}
