import type { Event, Output } from "../../timeline/event.ts";
import { printable } from "../../timeline/printable.ts";
import { createChosenEvents } from "../chosen-events.ts";
import { endSpan } from "../labels.ts";
import type { Pane } from "../pane.ts";
import { hardWrap, type Line, span } from "../text.ts";
import type { View } from "../view.ts";

/** The rows so far for one width. Only the last piece of an unfinished line is ever replaced. */
interface Rows {
  readonly width: number;
  /** So many of the events that show here are in them. */
  taken: number;
  readonly rows: Line[];
  /** Those that were commands of a step. */
  readonly runs: Set<number>;
  /** The unfinished last line: whose it is, and what of it is in the last row. */
  open: { readonly run: number; readonly stream: Output["stream"]; readonly text: string } | null;
}

/** What the commands printed, with the commands before and how they ended behind. */
export function createOutputPane(): Pane {
  const chosen = createChosenEvents(isShown);
  let kept = emptyRows(0);
  const rowsOf = (view: View, width: number): Rows => {
    const { places, count } = chosen(view);
    if (kept.width !== width || count < kept.taken) kept = emptyRows(width);
    for (; kept.taken < count; kept.taken++)
      take(kept, view.events[places[kept.taken] ?? 0] as Event);
    return kept;
  };
  return {
    id: "output",
    about: () => [],
    count: (view, width) => Math.max(1, rowsOf(view, width).rows.length),
    lines(view, width, from, count) {
      const { rows } = rowsOf(view, width);
      if (rows.length === 0) return [[span("No command has run yet.", "dim")]];
      return rows.slice(from, from + count);
    },
  };
}

function emptyRows(width: number): Rows {
  return { width, taken: 0, rows: [], runs: new Set(), open: null };
}

/** What a shell shows is the shell pane's. */
function isShown(event: Event): boolean {
  if (event.kind === "output") return event.stream !== "pty";
  if (event.kind === "flood") return event.counts.output !== undefined;
  return event.kind === "run.start" || event.kind === "run.exit";
}

function take(kept: Rows, event: Event): void {
  if (event.kind === "output") takeOutput(kept, event);
  if (event.kind === "flood") {
    kept.open = null;
    kept.rows.push([span(`· ${event.counts.output} pieces came too fast to be kept`, "caution")]);
  }
  if (event.kind === "run.start") {
    kept.runs.add(event.run);
    kept.open = null;
    if (kept.rows.length > 0) kept.rows.push([]);
    addCommand(kept, event.script);
  }
  if (event.kind === "run.exit" && kept.runs.has(event.run)) {
    kept.open = null;
    kept.rows.push([endSpan({ code: event.code ?? null, signal: event.signal ?? null })]);
  }
}

function addCommand(kept: Rows, script: string): void {
  const lines = printable(script).replace(/\n+$/, "").split("\n");
  lines.forEach((line, index) => {
    hardWrap(line, Math.max(1, kept.width - 2)).forEach((piece, part) => {
      const gutter = index === 0 && part === 0 ? span("$ ", "key") : span("  ");
      kept.rows.push([gutter, span(piece, "dim")]);
    });
  });
}

function takeOutput(kept: Rows, event: Output): void {
  if (event.text === undefined) {
    kept.open = null;
    const bytes = Buffer.byteLength(event.base64 ?? "", "base64");
    kept.rows.push([span(`· ${bytes} bytes that are not UTF-8`, "dim")]);
    return;
  }
  const { open } = kept;
  const goesOn = open !== null && open.run === event.run && open.stream === event.stream;
  if (goesOn) kept.rows.pop();
  const lines = printable((goesOn ? open.text : "") + event.text).split("\n");
  const last = lines.pop() ?? "";
  for (const line of lines) addRows(kept, line, event.stream);
  kept.open = null;
  if (last === "") return;
  const text = addRows(kept, last, event.stream);
  kept.open = { run: event.run, stream: event.stream, text };
}

/** Adds a line of output and returns what of it stands in its last row. */
function addRows(kept: Rows, text: string, stream: Output["stream"]): string {
  const mark = stream === "err" ? [span("! ", "caution")] : [span("  ")];
  const pieces = hardWrap(text, Math.max(1, kept.width - 2));
  for (const piece of pieces) kept.rows.push([...mark, span(piece)]);
  return pieces.at(-1) ?? "";
}
