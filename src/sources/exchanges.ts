import type { Event, Syscall } from "../timeline/event.ts";
import type { ExchangeEvent, ExchangeMessage } from "../timeline/event-exchange.ts";
import { createHttpReader, type HttpEvent, type HttpExchange, type OnConnection } from "./http.ts";
import { isSocket, readDescriptor, readTransfer } from "./http-data.ts";
import { createFrameReader, type FrameReader } from "./http-frames.ts";
import { describeBytes, type HttpBody, type HttpMessage } from "./http-message.ts";
import { HIDDEN, hidePrintedSecrets, hideSecrets, isSecretHeader } from "./secrets.ts";

/** Makes exchanges of the system calls of traced runs. */
export interface ExchangeReader {
  /** To be given strace's events in the order in which they were printed: calls as they returned. */
  push(event: Event): ExchangeEvent[];
  /** What is still open when the lab goes, at this moment. */
  end(t: number): ExchangeEvent[];
}

/** What of a body, and of a piece of a stream, is kept; the rest is counted. */
const MAX_BODY = 64 << 10;

export function createExchangeReader(): ExchangeReader {
  const http = createHttpReader();
  const frames = new Map<number, FrameReader>();
  const framesOf = (connection: number): FrameReader => {
    const reader = frames.get(connection) ?? createFrameReader();
    frames.set(connection, reader);
    return reader;
  };
  const convert = (event: HttpEvent, t: number): ExchangeEvent[] => {
    const place = placeOf(event);
    if (event.type === "exchange") return [exchange(event, place, t)];
    if (event.type === "http2") {
      const { side, sent, received, paths, times, t: began } = event;
      const known = { side, sent, received, ...(paths.length > 0 && { paths, times }) };
      return [{ kind: "exchange.http2", t, ...place, began, ...known }];
    }
    const { direction, shown, missing } = event;
    // Only what goes to the client is in frames.
    const pieces =
      direction === "in" ? framesOf(event.connection).take(shown, missing) : [{ shown, missing }];
    return pieces.map(({ shown, missing, ...stream }) => ({
      kind: "exchange.stream",
      t: event.t,
      ...place,
      direction,
      ...stream,
      ...keptBytes(shown, missing),
    }));
  };
  return {
    push: (event) => http.push(event).flatMap((made) => convert(made, event.t)),
    end: (t) => http.end().flatMap((made) => convert(made, t)),
  };
}

type Place = Omit<OnConnection, "t" | "peer"> & { readonly socket?: string };

function placeOf({ run, labPid, pid, fd, connection, peer }: OnConnection): Place {
  return {
    run,
    labPid,
    ...(pid !== undefined && { pid }),
    fd,
    connection,
    ...(peer !== undefined && { socket: peer }),
  };
}

function exchange(event: HttpExchange, place: Place, t: number): ExchangeEvent {
  const { side, method, target, request, response, status, until, upgrade } = event;
  const [path = "", ...query] = target.split("?");
  return {
    kind: "exchange",
    // A body that never came to its end ends with its connection.
    t: response === null || !response.whole ? t : (until ?? t),
    ...place,
    began: event.t,
    side,
    method,
    path,
    ...(query.length > 0 && { query: query.join("?") }),
    request: messageOf(request),
    ...(response !== null && { response: messageOf(response) }),
    ...(event.answered !== null && { answered: event.answered }),
    ...(status !== null && { status }),
    ...(upgrade !== undefined && { upgrade }),
  };
}

function messageOf({ headers, body, whole }: HttpMessage): ExchangeMessage {
  const cut = whole || body.missing > 0 ? {} : ({ cut: true } as const);
  return { ...bodyOf(body), headers: headersOf(headers), ...cut };
}

function headersOf(headers: HttpMessage["headers"]): ExchangeMessage["headers"] {
  return headers.map(([name, value]) => [name, isSecretHeader(name) ? HIDDEN : value] as const);
}

function bodyOf({ text, base64, bytes, missing }: HttpBody): Omit<ExchangeMessage, "headers"> {
  if (bytes === 0) return { bytes };
  if (text === undefined) {
    const kept = Buffer.from(base64 ?? "", "base64").subarray(0, MAX_BODY);
    return { base64: kept.toString("base64"), ...counted(bytes, kept.length) };
  }
  const kept = hideSecrets(text.slice(0, MAX_BODY));
  const cut = text.length > MAX_BODY ? Buffer.byteLength(text.slice(MAX_BODY)) : 0;
  const lost = missing + cut;
  return { text: kept, bytes, ...(lost > 0 && { missing: lost }) };
}

function keptBytes(shown: string, missing: number) {
  const kept = shown.slice(0, MAX_BODY);
  const described = kept === "" ? {} : describeBytes([kept]);
  return { ...described, ...counted(shown.length + missing, kept.length) };
}

function counted(bytes: number, kept: number): { bytes: number; missing?: number } {
  return bytes > kept ? { bytes, missing: bytes - kept } : { bytes };
}

/** What of a call's data stays in its own event: as much as strace prints unasked for lessons. */
const MAX_SOCKET_DATA = 256;
const LONGER = new RegExp(
  `("(?:[^"\\\\]|\\\\.){${MAX_SOCKET_DATA}})(?:[^"\\\\]|\\\\.)+"(?:\\.\\.\\.)?`,
  "gs",
);

/**
 * A call as the timeline keeps it. What went through a socket stands in the exchanges whole; here
 * it would make a recording twice as long, and tell a password.
 */
export function shortenSocketData(call: Syscall): Syscall {
  const [first, data = "", ...others] = call.args;
  const fd = readDescriptor(first);
  if (first === undefined || fd === null || !isSocket(fd) || readTransfer(call) === null)
    return call;
  const short = hidePrintedSecrets(data).replace(LONGER, '$1"...');
  return short === data ? call : { ...call, args: [first, short, ...others] };
}
