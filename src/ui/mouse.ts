/** What a mouse did, and in which cell of the terminal, from 0. */
export interface Pointed {
  readonly did: "press" | "wheel-up" | "wheel-down" | "other";
  readonly column: number;
  readonly row: number;
}

const WHEEL = 64;
/** Shift, meta and control held down (xterm's "Mouse Tracking"). */
const MODIFIERS = 4 | 8 | 16;

// biome-ignore lint/suspicious/noControlCharactersInRegex: reports begin with escape
const REPORT = /\x1b\[<(\d{1,4});(\d{1,5});(\d{1,5})([Mm])/g;
/** A report that goes on in what is read next. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: reports begin with escape
const BEGUN = /\x1b\[<[\d;]{0,16}$/;

interface Heard {
  /** What is left for the keyboard. */
  readonly keys: string;
  readonly pointed: readonly Pointed[];
  /** To be put before what is read next. */
  readonly begun: string;
}

/** Takes the reports of SGR mode 1006 out of what a terminal sends. */
export function hearMouse(text: string): Heard {
  const pointed: Pointed[] = [];
  const rest = text.replace(REPORT, (_, button, column, row, end) => {
    pointed.push(pointedOf(Number(button), Number(column) - 1, Number(row) - 1, end === "M"));
    return "";
  });
  const begun = BEGUN.exec(rest)?.[0] ?? "";
  return { keys: rest.slice(0, rest.length - begun.length), pointed, begun };
}

function pointedOf(button: number, column: number, row: number, pressed: boolean): Pointed {
  const code = button & ~MODIFIERS;
  if (!pressed) return { did: "other", column, row };
  if (code === WHEEL) return { did: "wheel-up", column, row };
  if (code === WHEEL + 1) return { did: "wheel-down", column, row };
  return { did: code === 0 ? "press" : "other", column, row };
}

/** The terminal's input without the mouse's reports, which Ink would throw away. */
export function withoutMouse(
  stdin: NodeJS.ReadStream,
  heard: (pointed: Pointed) => void,
): NodeJS.ReadStream {
  let waiting = "";
  const read = (size?: number): unknown => {
    const chunk: unknown = stdin.read(size);
    if (typeof chunk !== "string") return chunk;
    const { keys, pointed, begun } = hearMouse(waiting + chunk);
    waiting = begun;
    pointed.forEach(heard);
    return keys;
  };
  return new Proxy(stdin, {
    get(target, name) {
      if (name === "read") return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
