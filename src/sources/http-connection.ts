import type { Syscall } from "../timeline/event.ts";
import type { HttpEvent, HttpExchange, OnConnection } from "./http.ts";
import { readDescriptor, type Transfer } from "./http-data.ts";
import {
  createMessageReader,
  describeBytes,
  type Framing,
  type Head,
  type HttpMessage,
  header,
  type MessageReader,
} from "./http-message.ts";

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
  readonly message: HttpMessage;
  readonly status: number;
  readonly until: number | null;
}

const NO_ANSWER = { message: null, status: null, until: null };

export function createConnection(peer: string | undefined): Connection {
  const waiting: Waiting[] = [];
  const answers: Answer[] = [];
  let methods: string[] = [];
  let raw = false;
  let out: HttpEvent[] = [];
  let now: Syscall | null = null;
  const began: Partial<Record<Transfer["direction"], OnConnection>> = {};

  const place = (call: Syscall): OnConnection => ({
    t: call.t,
    run: call.run,
    labPid: call.labPid,
    ...(call.pid !== undefined && { pid: call.pid }),
    fd: readDescriptor(call.args[0])?.number ?? -1,
    ...(peer !== undefined && { peer }),
  });

  const framing = (head: Head): Framing => {
    const status = statusOf(head.startLine);
    if (status === null) methods.push(head.startLine.split(" ", 1)[0] ?? "");
    else if (isUpgrade(status, methods[0])) return "raw";
    else if (status < 200 || status === 204 || status === 304 || methods[0] === "HEAD")
      return "none";
    if (/\bchunked\b/i.test(header(head, "transfer-encoding") ?? "")) return "chunked";
    if (header(head, "content-length") !== undefined) return "length";
    return status === null ? "none" : "until-end";
  };

  const exchange = ({ side, from, request }: Waiting, answered: Answer | null): void => {
    const [method = "", target = ""] = request.startLine.split(" ");
    const { message: response, status, until } = answered ?? NO_ANSWER;
    const known = { side, method, target, request, response, status, until };
    const upgrade =
      response !== null && isUpgrade(status, method)
        ? { upgrade: header(response, "upgrade") ?? method.toLowerCase() }
        : {};
    out.push({ type: "exchange", ...from, ...known, ...upgrade });
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
        } else answer(message, status);
        while (waiting[0] !== undefined && answers[0] !== undefined) {
          exchange(waiting.shift() as Waiting, answers.shift() as Answer);
        }
      },
      raw: (shown, missing) => pushRaw(direction, shown, missing),
    });

  const answer = (message: HttpMessage, status: number): void => {
    // An interim answer (100 Continue) is followed by the real one (RFC 9110, 15.2). One without
    // a question was on its way when the trace began.
    if ((status < 200 && status !== 101) || methods.length === 0) return;
    raw ||= isUpgrade(status, methods[0]);
    methods = methods.slice(1);
    answers.push({ message, status, until: now?.t ?? null });
  };

  const pushRaw = (direction: Transfer["direction"], shown: string, missing: number): void => {
    if (now === null) return;
    const parts = missing > 0 ? [shown, missing] : [shown];
    out.push({ type: "raw", ...place(now), direction, ...describeBytes(parts), missing });
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
      if (readers[direction].idle()) began[direction] = place(call);
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
