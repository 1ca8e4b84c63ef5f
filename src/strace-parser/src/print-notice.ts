import type {
  AttachedEvent,
  DetachedEvent,
  DumpEvent,
  FrameEvent,
  Notice,
  SignalEvent,
  SummaryEvent,
} from "./event.ts";
import { printValue } from "./print-value.ts";

/** What strace printed behind the leader. */
export function printNotice(event: Notice): string {
  switch (event.type) {
    case "signal":
      return printSignal(event);
    case "stopped":
      return `--- stopped by ${event.signal} ---`;
    case "exited":
      return `+++ exited with ${event.code} +++`;
    case "killed":
      return `+++ killed by ${event.signal} ${event.core ? "(core dumped) " : ""}+++`;
    case "superseded":
      return `+++ superseded by execve in pid ${event.by}${comm(event.byComm)} +++`;
    case "personality":
      return `[ Process PID=${event.process} runs in ${event.mode} mode. ]`;
    case "attached":
    case "detached":
      return printProcess(event);
    case "diagnostic":
      return `${event.argv0}: ${event.text}`;
    case "frame":
      return printFrame(event);
    case "dump":
      return printDump(event);
    case "summary":
      return printSummary(event);
    case "foreign":
      return event.text;
  }
}

function comm(name: string | null): string {
  return name === null ? "" : `<${name}>`;
}

function printSignal({ signal, info, text, named }: SignalEvent): string {
  const parts = [named ? signal : null, info === null ? null : printValue(info), text || null];
  return `--- ${parts.filter((part) => part !== null).join(" ")} ---`;
}

function printProcess(event: AttachedEvent | DetachedEvent): string {
  const prefix = event.argv0 === null ? "" : `${event.argv0}: `;
  const threads =
    event.type === "detached" || event.threads === null ? "" : ` with ${event.threads} threads`;
  return `${prefix}Process ${event.process}${comm(event.processComm)} ${event.type}${threads}`;
}

function printFrame({ file, symbol, offset, address, source }: FrameEvent): string {
  const at = address === null ? "" : ` [${address}]`;
  const called = offset === null ? "" : `${symbol ?? ""}+${offset}`;
  const place = source === null ? "" : ` ${source}`;
  return symbol === null && offset === null && !file.startsWith("/") && !file.startsWith("[")
    ? ` > ${file}${at}`
    : ` > ${file}(${called})${at}${place}`;
}

function printDump({ form, offset, index, data, digits }: DumpEvent): string {
  switch (form) {
    case "buffer":
      return ` * ${offset} bytes in buffer ${index}`;
    case "vector":
      return ` = ${offset} buffers in vector ${index}`;
    case "vcpu":
      return ` ${data}`;
    case "error":
      return ` | ${data}`;
    case "row":
      return ` | ${offset.toString(16).padStart(digits, "0")}  ${hexColumns(data)}  ${printable(data)} |`;
  }
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Sixteen columns of two digits, a wider gap in the middle, 48 characters and a space in all. */
function hexColumns(data: string): string {
  let text = "";
  for (let i = 0; i < data.length; i++) {
    if (i > 0) text += i === 8 ? "  " : " ";
    text += hex[data.charCodeAt(i)];
  }
  return text.padEnd(48);
}

function printable(data: string): string {
  return data.replace(/[^ -~]/g, ".").padEnd(16);
}

function printSummary({ cells, gaps }: SummaryEvent): string {
  return (
    cells.map((cell, i) => " ".repeat(gaps[i] ?? 0) + cell).join("") + " ".repeat(gaps.at(-1) ?? 0)
  );
}
