import type { Stamped } from "./event-parts.ts";

/**
 * What went through a socket, as the system calls of a traced run show it: requests with their
 * responses (RFC 9112), and what became of connections that stopped being HTTP/1. It needs
 * `strings: 65536` in the lesson, so that strace prints all of it.
 */
export type ExchangeEvent = Exchange | ExchangeStream | ExchangeHttp2;

interface OnSocket extends Stamped {
  readonly run: number;
  /** The process whose calls these are, whichever of its threads made them. */
  readonly labPid: number;
  readonly pid?: number;
  readonly fd: number;
  /** Counts the connections of a session from 1, so that what belongs together can be told. */
  readonly connection: number;
  /** Where the connection goes: `/var/run/docker.sock`, `127.0.0.1:5000`. */
  readonly socket?: string;
}

/** A request and its response. `t`: its last byte, or the end of the connection without one. */
export interface Exchange extends OnSocket {
  readonly kind: "exchange";
  /** When the request's first byte was written (a client's calls) or read (a server's). */
  readonly began: number;
  readonly side: "client" | "server";
  /** We have asked ourselves, to look: nobody who was watched did. Then `fd` is -1. */
  readonly own?: true;
  readonly method: string;
  /** `/v1.41/containers/create`. */
  readonly path: string;
  /** `name=web`; absent when there is none. */
  readonly query?: string;
  readonly request: ExchangeMessage;
  /** When the response's first byte was read (or written); `wait` waits with the rest. */
  readonly answered?: number;
  /** Absent when the connection or the trace ended first, and so is `status`. */
  readonly response?: ExchangeMessage;
  readonly status?: number;
  /** What the connection became: `tcp` (docker attach), `raw-stream`; streams may follow. */
  readonly upgrade?: string;
}

export interface ExchangeMessage {
  /** In order, as sent; the value of one that carries a secret is `(hidden)`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body's first 64 KiB as UTF-8, each hole in it as `…`. */
  readonly text?: string;
  /** Instead of `text` where it is not UTF-8. */
  readonly base64?: string;
  /** How many bytes the body has, those not here included. */
  readonly bytes: number;
  /** How many of them are not here; absent: none. */
  readonly missing?: number;
  /** The connection or the trace ended before the message did. */
  readonly cut?: true;
}

/** Bytes on a connection that was hijacked: what a container reads and prints. */
export interface ExchangeStream extends OnSocket {
  readonly kind: "exchange.stream";
  /** Seen from the process whose call it was. */
  readonly direction: "in" | "out";
  /** Which of the container's streams, where docker's frames say it (no terminal: API, "attach"). */
  readonly stream?: "stdin" | "stdout" | "stderr";
  readonly text?: string;
  readonly base64?: string;
  readonly bytes: number;
  readonly missing?: number;
}

/** A connection that spoke HTTP/2 (gRPC), whose messages are not taken apart. Told at its end. */
export interface ExchangeHttp2 extends OnSocket {
  readonly kind: "exchange.http2";
  readonly began: number;
  readonly side: "client" | "server";
  /** Bytes that this process wrote and read. */
  readonly sent: number;
  readonly received: number;
  /** What was called, in order: `/containerd.services.tasks.v1.Tasks/List`. Absent: not readable. */
  readonly paths?: readonly string[];
  /** When each of them was called; absent in older recordings. */
  readonly times?: readonly number[];
}
