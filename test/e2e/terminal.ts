import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { root } from "../live/program.ts";
import { type Frame, frameOf } from "../pictures/frame.ts";

const program = join(root, "dist/tsinternals.mjs");

/**
 * The learner's shell: it waits for the program and then tells how it ended and whether the line
 * discipline (echo, line editing, signals: stty(1)) is what it was.
 */
const SHELL = `
before=$(stty -g)
"$@"
status=$?
if [ "$(stty -g)" = "$before" ]; then modes=restored; else modes=changed; fi
printf '\\n[ended %s, modes %s]\\n' "$status" "$modes"
`;
/** As SHELL, with job control: a job that stops is continued once a line was typed. */
const JOBS = `
set -m
before=$(stty -g)
"$@"
while [ $? = 148 ]; do
  if [ "$(stty -g)" = "$before" ]; then modes=restored; else modes=changed; fi
  printf '\\n[stopped, modes %s]\\n' "$modes"
  read -r line
  fg
done
printf '\\n[ended %s, modes restored]\\n' "$?"
`;
const ENDED = /\[ended (\d+), modes (restored|changed)\]/;

/** How long (ms) something may take that is expected to happen; a loaded machine is slow. */
const PATIENCE = 20_000;

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The learner's shell has job control. */
  readonly jobs?: boolean;
  /** Words before the program's own: what it is run by, such as ssh(1). */
  readonly by?: readonly string[];
}

/** A terminal with tsinternals in it, as a person at a keyboard has it. */
export interface Terminal {
  /** What a person sees now. */
  screen(): string;
  /** The same with its styles. */
  frame(): Frame;
  /** Everything that was written to the terminal. */
  raw(): string;
  write(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves with the screen once it shows this; fails, showing the screen, when it never does. */
  until(wanted: RegExp, within?: number): Promise<string>;
  /** Resolves with the exit status the shell saw. */
  ended(within?: number): Promise<number>;
  /** What of the terminal is not as it was before; empty when everything is. */
  leftBehind(): Promise<string[]>;
  /** The program's own process. */
  pid(): number;
  /** The window is closed: the kernel hangs the terminal up. */
  close(): void;
}

export function openTerminal(args: readonly string[], options: TerminalOptions = {}): Terminal {
  const { columns: cols = 80, rows = 24 } = options;
  const display = new xterm.Terminal({ cols, rows, allowProposedApi: true });
  const command = [...(options.by ?? []), process.execPath, program, ...args];
  const child = spawn("/bin/sh", ["-c", options.jobs === true ? JOBS : SHELL, "sh", ...command], {
    ...{ cols, rows, cwd: root, env: environment(options.env) },
  });
  const shown = createShown(display, child);
  return {
    ...shown,
    frame: () => frameOf(display),
    write: (keys) => child.write(keys),
    resize(columns, lines) {
      display.resize(columns, lines);
      child.resize(columns, lines);
    },
    async ended(within) {
      await shown.when(() => ENDED.test(shown.raw()), "the end of the program", within);
      return Number(ENDED.exec(shown.raw())?.[1]);
    },
    leftBehind: () => leftBehind(display, shown.raw()),
    pid: () => childOf(child.pid),
    close: () => (child as IPty & { destroy(): void }).destroy(),
  };
}

/** The caller's environment without what a test runner or CI tells programs about the terminal. */
function environment(given: TerminalOptions["env"] = {}): Record<string, string> {
  const { CI, NO_COLOR, FORCE_COLOR, COLORTERM, ...rest } = process.env;
  return { ...(rest as Record<string, string>), TERM: "xterm-256color", ...given };
}

/** Feeds what the program writes to the display, and wakes who waits for something to be shown. */
function createShown(display: xterm.Terminal, child: IPty) {
  const waiting = new Set<() => void>();
  let raw = "";
  let exited = false;
  let gone = false;
  // The display takes a piece in a moment after it came: what is told here is what it has taken in.
  const taken = (change: () => void) => (): void => {
    change();
    for (const look of [...waiting]) look();
  };
  child.onData((data) => {
    display.write(
      data,
      taken(() => {
        raw += data;
      }),
    );
  });
  child.onExit(() => {
    exited = true;
    display.write(
      "",
      taken(() => {
        gone = true;
      }),
    );
  });
  // A terminal answers what programs ask it.
  display.onData((answer) => {
    if (!exited) child.write(answer);
  });
  const screen = (): string => screenOf(display);
  const when = (shows: () => boolean, what: string, within = PATIENCE): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        waiting.delete(look);
        done();
      };
      const look = (): void => {
        // Half a frame is nothing that a person sees; whoever is gone ends none.
        if (display.modes.synchronizedOutputMode && !gone) return;
        if (shows()) settle(resolve);
        else if (gone) settle(() => reject(new Error(`ended without ${what}:\n${screen()}`)));
      };
      const late = (): void => reject(new Error(`no ${what} within ${within} ms:\n${screen()}`));
      const timer = setTimeout(() => settle(late), within);
      waiting.add(look);
      look();
    });
  return {
    screen,
    raw: () => raw,
    when,
    async until(wanted: RegExp, within?: number) {
      await when(() => wanted.test(screen()), String(wanted), within);
      return screen();
    },
  };
}

function screenOf({ rows, buffer: { active } }: xterm.Terminal): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    active.getLine(active.viewportY + row)?.translateToString(true),
  );
  return lines.join("\n");
}

async function leftBehind(display: xterm.Terminal, raw: string): Promise<string[]> {
  const cursor = await answer(display, "\x1b[?25$p");
  const { modes, buffer } = display;
  const wrong: Readonly<Record<string, boolean>> = {
    "the alternate screen": buffer.active.type !== "normal",
    "a hidden cursor": !cursor.endsWith("[?25;1$y"),
    "bracketed paste": modes.bracketedPasteMode,
    "mouse reports": modes.mouseTrackingMode !== "none",
    "focus reports": modes.sendFocusMode,
    "synchronized output": modes.synchronizedOutputMode,
    "no wrapping": !modes.wraparoundMode,
    "application cursor keys": modes.applicationCursorKeysMode,
    "coloured or bold text": isStyled(display),
    "raw mode": ENDED.exec(raw)?.[2] !== "restored",
  };
  return Object.keys(wrong).filter((name) => wrong[name]);
}

/** Asks the terminal as a program would: DECRQM, what a mode is set to. */
function answer(display: xterm.Terminal, question: string): Promise<string> {
  return new Promise((resolve) => {
    const listening = display.onData((text) => {
      listening.dispose();
      resolve(text);
    });
    display.write(question);
  });
}

/** Whether the shell's last line carries the program's colours. */
function isStyled({ buffer: { active } }: xterm.Terminal): boolean {
  const row = active.baseY + active.cursorY - 1;
  const cell = active.getLine(row)?.getCell(0);
  return cell === undefined || !cell.isAttributeDefault();
}

function childOf(shell: number): number {
  const children = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim();
  if (!/^\d+$/.test(children)) throw new Error(`the shell has not one child but "${children}"`);
  return Number(children);
}
