import type { IBufferCell, Terminal } from "@xterm/headless";
import { type Line, type Span, type StyleName, span } from "./text.ts";

/** What a terminal shows of all that was written to it. */
export interface Emulator {
  write(data: string | Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Rows that were written to, those that scrolled away included. */
  count(): number;
  lines(from: number, count: number): Line[];
}

type TerminalClass = typeof Terminal;
let loaded: TerminalClass | null = null;

/** Only who opens a shell pays for it. */
export async function loadEmulator(): Promise<void> {
  const module = await import("@xterm/headless");
  // It comes as CommonJS from its package, and as one of two shapes from the bundle.
  const { default: fallback } = module as { default?: { Terminal: TerminalClass } };
  loaded ??= module.Terminal ?? fallback?.Terminal ?? null;
}

/** Null: it has not been loaded yet. */
export function createEmulator(columns: number, rows: number): Emulator | null {
  if (loaded === null) return null;
  const terminal = new loaded({
    ...{ cols: Math.max(2, columns), rows: Math.max(1, rows), scrollback: 1000 },
    ...{ allowProposedApi: true, logLevel: "off" as const },
  });
  return {
    write: (data) => writeNow(terminal, data),
    resize: (width, height) => terminal.resize(Math.max(2, width), Math.max(1, height)),
    count: () => usedRows(terminal),
    lines: (from, count) =>
      Array.from({ length: count }, (_, index) => lineAt(terminal, from + index)),
  };
}

/** A pane is drawn from what is there now: xterm's own write() takes it in a moment later. */
function writeNow(terminal: Terminal, data: string | Uint8Array): void {
  const { _core } = terminal as unknown as {
    _core: { writeSync(data: string | Uint8Array): void };
  };
  _core.writeSync(data);
}

function usedRows({ buffer: { active }, rows }: Terminal): number {
  let last = active.baseY + rows - 1;
  const cursor = active.baseY + active.cursorY;
  while (last > cursor && active.getLine(last)?.translateToString(true) === "") last--;
  return last + 1;
}

/** A row as spans; blank cells at its end are left out. */
function lineAt({ buffer: { active } }: Terminal, row: number): Line {
  const line = active.getLine(row);
  const cursor = row === active.baseY + active.cursorY ? active.cursorX : -1;
  const spans: Span[] = [];
  let blanks = "";
  for (let column = 0; column < (line?.length ?? 0); column++) {
    const cell = line?.getCell(column);
    // The second half of a wide character has no width of its own.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = column === cursor ? "cursor" : styleOf(cell);
    const text = cell.getChars() || " ";
    if (text === " " && style === undefined) {
      blanks += text;
      continue;
    }
    append(spans, blanks, undefined);
    append(spans, text, style);
    blanks = "";
  }
  return spans;
}

function append(spans: Span[], text: string, style: StyleName | undefined): void {
  const last = spans.at(-1);
  if (text === "") return;
  if (last !== undefined && last.style === style)
    spans[spans.length - 1] = { ...last, text: last.text + text };
  else spans.push(style === undefined ? { text } : span(text, style));
}

/** Colours are left to the outer terminal's owner: what is told apart is how strong a text is. */
function styleOf(cell: IBufferCell): StyleName | undefined {
  if (cell.isInverse() !== 0) return "cursor";
  if (cell.isBold() !== 0) return "strong";
  return cell.isDim() !== 0 ? "dim" : undefined;
}
