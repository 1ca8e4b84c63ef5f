/** One request or response as it passed through a socket (RFC 9112). */
export interface HttpMessage {
  /** `POST /v1.41/containers/create HTTP/1.1` or `HTTP/1.1 201 Created`. */
  readonly startLine: string;
  /** In order, names as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: HttpBody;
  /** All of it was seen. False: strace cut it (`-s`), or the trace or connection ended first. */
  readonly whole: boolean;
}

/** Without chunked coding's framing. Content codings (gzip) are left as they are. */
export interface HttpBody {
  /** The bytes seen as UTF-8, each hole as `…`. */
  readonly text?: string;
  /** Instead of `text` when they are not UTF-8; holes are not marked. */
  readonly base64?: string;
  /** How many bytes the body has, those not here included. */
  readonly bytes: number;
  /** How many of them strace did not print (or came behind the first 4 MiB). */
  readonly missing: number;
}

/** Takes one direction of a connection, piece by piece, and hands out messages. */
export interface MessageReader {
  /** Between two messages. */
  idle(): boolean;
  /** `shown`: one character a byte. `missing`: bytes behind it that nobody saw. */
  take(shown: string, missing: number): void;
  /** The connection is over in this direction. */
  end(): void;
}

export interface MessageSink {
  /** How long the body of the message with this head is. */
  framing(head: Head): Framing;
  message(message: HttpMessage): void;
  /** Bytes behind an upgrade: no HTTP any more. */
  raw(shown: string, missing: number): void;
}

export interface Head {
  readonly startLine: string;
  readonly headers: HttpMessage["headers"];
}

/** `raw`: this head is the last thing that is HTTP, in this direction. */
export type Framing = "none" | "length" | "chunked" | "until-end" | "raw";

type State = "start" | "body" | "chunk-size" | "chunk" | "trailers" | "until-end" | "raw";

