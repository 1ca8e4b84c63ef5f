import type { IBufferCell, Terminal } from "@xterm/headless";
import type { Line, Look, Span } from "../../text.ts";

/** What a terminal shows of all that was written to it. */
export interface Emulator {
  write(data: string | Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Rows that were written to, those that scrolled away included. */
  count(): number;
  lines(from: number, count: number): Line[];
  /** DECCKM is set: arrow keys are an application's. */
  applicationCursor(): boolean;
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
    applicationCursor: () => terminal.modes.applicationCursorKeysMode,
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
    const look = column === cursor ? null : lookOf(cell);
    const text = cell.getChars() || " ";
    if (text === " " && look === PLAIN) {
      blanks += text;
      continue;
    }
    append(spans, blanks, PLAIN);
    append(spans, text, look);
    blanks = "";
  }
  return spans;
}

/** `look` null: it is the cursor. */
function append(spans: Span[], text: string, look: Look | null): void {
  const last = spans.at(-1);
  if (text === "") return;
  if (last?.look !== undefined && look !== null && sameLook(last.look, look))
    spans[spans.length - 1] = { ...last, text: last.text + text };
  else spans.push(look === null ? { text, style: "cursor" } : { text, look });
}

function sameLook(one: Look, other: Look): boolean {
  return one.attributes === other.attributes && one.colours === other.colours;
}

const PLAIN: Look = { attributes: "", colours: "" };

function lookOf(cell: IBufferCell): Look {
  if (cell.isAttributeDefault()) return PLAIN;
  const attributes = ATTRIBUTES.filter(([isSet]) => isSet(cell) !== 0).map(([, sgr]) => sgr);
  const foreground = colourOf(30, cell.getFgColorMode(), cell.getFgColor());
  const background = colourOf(40, cell.getBgColorMode(), cell.getBgColor());
  const colours = [foreground, background].filter((each) => each !== "");
  return { attributes: attributes.join(";"), colours: colours.join(";") };
}

const ATTRIBUTES: readonly (readonly [(cell: IBufferCell) => number, number])[] = [
  [(cell) => cell.isBold(), 1],
  [(cell) => cell.isDim(), 2],
  [(cell) => cell.isItalic(), 3],
  [(cell) => cell.isUnderline(), 4],
  [(cell) => cell.isInverse(), 7],
  [(cell) => cell.isStrikethrough(), 9],
];

/** `base` is 30 for text, 40 for what is behind it; RGB comes as one number. */
function colourOf(base: 30 | 40, mode: number, colour: number): string {
  if (mode === COLOUR_DEFAULT) return "";
  if (mode === COLOUR_RGB)
    return `${base + 8};2;${colour >> 16};${(colour >> 8) & 0xff};${colour & 0xff}`;
  if (colour < 8) return `${base + colour}`;
  return colour < 16 ? `${base + 60 + colour - 8}` : `${base + 8};5;${colour}`;
}

/** xterm's colour modes; the two between are palettes of 16 and of 256. */
const COLOUR_DEFAULT = 0;
const COLOUR_RGB = 3 << 24;
