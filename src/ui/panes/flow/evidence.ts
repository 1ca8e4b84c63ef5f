import type { Event, ProcessExec } from "../../../timeline/event.ts";
import type {
  Exchange,
  ExchangeMessage,
  ExchangeStream,
} from "../../../timeline/event-exchange.ts";
import { endSpan, oneLine, relativeTime } from "../../labels.ts";
import { hardWrap, type Line, span } from "../../text.ts";
import { daemonText } from "../events/event-line-daemon.ts";
import { jsonLines } from "../exchanges/json-lines.ts";

export interface EvidenceOptions {
  readonly width: number;
  /** When the step it belongs to began. */
  readonly since: number;
  /** Leaves out what says nothing. */
  readonly folded: boolean;
  /** One side of an exchange alone. */
  readonly part?: "request" | "response" | undefined;
}

/** All that an event says, as lines: what an arrow or a request is made of. */
export function evidenceLines(event: Event, options: EvidenceOptions): Line[] {
  const { origin } = event;
  const note = `from a trace of ${oneLine(origin ?? "")}: nothing of it happened in this lab`;
  const first: Line[] = origin === undefined ? [] : [[span(note, "replay")]];
  return [...first, ...contentOf(event, options)].flatMap((line) =>
    wrapEvidence(line, options.width),
  );
}

function contentOf(event: Event, options: EvidenceOptions): Line[] {
  switch (event.kind) {
    case "exchange":
      return exchangeLines(event, options);
    case "exchange.stream":
      return streamLines(event, options);
    case "exchange.http2":
      return [
        ...titled(event, options, `gRPC (HTTP/2) with ${event.socket ?? "a socket"}`),
        ...(event.paths ?? []).map((path, index): Line => {
          const at = event.times?.[index] ?? event.began;
          return [
            span(`${relativeTime(at, options.since)} `, "dim"),
            span(oneLine(path), "command"),
          ];
        }),
        [span(`${event.sent} bytes sent, ${event.received} received`, "dim")],
      ];
    case "containerd.event":
      return [...titled(event, options), ...jsonLines(event.fields, options.folded)];
    case "dockerd.log":
      return [
        ...titled(event, options, "dockerd's log"),
        [span(oneLine(event.message), "command")],
        ...pairLines([["level", event.level], ...Object.entries(event.fields)]),
      ];
    case "docker.event":
      return [
        ...titled(event, options),
        ...pairLines([["actor", event.actor], ...Object.entries(event.attributes)]),
      ];
    case "process.exec":
      return execLines(event, options);
    case "process.exit":
      return [
        ...titled(event, options, `process ${event.comm ?? ""} ended`),
        ...pairLines(processPairs(event)),
        [endSpan({ code: event.code ?? null, signal: event.signal ?? null })],
      ];
    default:
      return titled(event, options);
  }
}

function titled(event: Event, { since }: EvidenceOptions, text?: string): Line[] {
  const title = oneLine(text ?? daemonText(event) ?? event.kind);
  return [[span(`${relativeTime(event.t, since)} `, "dim"), span(title, "heading")]];
}

export function pairLines(pairs: readonly (readonly [string, string])[]): Line[] {
  const widest = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => [
    span(`${oneLine(name).padEnd(Math.min(24, widest))}  `, "dim"),
    span(oneLine(value)),
  ]);
}

function exchangeLines(event: Exchange, options: EvidenceOptions): Line[] {
  const { method, path, query, request, response, status, socket, side } = event;
  const target = query === undefined ? path : `${path}?${query}`;
  const at = (t: number) => span(`${relativeTime(t, options.since)} `, "dim");
  const asked: Line[] = [
    [at(event.began), span(oneLine(`${method} ${target}`), "heading")],
    [span(oneLine(`${side === "client" ? "to" : "read from"} ${socket ?? "a socket"}`), "dim")],
    ...messageLines(request, options),
  ];
  const answer = `${status ?? "no answer: the connection ended first"}`;
  const answered: Line[] = [
    [
      at(event.t),
      span(answer, "heading"),
      ...(status === undefined ? [] : [span(` to ${oneLine(method)} ${oneLine(path)}`, "dim")]),
    ],
    ...(response === undefined ? [] : messageLines(response, options)),
  ];
  if (options.part === "request") return asked;
  if (options.part === "response") return answered;
  return [...asked, [], ...answered];
}