const startForm = /^(?:[!#$%&'*+.^`|~\w-]+ \S+ HTTP\/1\.\d|HTTP\/1\.\d \d{3}(?: .*)?)$/;
const methodForm = /^[A-Z]{1,20}(?:$| $| [/*h\w])/;
const MAX_HEAD = 1 << 20;
/** What follows is only counted: `docker logs -f` never ends. */
const MAX_BODY = 4 << 20;

export function header(head: Head, wanted: string): string | undefined {
  return head.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

export function createMessageReader(sink: MessageSink): MessageReader {
  let state: State = "start";
  let buffer = "";
  let head: Head | null = null;
  let left = 0;
  let body = emptyBody();

  const finish = (whole: boolean): void => {
    if (head !== null) {
      sink.message({ ...head, body: describeBody(body), whole: whole && body.missing === 0 });
    }
    [state, head, body] = ["start", null, emptyBody()];
  };

  /** One step on what is in the buffer; false when it needs more. */
  const step = (): boolean => {
    switch (state) {
      case "start":
        return readHead();
      case "body":
      case "chunk":
        return readCounted();
      case "chunk-size":
        return readLine((line) => {
          left = Number.parseInt(line, 16);
          if (Number.isNaN(left)) finish(false);
          else state = left === 0 ? "trailers" : "chunk";
        });
      case "trailers":
        return readLine((line) => {
          if (line === "") finish(true);
        });
      case "until-end":
        add(body, buffer);
        buffer = "";
        return false;
      case "raw":
        if (buffer !== "") sink.raw(buffer, 0);
        buffer = "";
        return false;
    }
  };

  const readHead = (): boolean => {
    if (!mayBegin(buffer.slice(0, 64)) || buffer.length > MAX_HEAD) {
      buffer = "";
      return false;
    }
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return false;
    head = parseHead(buffer.slice(0, end));
    buffer = buffer.slice(end + 4);
    if (head === null) return true;
    startBody(head);
    return true;
  };

  const startBody = (found: Head): void => {
    const framing = sink.framing(found);
    left = framing === "length" ? Number(header(found, "content-length")) || 0 : 0;
    if (framing === "chunked") state = "chunk-size";
    else if (framing === "until-end") state = "until-end";
    else if (left > 0) state = "body";
    else finish(true);
    if (framing === "raw") state = "raw";
  };

  const readLine = (use: (line: string) => void): boolean => {
    const end = buffer.indexOf("\r\n");
    if (end < 0) return false;
    const line = buffer.slice(0, end);
    buffer = buffer.slice(end + 2);
    use(line);
    return true;
  };

  const readCounted = (): boolean => {
    const taken = buffer.slice(0, left);
    add(body, taken);
    buffer = buffer.slice(taken.length);
    return counted(taken.length);
  };

  /** `left` bytes of the body fewer to come; true when they are all there. */
  const counted = (bytes: number): boolean => {
    left -= bytes;
    if (left > 0) return false;
    if (state === "body") {
      finish(true);
      return true;
    }
    // The CR LF behind a chunk's data belongs to its size line.
    state = "chunk-size";
    skipLineEnd = 2;
    return skipEnd();
  };

  let skipLineEnd = 0;
  const skipEnd = (): boolean => {
    const skipped = Math.min(skipLineEnd, buffer.length);
    buffer = buffer.slice(skipped);
    skipLineEnd -= skipped;
    return skipLineEnd === 0;
  };

  /** Bytes nobody saw: bodies are counted through them, heads and chunk sizes are lost in them. */
  const takeHole = (missing: number): void => {
    let rest = missing;
    if (state === "raw") {
      sink.raw("", rest);
      return;
    }
    if (state === "until-end") {
      hole(body, rest);
      return;
    }
    if (state === "body" || state === "chunk") {
      const bytes = Math.min(rest, left);
      hole(body, bytes);
      rest -= bytes;
      counted(bytes);
      const ends = skipLineEnd === 0 ? 0 : Math.min(rest, skipLineEnd);
      skipLineEnd -= ends;
      rest -= ends;
    }
    if (rest === 0) return;
    if (state === "start") {
      takeCutHead();
      hole(body, head === null ? 0 : rest);
    }
    buffer = "";
    skipLineEnd = 0;
    finish(false);
  };

  /** A head that goes on where nobody looked. */
  const takeCutHead = (): void => {
    head = parseHead(buffer, true);
    if (head !== null) sink.framing(head);
  };

  return {
    idle: () => state === "start" && buffer === "",
    take: (shown, missing) => {
      buffer += shown;
      if (skipEnd()) while (step());
      if (missing > 0) takeHole(missing);
    },
    end: () => {
      if (state === "raw") return;
      if (state === "start") takeCutHead();
      buffer = "";
      finish(state === "until-end");
    },
  };
}

/** Whether a message can begin like this; the rest may come with the next call. */
function mayBegin(text: string): boolean {
  return "HTTP/1.".startsWith(text.slice(0, 7)) || methodForm.test(text);
}

/** `cut`: the head goes on where nobody looked; its last line may be half. */
function parseHead(text: string, cut = false): Head | null {
  const [startLine = "", ...lines] = text.split("\r\n");
  const known = startForm.test(startLine) || (cut && lines.length === 0 && startsLike(startLine));
  if (!known) return null;
  return {
    startLine,
    headers: lines.flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
    }),
  };
}

function startsLike(text: string): boolean {
  return /^(?:[A-Z]{3,20} [/*h]|HTTP\/1\.\d \d)/.test(text);
}

interface Body {
  /** A number is a hole of that many bytes. */
  readonly parts: (string | number)[];
  bytes: number;
  missing: number;
}

function emptyBody(): Body {
  return { parts: [], bytes: 0, missing: 0 };
}

function add(body: Body, shown: string): void {
  if (shown === "") return;
  if (body.bytes > MAX_BODY) {
    hole(body, shown.length);
    return;
  }
  body.parts.push(shown);
  body.bytes += shown.length;
}

function hole(body: Body, missing: number): void {
  if (missing === 0) return;
  if (typeof body.parts.at(-1) !== "number") body.parts.push(missing);
  body.bytes += missing;
  body.missing += missing;
}

function describeBody({ parts, bytes, missing }: Body): HttpBody {
  return { ...describeBytes(parts), bytes, missing };
}

/** As text if it is UTF-8. A hole may cut a character: what is left of it becomes U+FFFD. */
export function describeBytes(parts: readonly (string | number)[]): {
  text?: string;
  base64?: string;
} {
  const shown = parts.filter((part) => typeof part === "string").join("");
  const runs: string[] = [""];
  for (const part of parts) {
    if (typeof part === "number") runs.push("");
    else runs[runs.length - 1] += part;
  }
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: runs.length === 1, ignoreBOM: true });
    return { text: runs.map((run) => utf8.decode(Buffer.from(run, "latin1"))).join("…") };
  } catch {
    return { base64: Buffer.from(shown, "latin1").toString("base64") };
  }
}
