import { giveScreenBack, takeScreen } from "../alternate-screen.ts";
import { createPainter } from "./painter.ts";

export interface ScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Whether the terminal is to tell what the mouse does. */
  readonly mouse: boolean;
  /** The rows of the frame as it is now, painted. */
  readonly frame: () => readonly string[];
  failed(error: unknown): void;
}

/** The terminal as long as the workbench has it. */
export interface Screen {
  /** Draws once whoever runs now is done: a key that changes three things is one frame. */
  changed(): void;
  draw(): void;
  /** Lets somebody else have the terminal for a while. */
  lend(): void;
  takeBack(): void;
  leave(): void;
}

/**
 * Draws frames on a terminal. Ink does not: a tree of a text for each row costs it nine tenths of a
 * core when events flood in, and has to be loaded before anything is seen (test/bench/ui).
 */
export function openScreen({ stdin, stdout, mouse, frame, failed }: ScreenOptions): Screen {
  const painter = createPainter((text) => stdout.write(text));
  let ours = true;
  let due = false;
  const draw = (): void => {
    due = false;
    if (!ours) return;
    try {
      painter.paint(frame());
    } catch (error) {
      failed(error);
    }
  };
  const take = (): void => {
    ours = true;
    takeScreen(stdout, mouse);
    painter.forget();
  };
  const giveBack = (): void => {
    ours = false;
    giveScreenBack(stdout);
  };
  take();
  // What is typed before somebody reads keys must not be echoed into the frame (termios(3)).
  stdin.setRawMode?.(true);
  // Terminals wrap anew what they show when they become narrower.
  stdout.on("resize", painter.forget);
  return {
    draw,
    changed() {
      if (!due) queueMicrotask(draw);
      due = true;
    },
    lend: giveBack,
    takeBack() {
      take();
      draw();
    },
    leave() {
      stdout.off("resize", painter.forget);
      if (ours) giveBack();
      // A terminal that was closed has no modes any more.
      if (!stdin.destroyed) stdin.setRawMode?.(false);
    },
  };
}

/** A terminal that does not know its size has the usual one. */
export function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}