function messageLines(message: ExchangeMessage, { folded }: EvidenceOptions): Line[] {
  const { headers, bytes, missing, cut } = message;
  const lines: Line[] = headers.map(([name, value]) => [
    span(`${oneLine(name)}: `, "dim"),
    span(oneLine(value), "dim"),
  ]);
  const notes: Line[] = [];
  if (missing !== undefined) notes.push(note(`${missing} of ${bytes} bytes are not here`));
  if (cut === true) notes.push(note("the connection ended before the body did"));
  return [...lines, ...bodyLines(message, folded), ...notes];
}

function note(text: string): Line {
  return [span(text, "caution")];
}

function bodyLines({ text, base64, bytes }: ExchangeMessage, folded: boolean): Line[] {
  if (bytes === 0) return [];
  if (text === undefined)
    return [note(`${Buffer.byteLength(base64 ?? "", "base64")} bytes that are not UTF-8`)];
  const rows = text.split("\n").filter((row) => row.trim() !== "");
  return [
    [],
    ...rows.flatMap((row): Line[] => {
      const value = parse(row);
      return value === undefined ? [[span(oneLine(row))]] : jsonLines(value, folded);
    }),
  ];
}

/** Docker streams JSON objects a line each; what is no JSON stays text. */
function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function streamLines(event: ExchangeStream, options: EvidenceOptions): Line[] {
  const { socket, text, base64, missing } = event;
  const lines = titled(event, options);
  lines.push([span(`on ${oneLine(socket ?? "a socket")}, which is no HTTP any more`, "dim")], []);
  if (text !== undefined) for (const row of text.split("\n")) lines.push([span(oneLine(row))]);
  else if (base64 !== undefined)
    lines.push(note(`${Buffer.byteLength(base64, "base64")} bytes that are not UTF-8`));
  if (missing !== undefined) lines.push(note(`${missing} bytes are not here`));
  return lines;
}

function processPairs(event: { pid: number; labPid?: number }): [string, string][] {
  return [
    ["pid in the lab", `${event.labPid ?? "?"}`],
    ["pid on the host", `${event.pid}`],
  ];
}

function execLines(event: ProcessExec, options: EvidenceOptions): Line[] {
  const spaces = Object.entries(event.namespaces ?? {});
  const own = spaces.map(([type, inode]) => `${type}:[${inode}]`).join(" ");
  return [
    ...titled(event, options, `execve of ${event.argv?.[0] ?? event.comm ?? "?"}`),
    ...pairLines(processPairs(event)),
    ...pairLines(own === "" ? [] : [["own namespaces", own]]),
    [],
    ...argvLines(event.argv ?? []),
  ];
}

/** An option and its value on one line. */
export function argvLines(argv: readonly string[]): Line[] {
  const lines: Line[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    const next = argv[index + 1];
    const paired = /^--?[a-z][\w-]*$/i.test(word) && next !== undefined && !next.startsWith("-");
    const text = paired ? `${word} ${next}` : word;
    if (paired) index++;
    lines.push([span(index === 0 ? "" : "  "), span(oneLine(text), "command")]);
  }
  return argv.length === 0
    ? [[span("its arguments were gone before anybody could read them", "dim")]]
    : lines;
}

/** What follows the first piece stands below its beginning. */
export function wrapEvidence(line: Line, width: number): Line[] {
  const [first, ...others] = line;
  const text = others.map((each) => each.text).join("");
  const whole = (first?.text ?? "") + text;
  if (hardWrap(whole, width).length <= 1) return [line];
  const style = others.at(-1)?.style ?? first?.style;
  const indent = /^ */.exec(whole)?.[0].slice(0, Math.floor(width / 2)) ?? "";
  const pieces = hardWrap(whole.slice(indent.length), Math.max(1, width - indent.length - 2));
  return pieces.map((piece, index) => [
    span(index === 0 ? indent : `${indent}  `),
    span(piece, style),
  ]);
}
